import nacl from 'tweetnacl'

/** For authentication codes: takes the same time wherever they differ. False for different lengths, and for empty ones. */
export const isSame = (a: Uint8Array, b: Uint8Array): boolean => nacl.verify(a, b)

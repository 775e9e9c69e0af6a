/** Bytes that stand in an address themselves ('data:'): nothing is fetched for them. Pure; never throws. */
import type { KeptPicture } from './kept.ts'

const BEGINNING = /^\s*data:image\/[\w.+-]+(?:;[\w-]+=[\w-]+)*;base64,/i

/** Undefined where it is another address, or longer than `most` bytes. */
export function fromDataAddress(address: string, most: number): Uint8Array<ArrayBuffer> | undefined {
  const beginning = BEGINNING.exec(address.slice(0, 200))?.[0]
  if (beginning === undefined || (address.length - beginning.length) * 0.75 > most + 3) return undefined
  try {
    return Uint8Array.from(atob(address.slice(beginning.length)), (sign) => sign.charCodeAt(0))
  } catch {
    // atob() takes nothing but base64; the answer to all else is the same.
    return undefined
  }
}

/** As many as a function takes as arguments everywhere. */
const PART = 0x80_00

export function toDataAddress({ bytes, kind }: Pick<KeptPicture, 'bytes' | 'kind'>): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += PART) text += String.fromCharCode(...bytes.subarray(at, at + PART))
  return `data:image/${kind};base64,${btoa(text)}`
}

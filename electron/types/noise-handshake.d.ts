declare module 'noise-handshake' {
  export interface NoiseKeyPair {
    readonly publicKey: Buffer
    readonly secretKey: Buffer
  }

  /** A Noise handshake state (noiseprotocol.org, revision 34) with BLAKE2b and ChaChaPoly. Every method throws on bad input. */
  export default class Noise {
    constructor(
      pattern: 'XXpsk0',
      initiator: boolean,
      staticKeyPair?: NoiseKeyPair,
      options?: { readonly psk?: Uint8Array },
    )
    readonly s: NoiseKeyPair
    readonly complete: boolean
    /** Set once complete. */
    readonly tx: Buffer | null
    readonly rx: Buffer | null
    readonly hash: Buffer | null
    readonly rs: Buffer | null
    initialise(prologue: Uint8Array): void
    send(payload?: Uint8Array): Buffer
    recv(message: Uint8Array): Buffer
  }
}

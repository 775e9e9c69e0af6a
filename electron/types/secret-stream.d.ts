declare module '@hyperswarm/secret-stream' {
  import type { Duplex } from 'node:stream'

  /** A streamx Duplex of whole messages; of its surface only what is used here is declared. */
  export default class SecretStream {
    constructor(
      initiator: boolean,
      rawStream: Duplex,
      options: {
        readonly handshake: {
          readonly tx: Uint8Array
          readonly rx: Uint8Array
          readonly hash: Uint8Array
          readonly publicKey: Uint8Array
          readonly remotePublicKey: Uint8Array
        }
        /** Milliseconds between keepalives. */
        readonly keepAlive?: number
      },
    )
    /** Milliseconds without a byte from the other side after which the stream is destroyed. */
    setTimeout(ms: number): void
    /** False: wait for 'drain'. */
    write(message: Uint8Array): boolean
    end(): void
    destroy(reason?: Error): void
    readonly destroying: boolean
    on(event: 'data', listener: (message: Buffer) => void): this
    on(event: 'drain' | 'end' | 'close', listener: () => void): this
    on(event: 'error', listener: (error: Error) => void): this
  }
}

// The few globals that browsers and Node share. `shared/` is compiled without DOM and without Node, so that nothing else
// of either can slip in.
interface SharedSubtleCrypto {
  importKey(
    format: 'raw' | 'pkcs8',
    key: Uint8Array,
    algorithm: { name: 'Ed25519' },
    extractable: boolean,
    usages: readonly string[],
  ): Promise<object>
  sign(algorithm: { name: 'Ed25519' }, key: object, data: Uint8Array): Promise<ArrayBuffer>
  verify(algorithm: { name: 'Ed25519' }, key: object, signature: Uint8Array, data: Uint8Array): Promise<boolean>
}
declare const crypto: { getRandomValues<T extends Uint8Array>(array: T): T; readonly subtle?: SharedSubtleCrypto }
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>
}
declare class TextDecoder {
  constructor(label: 'utf-8', options?: { fatal?: boolean })
  decode(bytes: Uint8Array): string
}
declare function setTimeout(run: () => void, milliseconds: number): number
declare function clearTimeout(timer: number | undefined): void
declare function queueMicrotask(run: () => void): void

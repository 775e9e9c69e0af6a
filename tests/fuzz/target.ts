import { equalBytes, toHex, type Bytes } from '../../shared/base/bytes.ts'
import type { Result } from '../../shared/base/errors.ts'

/** 'accepted', or the name under which the input was refused. */
export type Verdict = string

export interface Target {
  readonly name: string
  /** Its part of all inputs; what signs or agrees on keys is slow and gets less. */
  readonly share: number
  readonly samples: readonly Bytes[]
  /** Throws a sentence where a promise is broken. */
  readonly offer: (bytes: Bytes) => Verdict | Promise<Verdict>
  /** False: the limits of memory and steps are not those of shared/wire's codec (another library decodes). */
  readonly counted?: boolean
}

export function must(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(sentence)
}

/** A decoder of ours: what it takes must be the one encoding of what it says. */
export const coding = <Value>(
  name: string,
  share: number,
  samples: readonly Bytes[],
  decode: (bytes: Uint8Array) => Result<Value, string>,
  encode: (value: Value) => Bytes,
): Target => ({
  name,
  share,
  samples,
  offer(bytes) {
    const read = decode(bytes)
    if (!read.ok) return read.error
    const again = encode(read.value)
    must(equalBytes(again, bytes), `${name}: taken, but written again it is ${toHex(again)}`)
    return 'accepted'
  },
})

export const isSample = (samples: readonly Bytes[], bytes: Bytes): boolean =>
  samples.some((sample) => equalBytes(sample, bytes))

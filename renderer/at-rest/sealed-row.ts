/**
 * How a row looks on disk: a box whose plaintext begins with the row's own place (table and primary key), so that a row
 * moved to another place does not open there. Samples of every version are kept in tests/fixtures/at-rest and opened by a
 * test for ever.
 */
import { concat, equalBytes, toHex, utf8, type Bytes } from '../../shared/base/bytes.ts'
import { fail, ok, type Result } from '../../shared/base/errors.ts'
import { derive, hmacSha512 } from '../../shared/crypto/derive.ts'
import { open, seal } from '../../shared/crypto/seal.ts'

const ROW_VERSION = 1
const HEADER = 3

/** 'newer-version': written by a later Teatray. 'row-unreadable': changed, moved, or sealed under another key. */
export type RowProblem = 'row-unreadable' | 'newer-version'

const header = (place: Uint8Array): Bytes =>
  concat(Uint8Array.of(ROW_VERSION, place.length >> 8, place.length & 0xff), place)

/** `place` is at most 65,535 bytes of UTF-8. */
export const sealRow = (key: Uint8Array, place: string, payload: Uint8Array): Bytes =>
  seal(key, concat(header(utf8(place)), payload))

export function openRow(key: Uint8Array, place: string, sealed: unknown): Result<Bytes, RowProblem> {
  const plain = sealed instanceof Uint8Array ? open(key, sealed) : undefined
  if (plain === undefined) return fail('row-unreadable', place)
  if ((plain[0] ?? 0) > ROW_VERSION) return fail('newer-version', place)
  const expected = header(utf8(place))
  if (plain.length < HEADER || !equalBytes(plain.subarray(0, expected.length), expected))
    return fail('row-unreadable', place)
  return ok(plain.slice(expected.length))
}

const NAME_LENGTH = 16
const MAX_REMEMBERED = 10_000

export interface RowKeys {
  seal(place: string, payload: Uint8Array): Bytes
  open(place: string, sealed: unknown): Result<Bytes, RowProblem>
  /**
   * What stands in a primary key instead of an identifier: 32 hexadecimal digits that mean nothing without the key. A thief
   * of two disks cannot tell by them that both people are in one circle.
   */
  name(...parts: readonly (string | number)[]): string
  /** Forgets the keys; nothing opens or seals afterwards. */
  wipe(): void
}

/** Keys of one database from the 32 bytes it is given. */
export function createRowKeys(secret: Uint8Array): RowKeys {
  const sealKey = derive(secret, 'row seal')
  const nameKey = derive(secret, 'row names')
  const names = new Map<string, string>()
  let wiped = false
  const live = <Value>(run: () => Value): Value => {
    if (wiped) throw new Error('The keys of this store were forgotten when it was locked.')
    return run()
  }
  return {
    seal: (place, payload) => live(() => sealRow(sealKey, place, payload)),
    open: (place, sealed) => live(() => openRow(sealKey, place, sealed)),
    name: (...parts) =>
      live(() => {
        // A zero byte stands between the parts and in none of them.
        const joined = parts.join('\0')
        const known = names.get(joined)
        if (known !== undefined) return known
        const name = toHex(hmacSha512(nameKey, utf8(joined)).subarray(0, NAME_LENGTH))
        if (names.size >= MAX_REMEMBERED) names.clear()
        names.set(joined, name)
        return name
      }),
    wipe() {
      wiped = true
      sealKey.fill(0)
      nameKey.fill(0)
      names.clear()
    },
  }
}

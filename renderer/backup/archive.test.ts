import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { concat, randomBytes, utf8, type Bytes } from '../../shared/base/bytes.ts'
import {
  backupKeyOf,
  checkArchive,
  encodeRows,
  readRows,
  verifyArchive,
  writeArchive,
  type ArchiveHeader,
  type ArchiveSource,
  type CheckedArchive,
  type RowsOf,
} from './archive.ts'

const backupKey = backupKeyOf(new Uint8Array(32).fill(7))

const rows = (database: string, table: string, count: number): RowsOf => ({
  database,
  table,
  rows: Array.from({ length: count }, (_, index) => ({
    id: `${table} ${index}`,
    seq: index,
    sealed: new Uint8Array(40 + index).fill(index),
  })),
})

const CHUNKS = [
  rows('teatray', 'entries', 5),
  rows('teatray', 'entries', 3),
  rows('teatray', 'values', 2),
  rows('teatray-notes', 'updates', 4),
]

const headerOf = (chunks: readonly RowsOf[]): ArchiveHeader => {
  const names = [...new Set(chunks.map(({ database }) => database))]
  return {
    createdAt: 1_795_338_870_000,
    appVersion: '0.1.0',
    databases: names.map((name) => {
      const mine = chunks.filter(({ database }) => database === name)
      const tables = [...new Set(mine.map(({ table }) => table))]
      return {
        name,
        version: 1,
        tables: tables.map((table) => ({
          name: table,
          rows: mine.filter((one) => one.table === table).reduce((sum, one) => sum + one.rows.length, 0),
        })),
      }
    }),
    keyring: 'teatray-keyring 1',
  }
}

async function* payloadsOf(chunks: readonly RowsOf[]): AsyncIterable<Bytes> {
  for (const chunk of chunks) yield encodeRows(chunk)
}

async function archive(chunks: readonly RowsOf[] = CHUNKS, key = backupKey): Promise<Bytes> {
  const parts: Bytes[] = []
  await writeArchive({
    header: headerOf(chunks),
    payloads: payloadsOf(chunks),
    backupKey: key,
    write: async (bytes) => {
      parts.push(bytes)
    },
  })
  return concat(...parts)
}

const sourceOf = (bytes: Uint8Array): ArchiveSource => ({
  size: bytes.length,
  read: async (offset, length) => bytes.slice(offset, offset + length),
})

/** What restoring asks before it writes anything. */
async function accepted(bytes: Uint8Array): Promise<string> {
  const checked = await checkArchive(sourceOf(bytes))
  if (!checked.ok) return checked.error
  return verifyArchive(checked.value, backupKey) ? 'accepted' : 'damaged'
}

const opened = async (bytes: Uint8Array): Promise<CheckedArchive> => {
  const checked = await checkArchive(sourceOf(bytes))
  if (!checked.ok) throw new Error(checked.error)
  return checked.value
}

let whole: Bytes
beforeAll(async () => {
  whole = await archive()
})

describe('a backup', () => {
  it('gives back the rows it was made of, in order', async () => {
    const checked = await opened(whole)
    expect(checked.header).toEqual(headerOf(CHUNKS))
    expect(verifyArchive(checked, backupKey)).toBe(true)
    const back: RowsOf[] = []
    const read = await readRows(checked, async (some) => {
      back.push(some)
    })
    expect(read).toEqual({ ok: true, value: undefined })
    expect(back).toEqual(CHUNKS)
    // Each byte string stands alone: a view would bring the whole chunk into every row that is stored.
    for (const { rows: some } of back)
      for (const { sealed } of some) expect((sealed as Bytes).buffer.byteLength).toBe((sealed as Bytes).length)
  })

  it('may hold nothing at all', async () => {
    expect(await accepted(await archive([]))).toBe('accepted')
  })

  it('is not opened by another key', async () => {
    expect(verifyArchive(await opened(whole), backupKeyOf(randomBytes(32)))).toBe(false)
    expect(await accepted(await archive(CHUNKS, backupKeyOf(randomBytes(32))))).toBe('damaged')
  })

  it('of a later version says so, and anything else that it is none', async () => {
    const newer = concat(utf8('teatray-backup 2\n'), whole.subarray(17))
    expect(await accepted(newer)).toBe('newer-version')
    expect(await accepted(concat(utf8('teatray-backup 0\n'), whole.subarray(17)))).toBe('not-a-backup')
    expect(await accepted(new Uint8Array(0))).toBe('not-a-backup')
    expect(await accepted(utf8('A holiday diary.\n'))).toBe('not-a-backup')
    expect(await accepted(utf8('teatray-update 1\n'))).toBe('not-a-backup')
    expect(await accepted(new Uint8Array(1_000_000))).toBe('not-a-backup')
  })
})

describe('of what was changed, nothing is taken', () => {
  it('every single byte, flipped', async () => {
    for (let at = 0; at < whole.length; at++) {
      const flipped = whole.slice()
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8))
      expect(await accepted(flipped), `byte ${at}`).not.toBe('accepted')
    }
  })

  it('every length it can be cut to', async () => {
    for (let length = 0; length < whole.length; length++) {
      const verdict = await accepted(whole.subarray(0, length))
      expect(verdict).toBe(length < 17 ? 'not-a-backup' : 'cut-off')
    }
  })

  it('bytes put in, taken out, written over or moved about, and another backup’s in between', async () => {
    const other = await archive([rows('teatray', 'entries', 8), rows('teatray', 'values', 2), ...CHUNKS.slice(3)])
    const place = fc.nat({ max: whole.length })
    const pieces = fc.oneof(
      fc.record({ kind: fc.constant('insert' as const), at: place, bytes: fc.uint8Array({ minLength: 1 }) }),
      fc.record({ kind: fc.constant('delete' as const), at: place, length: fc.integer({ min: 1, max: 200 }) }),
      fc.record({ kind: fc.constant('write' as const), at: place, bytes: fc.uint8Array({ minLength: 1 }) }),
      fc.record({
        kind: fc.constant('splice' as const),
        at: place,
        from: place,
        length: fc.integer({ min: 1, max: 400 }),
      }),
      fc.record({ kind: fc.constant('join' as const), at: place }),
      fc.record({ kind: fc.constant('repeat' as const), at: place, length: fc.integer({ min: 1, max: 400 }) }),
    )
    const bent = (piece: typeof pieces extends fc.Arbitrary<infer Piece> ? Piece : never): Bytes => {
      const { at } = piece
      const before = whole.subarray(0, at)
      switch (piece.kind) {
        case 'insert':
          return concat(before, piece.bytes, whole.subarray(at))
        case 'delete':
          return concat(before, whole.subarray(at + piece.length))
        case 'write':
          return concat(before, piece.bytes, whole.subarray(at + piece.bytes.length))
        case 'splice':
          return concat(
            before,
            other.subarray(piece.from, piece.from + piece.length),
            whole.subarray(at + piece.length),
          )
        case 'join':
          return concat(before, other.subarray(at))
        case 'repeat':
          return concat(whole.subarray(0, at + piece.length), whole.subarray(at))
      }
    }
    const same = (bytes: Uint8Array, of: Uint8Array): boolean => Buffer.compare(bytes, of) === 0
    await fc.assert(
      fc.asyncProperty(pieces, async (piece) => {
        const bytes = bent(piece)
        const isWhole = same(bytes, whole) || same(bytes, other)
        expect((await accepted(bytes)) === 'accepted').toBe(isWhole)
      }),
      { numRuns: 600 },
    )
  })

  it('whole chunks left out, swapped or said twice, with their sums put right by somebody without the key', async () => {
    const forged = async (chunks: readonly RowsOf[], header = headerOf(chunks)): Promise<Bytes> => {
      const parts: Bytes[] = []
      const write = async (bytes: Bytes): Promise<void> => {
        parts.push(bytes)
      }
      await writeArchive({ header, payloads: payloadsOf(chunks), backupKey: randomBytes(32), write })
      // The true end of the true backup, in place of theirs.
      return concat(...parts.slice(0, -1), whole.subarray(-70))
    }
    const [first, second, third, fourth] = CHUNKS
    for (const chunks of [
      [second, first, third, fourth],
      [first, third, fourth],
      [first, first, third, fourth],
    ])
      expect(await accepted(await forged(chunks as RowsOf[]))).not.toBe('accepted')
    expect(await accepted(await forged([first, second, third] as RowsOf[], headerOf(CHUNKS)))).not.toBe('accepted')
  })

  it('rows that the header does not speak of, or fewer than it speaks of', async () => {
    const miscounted = async (header: ArchiveHeader): Promise<string> => {
      const parts: Bytes[] = []
      const write = async (bytes: Bytes): Promise<void> => {
        parts.push(bytes)
      }
      await writeArchive({ header, payloads: payloadsOf(CHUNKS), backupKey, write })
      return accepted(concat(...parts))
    }
    expect(await miscounted(headerOf([...CHUNKS, rows('teatray', 'values', 1)]))).toBe('damaged')
    expect(await miscounted(headerOf(CHUNKS.slice(1)))).toBe('damaged')
    expect(await miscounted(headerOf(CHUNKS.slice(0, 3)))).toBe('damaged')
  })

  it('a file that becomes another one between checking and reading', async () => {
    const other = await archive([rows('teatray', 'entries', 8), rows('teatray', 'values', 2), ...CHUNKS.slice(3)])
    const checked = await opened(whole)
    const swapped = await readRows({ ...checked, source: sourceOf(other) }, async () => undefined)
    expect(swapped).toMatchObject({ ok: false, error: 'damaged' })
  })

  it('a file that cannot be read any more', async () => {
    const checked = await checkArchive({ size: whole.length, read: () => Promise.reject(new Error('pulled out')) })
    expect(checked).toMatchObject({ ok: false, error: 'unreadable' })
    const empty = await checkArchive({ size: whole.length, read: async () => new Uint8Array(0) })
    expect(empty).toMatchObject({ ok: false, error: 'cut-off' })
  })
})

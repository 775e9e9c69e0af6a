/** What every CircleStore keeps to: `describeStore('Dexie', open)` runs it. See shared/sync/store.ts. */
import { describe, expect, it } from 'vitest'
import { equalBytes, utf8, type Bytes } from '../../shared/base/bytes.ts'
import type { DeviceId, DocumentId, HashId } from '../../shared/base/ids.ts'
import { StoreStopped, type CircleStore, type StoredEntry, type StoredRecord } from '../../shared/sync/store.ts'

export interface OpenedStore {
  readonly store: CircleStore
  /** Closes this store and opens another over the same bytes, as after a restart. Absent: not kept over restarts. */
  reopen?(): Promise<CircleStore>
  /** Makes the next write fail below the interface. Absent: cannot be provoked here. */
  failNextWrite?(): void
  close?(): Promise<void>
}

const device = (digit: string): DeviceId => digit.repeat(32) as DeviceId
const document = (digit: string): DocumentId => digit.repeat(32) as DocumentId
const hashOf = (digit: string, seq: number): HashId => (digit.repeat(32) + seq.toString(16).padStart(32, '0')) as HashId

const entry = (digit: string, seq: number, rest: Partial<StoredEntry> = {}): StoredEntry => ({
  device: device(digit),
  incarnation: 0,
  seq,
  hash: hashOf(digit, seq),
  document: document('d'),
  from: seq,
  bytes: utf8(`${digit}:${seq}`),
  ...rest,
})

const record = (digit: string): StoredRecord => ({ hash: digit.repeat(64) as HashId, bytes: utf8(`record ${digit}`) })
const seqs = (entries: readonly { readonly seq: number }[]): number[] => entries.map(({ seq }) => seq)
const run = (digit: string, from: number, to: number): StoredEntry[] =>
  Array.from({ length: to - from + 1 }, (_, index) => entry(digit, from + index))
const text = (bytes: Bytes | undefined): string | undefined =>
  bytes === undefined ? undefined : new TextDecoder().decode(bytes)
const refused = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )

export function describeStore(name: string, open: () => Promise<OpenedStore>): void {
  const withStore = (test: (opened: OpenedStore) => Promise<void>) => async () => {
    const opened = await open()
    try {
      await test(opened)
    } finally {
      await opened.close?.()
    }
  }

  describe(`CircleStore: ${name}`, () => {
    it(
      'is empty at first',
      withStore(async ({ store }) => {
        expect(await store.records()).toEqual([])
        expect(await store.index()).toEqual([])
        expect(await store.entries({ device: device('a'), incarnation: 0 }, 1, 10)).toEqual([])
        expect(await store.snapshot(document('d'))).toBeUndefined()
        expect(await store.value('x')).toBeUndefined()
      }),
    )

    it(
      'keeps records, once each',
      withStore(async ({ store }) => {
        await store.putRecords([record('1'), record('2')])
        await store.putRecords([record('2'), record('3')])
        const held = (await store.records()).toSorted((a, b) => (a.hash < b.hash ? -1 : 1))
        expect(held).toEqual([record('1'), record('2'), record('3')])
      }),
    )

    it(
      'gives entries of one log in order, from a seq, up to a limit',
      withStore(async ({ store }) => {
        await store.putEntries([...run('a', 1, 12).toReversed(), ...run('b', 1, 3)], { durability: 'relaxed' })
        await store.putEntries([entry('a', 1, { incarnation: 1, bytes: utf8('another incarnation') })], {
          durability: 'strict',
        })
        const log = { device: device('a'), incarnation: 0 }
        expect(await store.entries(log, 1, 100)).toEqual(run('a', 1, 12))
        expect(seqs(await store.entries(log, 9, 2))).toEqual([9, 10])
        expect(seqs(await store.entries(log, 13, 2))).toEqual([])
        expect(text((await store.entries({ ...log, incarnation: 1 }, 0, 9))[0]?.bytes)).toBe('another incarnation')
      }),
    )

    it(
      'indexes every entry by device, incarnation and seq, without bytes',
      withStore(async ({ store }) => {
        const other = entry('a', 2, { incarnation: 1, document: document('e') })
        await store.putEntries([...run('b', 1, 2), other, ...run('a', 1, 11)], { durability: 'relaxed' })
        const index = await store.index()
        const expected = [...run('a', 1, 11), other, ...run('b', 1, 2)].map(({ bytes: _bytes, ...row }) => row)
        expect(index).toEqual(expected)
        expect(index.some((row) => 'bytes' in row)).toBe(false)
      }),
    )

    it(
      'knows the last place of each log',
      withStore(async ({ store }) => {
        const log = { device: device('a'), incarnation: 0 }
        expect(await store.lastSeq(log)).toBe(0)
        await store.putEntries([...run('a', 1, 11), ...run('b', 1, 2)], { durability: 'relaxed' })
        expect(await store.lastSeq(log)).toBe(11)
        expect(await store.lastSeq({ ...log, device: device('b') })).toBe(2)
        expect(await store.lastSeq({ ...log, incarnation: 1 })).toBe(0)
      }),
    )

    it(
      'leaves an entry that is there already as it is',
      withStore(async ({ store }) => {
        await store.putEntries([entry('a', 1)], { durability: 'strict' })
        const impostor = entry('a', 1, { bytes: utf8('impostor'), hash: hashOf('f', 9) })
        await store.putEntries([impostor, entry('a', 2)], { durability: 'relaxed' })
        expect(await store.entries({ device: device('a'), incarnation: 0 }, 1, 10)).toEqual(run('a', 1, 2))
      }),
    )

    it(
      'replaces a run by its fold at once',
      withStore(async ({ store }) => {
        await store.putEntries([...run('a', 1, 5), ...run('b', 1, 5)], { durability: 'strict' })
        const fold = entry('a', 6, { from: 2 })
        await store.putEntries([fold], { durability: 'strict', remove: run('a', 2, 5) })
        const log = { device: device('a'), incarnation: 0 }
        expect(await store.entries(log, 1, 10)).toEqual([entry('a', 1), fold])
        expect(seqs(await store.index())).toEqual([1, 6, 1, 2, 3, 4, 5])
      }),
    )

    it(
      'holds large entries and many of them',
      withStore(async ({ store }) => {
        const large = new Uint8Array(1_000_000).fill(7)
        await store.putEntries([entry('a', 1, { bytes: large })], { durability: 'strict' })
        await store.putEntries(run('b', 1, 1000), { durability: 'relaxed' })
        const [held] = await store.entries({ device: device('a'), incarnation: 0 }, 1, 1)
        expect(equalBytes(held?.bytes ?? new Uint8Array(0), large)).toBe(true)
        const ends = await store.entries({ device: device('b'), incarnation: 0 }, 990, 100)
        expect(seqs(ends)).toEqual([990, 991, 992, 993, 994, 995, 996, 997, 998, 999, 1000])
      }),
    )

    it(
      'replaces snapshots and values',
      withStore(async ({ store }) => {
        await store.putSnapshot(document('d'), utf8('old'))
        await store.putSnapshot(document('d'), utf8('new'))
        await store.putSnapshot(document('e'), utf8('other'))
        await store.setValue('k', utf8('1'))
        await store.setValue('k', utf8('2'))
        await store.setValue('empty', new Uint8Array(0))
        expect(text(await store.snapshot(document('d')))).toBe('new')
        expect(text(await store.snapshot(document('e')))).toBe('other')
        expect(text(await store.value('k'))).toBe('2')
        expect((await store.value('empty'))?.length).toBe(0)
        const [empty, missing, k] = await store.values(['empty', 'missing', 'k'])
        expect([empty?.length, missing, text(k)]).toEqual([0, undefined, '2'])
        expect(await store.values([])).toEqual([])
      }),
    )

    it(
      'keeps its own copy of what it was given',
      withStore(async ({ store }) => {
        const bytes = utf8('mine')
        await store.setValue('k', bytes)
        await store.putEntries([entry('a', 1, { bytes })], { durability: 'strict' })
        bytes.fill(0)
        expect(text(await store.value('k'))).toBe('mine')
        expect(text((await store.entries({ device: device('a'), incarnation: 0 }, 1, 1))[0]?.bytes)).toBe('mine')
      }),
    )

    it(
      'takes writes at the same time without losing one',
      withStore(async ({ store }) => {
        const puts = run('a', 1, 40).map((one) => store.putEntries([one], { durability: 'relaxed' }))
        await Promise.all([...puts, store.setValue('k', utf8('v')), store.putRecords([record('1')])])
        expect(seqs(await store.index())).toEqual(seqs(run('a', 1, 40)))
      }),
    )

    it('is there after a restart', async ({ skip }) => {
      const opened = await open()
      if (opened.reopen === undefined) skip('nothing is kept over restarts')
      await opened.store.putEntries(run('a', 1, 3), { durability: 'strict' })
      await opened.store.putRecords([record('1')])
      await opened.store.putSnapshot(document('d'), utf8('snapshot'))
      await opened.store.setValue('k', utf8('v'))
      const again = (await opened.reopen?.()) ?? opened.store
      expect(await again.entries({ device: device('a'), incarnation: 0 }, 1, 10)).toEqual(run('a', 1, 3))
      expect(await again.records()).toEqual([record('1')])
      expect(text(await again.snapshot(document('d')))).toBe('snapshot')
      expect(text(await again.value('k'))).toBe('v')
      await opened.close?.()
    })

    it('stops for good at the first failed write, and still reads', async ({ skip }) => {
      const opened = await open()
      const { store } = opened
      if (opened.failNextWrite === undefined) skip('a failure cannot be provoked')
      await store.putEntries(run('a', 1, 2), { durability: 'strict' })
      opened.failNextWrite?.()
      expect(await refused(store.putEntries(run('a', 3, 4), { durability: 'strict' }))).toBeDefined()
      expect(await refused(store.putEntries(run('a', 3, 4), { durability: 'strict' }))).toBeInstanceOf(StoreStopped)
      expect(await refused(store.setValue('k', utf8('v')))).toBeInstanceOf(StoreStopped)
      expect(await refused(store.putRecords([record('1')]))).toBeInstanceOf(StoreStopped)
      expect(await refused(store.putSnapshot(document('d'), utf8('s')))).toBeInstanceOf(StoreStopped)
      expect(seqs(await store.entries({ device: device('a'), incarnation: 0 }, 1, 10))).toEqual([1, 2])
      await opened.close?.()
    })
  })
}

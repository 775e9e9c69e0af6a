import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CircleId, DeviceId, EpochId, HashId, MemberId } from '../base/ids.ts'
import { createWriter, decodeAll } from '../wire/codec.ts'
import { NO_HASH, type Entry } from '../wire/entry.ts'
import { createDeletions, readDeletions } from './deletions.ts'
import { chooseRun, trailingSingles } from './fold.ts'
import { checkChain, createLogs, runOf, type LogItem } from './logs.ts'
import { decodeMessage, encodeMessage, type Message } from './messages.ts'
import { decodeSnapshot, encodeSnapshot } from './snapshot.ts'
import { documentId } from './testing.ts'

const device = '01'.repeat(16) as DeviceId
const name = { device, incarnation: 0 }
const hash = (seq: number, branch = 'a'): HashId => (branch.repeat(32) + seq.toString().padStart(32, '0')) as HashId
const item = (seq: number, from = seq, document = documentId('d')): LogItem => ({
  seq,
  from,
  hash: hash(seq),
  document,
})
const logOf = (...items: readonly LogItem[]) => createLogs(items.map((each) => ({ ...name, ...each }))).get(name)

const base = {
  circle: '02'.repeat(16) as CircleId,
  ...name,
  epoch: '03'.repeat(16) as EpochId,
  sealedBody: new Uint8Array(0),
  signature: new Uint8Array(64),
}
const update = (seq: number, previous: HashId): Entry => ({ ...base, kind: 'update', seq, previous })
const fold = (seq: number, foldsFrom: number, previous: HashId, folded: HashId): Entry => ({
  ...base,
  kind: 'fold',
  seq,
  previous,
  foldsFrom,
  folded,
})

describe('a log with a hole', () => {
  const seqs = (items: readonly LogItem[]): number[] => items.map(({ seq }) => seq)
  const logs = (...items: readonly LogItem[]) => createLogs(items.map((each) => ({ ...name, ...each })))

  it('ends at the hole for everybody else, and keeps what lies beyond', () => {
    const log = logs(item(1), item(2), item(4), item(5)).get(name)!
    expect([seqs(log.items), seqs(log.stranded)]).toEqual([
      [1, 2],
      [4, 5],
    ])
    expect(checkChain(log, update(3, hash(2)), hash(3))).toBe('next')
  })

  it('is whole where a fold reaches back over it', () => {
    const log = logs(item(1), item(3), item(6, 2), item(7)).get(name)!
    expect([seqs(log.items), seqs(log.stranded)]).toEqual([[1, 3, 6, 7], []])
  })

  it('is held on as its entries come again, each counted once', () => {
    const held = logs(item(1), item(3), item(4), item(6))
    const draft = held.draft()
    draft.add(name, item(2))
    draft.add(name, item(3))
    draft.commit()
    expect([seqs(held.get(name)!.items), seqs(held.get(name)!.stranded)]).toEqual([
      [1, 2, 3],
      [4, 6],
    ])
    held.add(name, item(5, 2))
    expect([seqs(held.get(name)!.items), seqs(held.get(name)!.stranded)]).toEqual([[1, 2, 3, 4, 5], [6]])
    expect(held.count(device)).toBe(6)
  })
})

describe('checkChain', () => {
  const three = logOf(item(1), item(2), item(3))
  it.each([
    ['the first entry', undefined, update(1, NO_HASH), 'next'],
    ['a first entry that names one before it', undefined, update(1, hash(9)), 'broken'],
    ['the next', three, update(4, hash(3)), 'next'],
    ['the next of another branch', three, update(4, hash(3, 'b')), 'broken'],
    ['one that is held', three, update(2, hash(1)), 'known'],
    ['one after a gap', three, update(6, hash(5)), 'gap'],
    ['a fold of all that is held', three, fold(4, 1, NO_HASH, hash(3)), 'next'],
    ['a fold that ends on another branch', three, fold(4, 1, NO_HASH, hash(3, 'b')), 'broken'],
    ['a fold that begins on another branch', three, fold(9, 3, hash(2, 'b'), hash(8)), 'broken'],
    ['a fold of which half is held', three, fold(9, 3, hash(2), hash(8)), 'next'],
    ['a fold of nothing that is held', three, fold(9, 4, hash(3), hash(8)), 'next'],
    ['a fold after a gap', three, fold(9, 5, hash(4), hash(8)), 'gap'],
    ['what a held fold stands for', logOf(item(9, 1)), update(4, hash(3)), 'covered'],
    ['a fold that begins inside a held one', logOf(item(9, 1)), fold(12, 5, hash(4), hash(11)), 'broken'],
  ])('%s', (_what, log, entry, verdict) => {
    expect(checkChain(log, entry, hash(entry.seq))).toBe(verdict)
  })

  it('sees a fork in another entry for a held place', () => {
    expect(checkChain(three, update(2, hash(1)), hash(2, 'b'))).toBe('fork')
  })
})

describe('runOf', () => {
  it('is the items that stand for exactly a stretch, or nothing', () => {
    expect(runOf(logOf(item(1), item(2), item(3)), 1, 2)?.map(({ seq }) => seq)).toEqual([1, 2])
    expect(runOf(logOf(item(1), item(5, 2), item(6)), 1, 6)?.map(({ seq }) => seq)).toEqual([1, 5, 6])
    expect(runOf(logOf(item(1), item(2), item(5, 1), item(6)), 1, 6)?.map(({ seq }) => seq)).toEqual([1, 2, 5, 6])
    expect(runOf(logOf(item(1), item(3)), 1, 3)).toBeUndefined()
    expect(runOf(logOf(item(5, 1)), 2, 5)).toBeUndefined()
    expect(runOf(logOf(item(1)), 1, 2)).toBeUndefined()
  })
})

describe('a draft', () => {
  it('shows additions before they are committed, and the logs only after', () => {
    const logs = createLogs([{ ...name, ...item(1) }])
    const draft = logs.draft()
    draft.add(name, item(2))
    expect(draft.get(name)?.items.length).toBe(2)
    expect(draft.count(device)).toBe(2)
    expect(logs.heads()).toEqual([{ ...name, seq: 1, hash: hash(1) }])
    draft.commit()
    expect(logs.heads()).toEqual([{ ...name, seq: 2, hash: hash(2) }])
  })
})

describe('chooseRun', () => {
  const seqs = (items: readonly LogItem[] | undefined) => items?.map(({ seq }) => seq)
  it('takes the last entries of one document, and an older fold only when it is not much larger', () => {
    expect(chooseRun([item(1)])).toBeUndefined()
    expect(chooseRun([])).toBeUndefined()
    expect(seqs(chooseRun([item(1), item(2), item(3)]))).toEqual([1, 2, 3])
    expect(seqs(chooseRun([item(1, 1, documentId('e')), item(2), item(3)]))).toEqual([2, 3])
    expect(seqs(chooseRun([item(65, 1), item(66), item(67)]))).toEqual([66, 67])
    expect(seqs(chooseRun([item(3, 1), item(4), item(5)]))).toEqual([3, 4, 5])
    expect(trailingSingles([item(65, 1), item(66), item(67)])).toBe(2)
  })

  it('rewrites each edit few times', () => {
    let items: LogItem[] = []
    let written = 0
    for (let seq = 1; seq <= 5000; seq++) {
      items.push(item(seq))
      if (trailingSingles(items) < 64) continue
      const run = chooseRun(items) ?? []
      const from = run[0]?.from ?? seq
      seq += 1
      written += seq - from
      items = [...items.slice(0, items.length - run.length), item(seq, from)]
    }
    expect(written / 5000).toBeLessThan(8)
    expect(items.length).toBeLessThan(80)
  })
})

describe('deletions', () => {
  it('say for every clock the lowest of those who deleted it, whatever the order, and read back', () => {
    const range = fc.record({
      clock: fc.nat(60),
      length: fc.integer({ min: 1, max: 15 }),
      by: fc.constantFrom('a', 'b', 'c'),
    })
    fc.assert(
      fc.property(fc.array(range, { maxLength: 30 }), (ranges) => {
        const member = (by: string): MemberId => by.repeat(32) as MemberId
        const deletions = createDeletions()
        for (const { clock, length, by } of ranges) deletions.add([{ client: 7, clock, length }], member(by))
        const writer = createWriter()
        deletions.write(writer)
        const read = decodeAll(writer.done(), readDeletions)
        for (let clock = 0; clock < 80; clock++) {
          const by = ranges
            .filter((each) => each.clock <= clock && clock < each.clock + each.length)
            .map((each) => member(each.by))
            .toSorted()[0]
          expect(deletions.by(7, clock)).toBe(by)
          expect(read.ok && read.value.by(7, clock)).toBe(by)
        }
        expect(deletions.by(8, 0)).toBeUndefined()
      }),
    )
  })
})

describe('codecs of snapshots and session messages', () => {
  it('read back what they wrote', () => {
    const tag = '0a'.repeat(16)
    const place = { ...name, seq: 9 }
    const messages: readonly Message[] = [
      { type: 'hello', offers: [{ tag, epochHint: '0b'.repeat(16), sealed: Uint8Array.of(1, 2) }] },
      { type: 'refused', tag, reason: 'removed' },
      { type: 'record-hashes', tag, hashes: [hash(1), hash(2)] },
      { type: 'records', tag, records: [Uint8Array.of(1), Uint8Array.of()] },
      { type: 'have', tag, heads: [{ ...place, prefix: '0c'.repeat(8) }], forks: [hash(3)] },
      { type: 'want', tag, wants: [{ ...name, from: 3, limit: 0 }], forks: [] },
      { type: 'entries', tag, part: 'end', entries: [Uint8Array.of(4)] },
      { type: 'presence', tag, sealed: Uint8Array.of(5) },
    ]
    for (const message of messages) expect(decodeMessage(encodeMessage(message))).toEqual({ ok: true, value: message })
    const snapshot = encodeSnapshot({ covered: [place], deletions: createDeletions(), state: Uint8Array.of(1) })
    expect(decodeSnapshot(snapshot)).toMatchObject({ ok: true, value: { covered: [place], state: Uint8Array.of(1) } })
    expect(decodeSnapshot(Uint8Array.of(9, ...snapshot.slice(1)))).toMatchObject({ ok: false, error: 'other-version' })
  })

  it('never throw', () => {
    const answers = (bytes: Uint8Array): boolean =>
      typeof decodeMessage(bytes).ok === 'boolean' && typeof decodeSnapshot(bytes).ok === 'boolean'
    expect(() => fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), answers), { numRuns: 2000 })).not.toThrow()
  })
})

import { describe, expect, it } from 'vitest'
import type { DeviceId, HashId } from '../base/ids.ts'
import type { Message } from './messages.ts'
import type { Replica } from './replica.ts'
import { createEntrySender } from './send-entries.ts'
import type { StoredEntry } from './store.ts'
import { documentId } from './testing.ts'

const device = 'd'.repeat(32) as DeviceId
const entry = (seq: number, size: number): StoredEntry => ({
  device,
  incarnation: 0,
  seq,
  from: seq,
  document: documentId('a'),
  hash: 'e'.repeat(64) as HashId,
  bytes: new Uint8Array(size),
})

/** Answers one want for a whole log of entries of these sizes, and notes how much was read at once. */
async function answerTo(sizes: readonly number[]) {
  const log = sizes.map((size, at) => entry(at + 1, size))
  const reads: number[] = []
  const replica = {
    forks: () => ({ entries: () => [] }),
    read: (_log: unknown, from: number, limit: number) => {
      const found = log.filter(({ seq }) => seq >= from).slice(0, limit)
      reads.push(found.reduce((sum, { bytes }) => sum + bytes.length, 0))
      return Promise.resolve(found)
    },
  } as unknown as Replica
  const sent: Message[] = []
  const over = new Promise<void>((resolve) => {
    const sender = createEntrySender({
      replica,
      tag: 'a'.repeat(32),
      theyFollow: () => true,
      theirSeq: () => 0,
      send: (message) => {
        sent.push(message)
        if (message.type === 'entries' && message.part === 'end') resolve()
        return Promise.resolve()
      },
      refuse: (reason) => {
        throw new Error(reason)
      },
    })
    sender.answer([{ device, incarnation: 0, from: 1, limit: 0 }], [])
  })
  await over
  const entries = sent.flatMap((message) => (message.type === 'entries' ? message.entries : []))
  return { reads, entries, sent }
}

const MIB = 1024 * 1024

describe('an answer', () => {
  it('of pictures reads a few, not sixty-four', async () => {
    const { reads, entries } = await answerTo(Array.from({ length: 80 }, () => 4 * MIB))
    expect(entries.length).toBe(1)
    expect(reads).toEqual([16 * MIB])
  })

  it('of typing takes few reads, and stops at about a mebibyte', async () => {
    const { reads, entries } = await answerTo(Array.from({ length: 20_000 }, () => 300))
    const bytes = entries.reduce((sum, { length }) => sum + length, 0)
    expect(bytes).toBeGreaterThanOrEqual(MIB)
    expect(bytes).toBeLessThan(MIB + 300)
    expect(reads.length).toBeLessThan(130)
  })

  it('of both never reads far more than it sends', async () => {
    const { reads, entries } = await answerTo(Array.from({ length: 500 }, (_, at) => (at % 5 === 4 ? 200_000 : 200)))
    const bytes = entries.reduce((sum, { length }) => sum + length, 0)
    expect(bytes).toBeGreaterThanOrEqual(MIB)
    expect(reads.reduce((sum, size) => sum + size, 0)).toBeLessThan(4 * MIB)
  })
})

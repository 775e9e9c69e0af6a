/** What is sent of the logs: answers to what was asked, and one's own new entries at once. */
import type { Bytes } from '../base/bytes.ts'
import type { HashId } from '../base/ids.ts'
import { inMessages } from './in-messages.ts'
import { logKey, type LogKey, type LogName } from './logs.ts'
import { MAX_ENTRIES_IN_MESSAGE, type CircleTag, type Message, type Want } from './messages.ts'
import type { Replica } from './replica.ts'
import type { StoredEntry } from './store.ts'

/** Bytes of entries in one message, and in the whole answer to one want: the asker asks again, so a slow one is never flooded. */
const MESSAGE_BYTES = 256 * 1024
const ANSWER_BYTES = 1024 * 1024
/** Bytes pushed unasked that may wait for the link; what is over is fetched by the other when it can. */
const PUSH_BYTES = 1024 * 1024
/** Entries read at once, the first time and at most. */
const FIRST_READ = 4
const MOST_READ = 32

/** As many as were never more than `left` bytes together so far: pictures are read one by one, and typing by the dozen. */
const nextRead = (left: number, largest: number, before: number): number =>
  Math.max(1, Math.min(MOST_READ, 2 * before, Math.floor(left / Math.max(1, largest))))

export interface EntrySender {
  answer(wants: readonly Want[], forks: readonly HashId[]): void
  push(entries: readonly StoredEntry[]): void
  /** What was pushed before was not read. */
  restart(): void
  stop(): void
}

export function createEntrySender(options: {
  readonly replica: Replica
  readonly tag: CircleTag
  /** The last seq that they say they have. */
  readonly theirSeq: (log: LogName) => number
  readonly theyFollow: (log: LogName) => boolean
  readonly send: (message: Message) => Promise<void>
  readonly refuse: (reason: string) => void
}): EntrySender {
  const { replica, tag, send, refuse } = options
  const pushed = new Map<LogKey, number>()
  let answering = false
  let pushing = 0
  let stopped = false

  const sendAll = async (entries: readonly Bytes[]): Promise<void> => {
    for (const some of inMessages(entries, MESSAGE_BYTES, MAX_ENTRIES_IN_MESSAGE)) {
      await send({ type: 'entries', tag, part: 'answer', entries: some })
    }
  }
  const sendForks = async (hashes: readonly HashId[]): Promise<void> => {
    const wanted = new Set(hashes)
    const kept = replica.forks().entries()
    await sendAll(kept.flatMap(({ hash, bytes }) => (wanted.has(hash) ? [bytes] : [])))
  }

  /** Resolves to the bytes sent: at most `most`, and the rest of one entry more. */
  const sendLog = async ({ device, incarnation, from, limit }: Want, most: number): Promise<number> => {
    let next = from
    let count = limit === 0 ? Number.POSITIVE_INFINITY : limit
    let sent = 0
    let largest = 0
    let reading = FIRST_READ
    while (sent < most && count > 0 && !stopped) {
      const asked = Math.min(count, reading)
      const found = await replica.read({ device, incarnation }, next, asked)
      const taken: StoredEntry[] = []
      for (const entry of found) {
        if (sent >= most) break
        sent += entry.bytes.length
        largest = Math.max(largest, entry.bytes.length)
        taken.push(entry)
      }
      await sendAll(taken.map(({ bytes }) => bytes))
      const last = taken.at(-1)
      if (last === undefined || found.length < asked) break
      next = last.seq + 1
      count -= taken.length
      reading = nextRead(most - sent, largest, reading)
    }
    return sent
  }

  const answer = async (wants: readonly Want[], forks: readonly HashId[]): Promise<void> => {
    await sendForks(forks)
    let left = ANSWER_BYTES
    for (const want of wants) {
      if (left <= 0) break
      left -= await sendLog(want, left)
    }
    await send({ type: 'entries', tag, part: 'end', entries: [] })
  }

  return {
    answer: (wants, forks) => {
      if (answering) return refuse('impatient')
      answering = true
      answer(wants, forks)
        .catch(() => refuse('read-failed'))
        .finally(() => {
          answering = false
        })
    },
    push: (entries) => {
      for (const entry of entries) {
        const key = logKey(entry)
        const reached = Math.max(options.theirSeq(entry), pushed.get(key) ?? 0)
        if (reached < entry.from - 1 || reached >= entry.seq || pushing > PUSH_BYTES || !options.theyFollow(entry))
          continue
        pushed.set(key, entry.seq)
        pushing += entry.bytes.length
        void send({ type: 'entries', tag, part: 'pushed', entries: [entry.bytes] }).finally(() => {
          pushing -= entry.bytes.length
        })
      }
    },
    restart: () => pushed.clear(),
    stop: () => {
      stopped = true
    },
  }
}

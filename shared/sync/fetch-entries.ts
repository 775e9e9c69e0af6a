/**
 * What the other says it has, and asking for what we lack of it. One question at a time, each log from one connection only.
 * Whoever claims what it does not deliver is asked less and less, and its claims do not count as something we lack.
 */
import type { Bytes } from '../base/bytes.ts'
import type { HashId } from '../base/ids.ts'
import { decodeEntry } from '../wire/entry.ts'
import { MAX_HEADS } from '../wire/limits.ts'
import type { Claims } from './claims.ts'
import { logKey, type LogKey, type LogName } from './logs.ts'
import { headPrefix, MAX_FORKS, type CircleTag, type HeadHint, type Message, type Want } from './messages.ts'
import type { Replica } from './replica.ts'
import type { Timers } from './timers.ts'

const ANSWER_WITHIN_MS = 20_000
/** Before one that did not deliver a log is asked for it again: doubled each time, and never without new words of its own. */
const FIRST_PAUSE_MS = 20_000
const LONGEST_PAUSE_MS = 600_000
/** A device that invents logs or forks gets no memory for them. */
const MAX_LOGS = 16 * MAX_HEADS
const MAX_QUESTIONS = 4096

interface Doubt {
  readonly times: number
  readonly isPaused: boolean
  readonly cancel: () => void
}

export interface FetchCounts {
  readonly theyLack: number
  /** Claims that count: not those of logs that it did not deliver. */
  readonly weLack: number
  /** Changes claimed and not delivered. */
  readonly withheld: number
  readonly theirHeads: readonly HeadHint[]
}

export interface EntryFetcher {
  theirSeq(log: LogName): number
  onHeads(heads: readonly HeadHint[]): void
  onForks(forks: readonly HashId[]): void
  onEntries(entries: readonly Bytes[], part: 'pushed' | 'answer' | 'end'): Promise<void>
  /** Asks for whatever may be asked for now. */
  ask(): void
  /** What could not be taken may be taken now: records have come. */
  retry(): void
  counts(): FetchCounts
  /** Lets others fetch what was being fetched here. */
  letGo(): void
  stop(): void
}

export function createEntryFetcher(options: {
  readonly replica: Replica
  readonly timers: Timers
  readonly claims: Claims
  readonly tag: CircleTag
  readonly isProved: () => boolean
  /** What was delivered and not taken may still be waiting for records or keys that honest people lack. */
  readonly mayWait: () => boolean
  /** What is in this log cannot be understood here, and is not lacking. */
  readonly isBeyond: (log: LogName) => boolean
  /** Nor can what is in this one by them. */
  readonly theyFollow: (log: LogName) => boolean
  readonly send: (message: Message) => Promise<void>
  readonly refuse: (reason: string) => void
}): EntryFetcher {
  const { replica, timers, claims, tag, isProved, send, refuse } = options
  const self = {}
  const heads = new Map<LogKey, HeadHint>()
  /** Asked for without progress, and how far we were: not asked for again until something changes. */
  const stuck = new Map<LogKey, number>()
  const doubts = new Map<LogKey, Doubt>()
  /** Logs of which the other holds another branch: nothing to fetch there, and no lack that could end. */
  const diverged = new Set<LogKey>()
  const asked = new Set<string>()
  const questions: Want[] = []
  const forksToAsk: HashId[] = []
  let asking: readonly Want[] | undefined
  let delivered = new Set<LogKey>()
  let cancelPatience = (): void => undefined
  let stopped = false

  const mySeqs = (): ReadonlyMap<LogKey, number> => new Map(replica.heads().map((head) => [logKey(head), head.seq]))
  /** False: asked before, or more than anybody has to ask. */
  const isNewQuestion = (question: string): boolean => {
    if (asked.has(question) || asked.size >= MAX_QUESTIONS) return false
    asked.add(question)
    return true
  }

  /** Where their head and our entry of the same place differ, one of their entries is the proof of a fork. */
  const proofsToAsk = (): Want[] =>
    [...heads.values()].flatMap((head) => {
      const mine = replica.itemAt(head)
      if (mine === undefined || headPrefix(mine.hash) === head.prefix || replica.forks().has(head)) return []
      if (!isNewQuestion(`${logKey(head)} ${head.prefix}`)) return []
      diverged.add(logKey(head))
      return [{ device: head.device, incarnation: head.incarnation, from: head.seq, limit: 1 }]
    })

  const isWorthAsking = (key: LogKey, head: HeadHint, have: number): boolean =>
    head.seq > have &&
    !options.isBeyond(head) &&
    stuck.get(key) !== have &&
    doubts.get(key)?.isPaused !== true &&
    !diverged.has(key)

  const ask = (): void => {
    if (!isProved() || asking !== undefined || stopped) return
    const mine = mySeqs()
    const wants: Want[] = [...proofsToAsk(), ...questions.splice(0, MAX_HEADS)].slice(0, MAX_HEADS)
    for (const [key, head] of heads) {
      const have = mine.get(key) ?? 0
      if (wants.length >= MAX_HEADS || !isWorthAsking(key, head, have) || !claims.take(key, self)) continue
      wants.push({ device: head.device, incarnation: head.incarnation, from: have + 1, limit: 0 })
    }
    const forks = forksToAsk.splice(0, MAX_FORKS)
    if (wants.length === 0 && forks.length === 0) return
    asking = wants
    delivered = new Set()
    void send({ type: 'want', tag, wants, forks })
    awaitAnswer()
  }

  /** One who says it has something and does not send it must not keep us from asking somebody else. */
  const awaitAnswer = (): void => {
    cancelPatience()
    cancelPatience = timers.after(ANSWER_WITHIN_MS, () => {
      refuse('no-answer')
      answered()
    })
  }

  const doubt = (key: LogKey): void => {
    const before = doubts.get(key)
    before?.cancel()
    const times = (before?.times ?? 0) + 1
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(times - 1, 10))
    const cancel = timers.after(pause, () => {
      doubts.set(key, { times, isPaused: false, cancel: () => undefined })
      ask()
    })
    doubts.set(key, { times, isPaused: true, cancel })
  }
  const trust = (key: LogKey): void => {
    doubts.get(key)?.cancel()
    doubts.delete(key)
    stuck.delete(key)
  }

  const judge = (wants: readonly Want[]): void => {
    const mine = mySeqs()
    for (const { from, limit, ...log } of wants) {
      if (limit !== 0) continue
      const key = logKey(log)
      const have = mine.get(key) ?? 0
      if (have >= from) trust(key)
      else {
        // Whatever is wrong with it must not be asked for over and over.
        stuck.set(key, have)
        if (!delivered.has(key) || !options.mayWait()) doubt(key)
      }
    }
  }

  const letGo = (): void => {
    asking = undefined
    cancelPatience()
    claims.release(self)
  }
  const answered = (): void => {
    if (asking !== undefined) judge(asking)
    letGo()
    ask()
  }

  /** Their entry does not follow ours: then theirs at the place of our head is another one. */
  const askForBranch = (log: LogName): void => {
    const head = replica.heads().find((each) => logKey(each) === logKey(log))
    if (head === undefined || !isNewQuestion(`${logKey(log)} branch`)) return
    diverged.add(logKey(log))
    questions.push({ device: log.device, incarnation: log.incarnation, from: head.seq, limit: 1 })
  }

  return {
    theirSeq: (log) => heads.get(logKey(log))?.seq ?? 0,
    onHeads: (news) => {
      for (const head of news) {
        const key = logKey(head)
        const before = heads.get(key)
        if (before === undefined && heads.size >= MAX_LOGS) return refuse('too-many-logs')
        heads.set(key, head)
        if (before?.seq !== head.seq || before.prefix !== head.prefix) stuck.delete(key)
      }
      ask()
    },
    onForks: (forks) => {
      for (const each of forks) if (isNewQuestion(each)) forksToAsk.push(each)
      ask()
    },
    onEntries: async (entries, part) => {
      for (const bytes of entries) {
        const entry = decodeEntry(bytes)
        if (entry.ok) delivered.add(logKey(entry.value))
      }
      if (entries.length > 0) {
        const report = await replica.receive(entries)
        for (const { reason, device, incarnation, seq } of report.refused) {
          refuse(reason)
          if (reason === 'chain-broken' && device !== undefined && incarnation !== undefined && seq !== undefined) {
            askForBranch({ device, incarnation })
          }
        }
      }
      if (part === 'end') answered()
      else if (asking !== undefined) awaitAnswer()
    },
    ask,
    retry: () => {
      stuck.clear()
      ask()
    },
    counts: () => {
      const mine = replica.heads()
      const seqs = mySeqs()
      let weLack = 0
      let withheld = 0
      const theirHeads: HeadHint[] = []
      for (const [key, head] of heads) {
        if (options.isBeyond(head)) continue
        const have = seqs.get(key) ?? 0
        const lack = diverged.has(key) ? 0 : Math.max(0, head.seq - have)
        if (doubts.has(key)) withheld += lack
        else weLack += lack
        theirHeads.push(doubts.has(key) ? { ...head, seq: Math.min(head.seq, have) } : head)
      }
      const theyLack = mine
        .filter((head) => !diverged.has(logKey(head)) && options.theyFollow(head))
        .reduce((sum, head) => sum + Math.max(0, head.seq - (heads.get(logKey(head))?.seq ?? 0)), 0)
      return { theyLack, weLack, withheld, theirHeads }
    },
    letGo,
    stop: () => {
      // Left without an answer: what it claimed of these logs is not remembered as something we lack.
      if (asking !== undefined) judge(asking)
      stopped = true
      letGo()
      for (const { cancel } of doubts.values()) cancel()
    },
  }
}

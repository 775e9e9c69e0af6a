/** Tells the other what is held here, as it changes: so it also acknowledges what the other sent. */
import type { HashId } from '../base/ids.ts'
import { MAX_HEADS } from '../wire/limits.ts'
import { hintOf } from './hello.ts'
import { logKey, type Head, type LogKey, type LogName } from './logs.ts'
import { MAX_FORKS, type CircleTag, type Message } from './messages.ts'
import type { Replica } from './replica.ts'
import type { Timers } from './timers.ts'

const HAVE_AFTER_MS = 100

export interface HeadTeller {
  /** Says everything but `told` at once, and from then on what is new. */
  begin(told: readonly Head[]): void
  soon(): void
  stop(): void
}

export function createHeadTeller(options: {
  readonly replica: Replica
  readonly timers: Timers
  readonly tag: CircleTag
  readonly isProved: () => boolean
  /** They can read such a log; of another they are told nothing. */
  readonly theyFollow: (log: LogName) => boolean
  readonly send: (message: Message) => Promise<void>
}): HeadTeller {
  const { replica, timers, tag, isProved, theyFollow, send } = options
  const told = new Map<LogKey, number>()
  const toldForks = new Set<HashId>()
  let cancel: (() => void) | undefined

  const tell = (): void => {
    cancel?.()
    cancel = undefined
    if (!isProved()) return
    const news = replica.heads().filter((head) => told.get(logKey(head)) !== head.seq && theyFollow(head))
    const forks = replica
      .forks()
      .entries()
      .filter(({ place }) => theyFollow(place))
      .map((fork) => fork.hash)
      .filter((each) => !toldForks.has(each))
      .slice(0, MAX_FORKS)
    for (const head of news) told.set(logKey(head), head.seq)
    for (const each of forks) toldForks.add(each)
    for (let at = 0; at === 0 || at < news.length; at += MAX_HEADS) {
      const part = news.slice(at, at + MAX_HEADS)
      if (part.length > 0 || forks.length > 0) {
        void send({ type: 'have', tag, heads: part.map(hintOf), forks: at === 0 ? forks : [] })
      }
    }
  }

  return {
    begin: (already) => {
      told.clear()
      toldForks.clear()
      for (const head of already) told.set(logKey(head), head.seq)
      tell()
    },
    soon: () => {
      cancel ??= timers.after(HAVE_AFTER_MS, tell)
    },
    stop: () => cancel?.(),
  }
}

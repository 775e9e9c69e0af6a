/**
 * Who may begin a connection with whom. Of two computers the one with the lower name offers: then exactly one end is the
 * initiator, two offers never cross (after which y-webrtc's own channels do not meet), and Link.initiator is known.
 */
import type { Connection } from './connection.ts'
import { MAX_NONCES_REMEMBERED, MAX_UNANSWERED } from './limits.ts'
import type { Signal } from './signal.ts'

export type Verdict =
  | { readonly do: 'pass' }
  /** The other has the lower name and does not know of us: ask it to begin. */
  | { readonly do: 'announce-to'; readonly to: string }
  | { readonly do: 'drop'; readonly because?: string }
  /** Something must go first: a connection the other has given up, or the oldest that nobody answered. */
  | { readonly do: 'replace'; readonly remoteId: string }

const pass: Verdict = { do: 'pass' }
const drop = (because?: string): Verdict => (because === undefined ? { do: 'drop' } : { do: 'drop', because })

function onAnnounce(
  from: string,
  addressed: boolean,
  ownId: string,
  connections: ReadonlyMap<string, Connection>,
): Verdict {
  if (connections.has(from)) return drop()
  if (ownId > from) return addressed ? drop() : { do: 'announce-to', to: from }
  return withinLimit(connections, (connection) => connection.initiator && connection.unanswered())
}

function onOffer(from: string, ownId: string, connections: ReadonlyMap<string, Connection>): Verdict {
  if (ownId < from) return drop('offer from the wrong side')
  if (connections.has(from)) return { do: 'replace', remoteId: from }
  return withinLimit(connections, (connection) => !connection.initiator && connection.link() === undefined)
}

/** Forged announces are never answered: where there are too many, the oldest makes room, so that a real one still gets in. */
function withinLimit(
  connections: ReadonlyMap<string, Connection>,
  counts: (connection: Connection) => boolean,
): Verdict {
  const counted = [...connections.values()].filter(counts)
  const oldest = counted[0]
  return counted.length < MAX_UNANSWERED || oldest === undefined ? pass : { do: 'replace', remoteId: oldest.remoteId }
}

/** `connections` in the order in which they began. */
export function judgeSignal(signal: Signal, ownId: string, connections: ReadonlyMap<string, Connection>): Verdict {
  if (signal.from === ownId || (signal.to !== undefined && signal.to !== ownId)) return drop()
  if (signal.type === 'announce') return onAnnounce(signal.from, signal.to !== undefined, ownId, connections)
  if (signal.type === 'offer') return onOffer(signal.from, ownId, connections)
  return connections.get(signal.from)?.awaitsAnswer() === true ? pass : drop('answer nobody waits for')
}

/** Remembers the nonces of a while: the signalling server cannot open messages, but could send them again. */
export function createReplayFilter(): (nonce: string) => boolean {
  const seen = new Set<string>()
  return (nonce) => {
    if (seen.has(nonce)) return false
    seen.add(nonce)
    const [oldest] = seen
    if (seen.size > MAX_NONCES_REMEMBERED && oldest !== undefined) seen.delete(oldest)
    return true
  }
}

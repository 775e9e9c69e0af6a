/**
 * Which entries of devices that were taken out others say they had, each by its hash: a place alone could be named before
 * anything was written there. Only of those devices: of all others nobody asks.
 */
import type { DeviceId, DocumentId, HashId } from '../base/ids.ts'
import { seenOf, type Entry, type Place, type Seen } from '../wire/entry.ts'
import { logKey } from './logs.ts'

/**
 * Where entries go that say only what their author had: a document that nobody opens, with an id that no random one takes. They are
 * never folded: each of their words must last.
 */
export const ONLY_SEEN = 'f'.repeat(32) as DocumentId

/** By author; `lasts`: in an entry that is never folded away. */
export type Words = Map<DeviceId, Map<string, { readonly lasts: boolean }>>

export type Named = Place & { readonly hash: HashId }

/**
 * Entries that are remembered of what one device says it had. Which of more are left out depends on the order they came in, and does
 * no harm: whoever merged something by such a word says so itself.
 */
export const MAX_WORDS = 16_384

const wordOf = (seen: Seen): string => `${logKey(seen)}/${seen.seq}/${seen.prefix}`

export function noteWords(words: Words, by: DeviceId, seen: readonly Seen[], lasts: boolean): void {
  if (seen.length === 0) return
  const known = words.get(by) ?? new Map<string, { lasts: boolean }>()
  words.set(by, known)
  for (const each of seen) {
    const word = wordOf(each)
    const before = known.get(word)
    if (before === undefined ? known.size < MAX_WORDS : lasts && !before.lasts) known.set(word, { lasts })
  }
}

/** Whether anybody whose word counts for its author says that they had this very entry. */
export function isNamed(
  words: Words,
  entry: Named,
  mayVouch: (voucher: DeviceId, removed: DeviceId) => boolean,
  onlyLasting = false,
): boolean {
  const word = wordOf(seenOf(entry))
  for (const [voucher, said] of words) {
    const known = said.get(word)
    if (known !== undefined && (known.lasts || !onlyLasting) && mayVouch(voucher, entry.device)) return true
  }
  return false
}

interface Link {
  readonly entry: Entry
  readonly hash: HashId
}

/**
 * These and what leads up to them, link by link: whoever had an entry had what its hash stands on. A fold stands on what it folds as
 * much as on what was before it.
 */
export function withWhatLeadsUp(links: readonly Link[], isFirst: (link: Link) => boolean): ReadonlySet<HashId> {
  const byHash = new Map(links.map((link) => [link.hash, link]))
  const found = new Set(links.filter(isFirst).map(({ hash }) => hash))
  // A set hands out what is added while it is gone through.
  for (const hash of found) {
    const entry = byHash.get(hash)?.entry
    if (entry === undefined) continue
    for (const before of entry.kind === 'fold' ? [entry.previous, entry.folded] : [entry.previous]) {
      const link = byHash.get(before)
      if (link !== undefined && logKey(link.entry) === logKey(entry)) found.add(before)
    }
  }
  return found
}

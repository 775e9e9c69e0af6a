/**
 * What is said about a paper: comments and answers, other words that somebody proposes, and who says that they have read it. An entry
 * has no field for who says it: it is whoever signed it, so nobody can speak in another's name. Nothing is ever taken out: what its
 * author takes back is no longer shown.
 */
import type * as Y from 'yjs'
import type { MemberId } from '../../../../../shared/base/ids.ts'
import type { Attribution } from '../../../../../shared/model/contexts.ts'
import { type Entry, grouped, isCount, isEntry, isTime, type PlacedEntry, readEntries, shortText } from '../entries.ts'
import { type Anchor, readAnchor } from './anchor.ts'
import type { Replacement } from './rewording.ts'

export const ENTRIES = 'talk'
export const FORMAT = 1
/** A page and a half: more is a paper of its own. */
export const LONGEST_SAID = 4000
/** Longer paragraphs can be commented on, and are best cut in two. */
export const LONGEST_PROPOSED = 10_000
/** More would be another paragraph. */
const MOST_CHANGES = 500
const LONGEST_ID = 100

const KINDS = [
  ...(['comment', 'reply', 'rewritten', 'settled', 'reopened', 'taken-back'] as const),
  ...(['read', 'proposal', 'accepted', 'declined'] as const),
] as const
type Kind = (typeof KINDS)[number]

/** One person's act at one time, by the clock of their computer. */
export interface Act {
  readonly id: string
  /** Undefined where no signed entry says. */
  readonly by: MemberId | undefined
  /** Milliseconds; for display only. */
  readonly at: number
}

export interface Said extends Act {
  /** As its author last wrote it. */
  readonly text: string
  readonly isRewritten: boolean
  readonly isTakenBack: boolean
}

export interface Comment extends Said {
  /** Undefined: about all of the paper, or nobody can say about what. */
  readonly anchor: Anchor | undefined
  /** About chosen words, also where they cannot be found. */
  readonly isAboutWords: boolean
  readonly replies: readonly Said[]
  readonly settled: Act | undefined
}

/** Somebody says that they used the proposed words. */
export interface Acceptance extends Act {
  readonly client: number
  /** Of the first and after the last of what they wrote with it, in their own writing. */
  readonly from: number
  readonly clock: number
}

/** Other words for one paragraph, as they were proposed; proposal.ts says what became of them. */
export interface Proposed extends Act {
  /** What is to be taken out of the paragraph's words and put in. */
  readonly changes: readonly Replacement[]
  /** Empty: none was given. */
  readonly reason: string
  /** Client and clock of the paragraph. */
  readonly block: { readonly client: number; readonly clock: number }
  /** When it was proposed, as Y.encodeSnapshotV2 writes it. */
  readonly snapshot: Uint8Array
  /** Of the proposal that it is made in place of; empty: of none. */
  readonly instead: string
  readonly isTakenBack: boolean
  readonly replies: readonly Said[]
  readonly acceptances: readonly Acceptance[]
  readonly declined: readonly (Act & { readonly reason: string })[]
}

export interface Reading extends Act {
  /** The paper as they read it, as Y.encodeSnapshotV2 writes it. */
  readonly snapshot: Uint8Array
}

export interface Talk {
  /** In the order in which they were begun. */
  readonly comments: readonly Comment[]
  readonly proposed: readonly Proposed[]
  /** The last of each person who has not taken it back. */
  readonly readings: readonly Reading[]
  /** How many entries this version of Teatray does not know how to read. */
  readonly unknown: number
}

interface Read extends Omit<PlacedEntry, 'value'>, Act {
  readonly kind: Kind
  /** Empty: about none. */
  readonly to: string
  readonly text: string
  readonly value: Entry
}

const SAYING: readonly Kind[] = ['comment', 'reply', 'rewritten']
const BEGINNING: readonly Kind[] = ['comment', 'proposal', 'read']

function blockOf({ block }: Entry): Proposed['block'] | undefined {
  if (!Array.isArray(block) || block.length !== 2) return undefined
  const [client, clock]: readonly unknown[] = block
  return isCount(client) && isCount(clock) ? { client, clock } : undefined
}

/** Place, length and words; again and again. No word that stays is among them. */
function changesOf({ changes }: Entry): readonly Replacement[] | undefined {
  if (!Array.isArray(changes) || changes.length === 0 || changes.length > 3 * MOST_CHANGES) return undefined
  const fields: readonly unknown[] = changes
  const found: Replacement[] = []
  for (let index = 0; index < fields.length; index += 3) {
    const [at, remove, insert] = fields.slice(index, index + 3)
    if (!isCount(at) || !isCount(remove) || typeof insert !== 'string') return undefined
    found.push({ at, remove, insert })
  }
  return found.reduce((sum, { insert }) => sum + insert.length, 0) > LONGEST_PROPOSED ? undefined : found
}

function parse({ value, ...placed }: PlacedEntry): Read | undefined {
  if (!isEntry(value) || value['format'] !== FORMAT || !isTime(value['at'])) return undefined
  const kind = KINDS.find((known) => known === value['kind'])
  if (kind === undefined) return undefined
  const text = shortText(value['text'], LONGEST_SAID)
  const to = shortText(value['to'], LONGEST_ID)
  if ((SAYING.includes(kind) && text.trim() === '') || (!BEGINNING.includes(kind) && to === '')) return undefined
  if ((kind === 'read' || kind === 'proposal') && !(value['snapshot'] instanceof Uint8Array)) return undefined
  if (kind === 'proposal' && (blockOf(value) === undefined || changesOf(value) === undefined)) return undefined
  if (kind === 'accepted' && !isCount(value['from'])) return undefined
  return { ...placed, kind, at: value['at'], to, text, value }
}

const actOf = ({ id, by, at }: Read): Act => ({ id, by, at })

/** Only authors may change what they said or take it back; who signed nothing known is no author. */
const byAuthor = (said: Read, about: readonly Read[], kind: Kind): Read | undefined =>
  about.findLast((one) => one.kind === kind && one.by !== undefined && one.by === said.by)

function saidOf(read: Read, about: readonly Read[]): Said {
  const rewritten = byAuthor(read, about, 'rewritten')
  return {
    ...actOf(read),
    text: rewritten?.text ?? read.text,
    isRewritten: rewritten !== undefined,
    isTakenBack: byAuthor(read, about, 'taken-back') !== undefined,
  }
}

type AboutIt = (id: string) => readonly Read[]

const repliesTo = (id: string, aboutIt: AboutIt): readonly Said[] =>
  aboutIt(id)
    .filter(({ kind }) => kind === 'reply')
    .map((reply) => saidOf(reply, aboutIt(reply.id)))

function commentOf(read: Read, aboutIt: AboutIt): Comment {
  const about = aboutIt(read.id)
  const last = about.findLast(({ kind }) => kind === 'settled' || kind === 'reopened')
  return {
    ...saidOf(read, about),
    anchor: readAnchor(read.value),
    isAboutWords: read.value['letters'] !== undefined,
    replies: repliesTo(read.id, aboutIt),
    settled: last?.kind === 'settled' ? actOf(last) : undefined,
  }
}

function proposedOf(read: Read, aboutIt: AboutIt): readonly Proposed[] {
  const about = aboutIt(read.id)
  const { snapshot, reason, instead } = read.value
  const block = blockOf(read.value)
  const changes = changesOf(read.value)
  if (block === undefined || changes === undefined || !(snapshot instanceof Uint8Array)) return []
  const proposed = {
    ...actOf(read),
    changes,
    reason: shortText(reason, LONGEST_SAID),
    block,
    snapshot,
    instead: shortText(instead, LONGEST_ID),
    isTakenBack: byAuthor(read, about, 'taken-back') !== undefined,
    replies: repliesTo(read.id, aboutIt),
    acceptances: about
      .filter(({ kind }) => kind === 'accepted')
      .map((one) => ({ ...actOf(one), client: one.client, from: Number(one.value['from']), clock: one.clock })),
    declined: about.filter(({ kind }) => kind === 'declined').map((one) => ({ ...actOf(one), reason: one.text })),
  }
  return [proposed]
}

function readingsOf(read: readonly Read[], aboutIt: AboutIt): readonly Reading[] {
  const last = new Map<MemberId, Read>()
  for (const one of read) if (one.kind === 'read' && one.by !== undefined) last.set(one.by, one)
  return [...last.values()].flatMap((one) => {
    const { snapshot } = one.value
    const isTakenBack = byAuthor(one, aboutIt(one.id), 'taken-back') !== undefined
    return isTakenBack || !(snapshot instanceof Uint8Array) ? [] : [{ ...actOf(one), snapshot }]
  })
}

export function talkOf(doc: Y.Doc, attribution: Pick<Attribution, 'insertedBy'>): Talk {
  const entries = readEntries(doc, ENTRIES, attribution)
  const read = entries.map(parse).filter((one) => one !== undefined)
  const about = grouped(read, ({ to }) => to)
  const aboutIt: AboutIt = (id) => about.get(id) ?? []
  const ofKind = (kind: Kind): readonly Read[] => read.filter((one) => one.kind === kind)
  return {
    comments: ofKind('comment').map((one) => commentOf(one, aboutIt)),
    proposed: ofKind('proposal').flatMap((one) => proposedOf(one, aboutIt)),
    readings: readingsOf(read, aboutIt),
    unknown: entries.length - read.length,
  }
}

/** What all moments that are named in it take. */
export const bytesOf = ({ proposed, readings }: Talk): number =>
  [...proposed, ...readings].reduce((sum, { snapshot }) => sum + snapshot.length, 0)

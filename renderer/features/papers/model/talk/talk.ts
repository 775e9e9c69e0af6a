/**
 * What is said about a paper: comments, answers, and whether they are settled. An entry has no field for who says it: it is whoever
 * signed it, so nobody can speak in another's name. Nothing is ever taken out: what its author takes back is no longer shown.
 */
import type * as Y from 'yjs'
import type { MemberId } from '../../../../../shared/base/ids.ts'
import type { Attribution } from '../../../../../shared/model/contexts.ts'
import { type Entry, grouped, isEntry, isTime, type PlacedEntry, readEntries, shortText } from '../entries.ts'
import { type Anchor, readAnchor } from './anchor.ts'

export const ENTRIES = 'talk'
export const FORMAT = 1
/** A page and a half: more is a paper of its own. */
export const LONGEST_SAID = 4000

const KINDS = ['comment', 'reply', 'rewritten', 'settled', 'reopened', 'taken-back'] as const
type Kind = (typeof KINDS)[number]

export interface Said {
  readonly id: string
  /** Undefined where no signed entry says. */
  readonly by: MemberId | undefined
  /** Milliseconds by the author's clock; for display only. */
  readonly at: number
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
  readonly settled: { readonly by: MemberId | undefined; readonly at: number } | undefined
}

export interface Talk {
  /** In the order in which they were begun. */
  readonly comments: readonly Comment[]
  /** How many entries this version of Teatray does not know how to read. */
  readonly unknown: number
}

interface Read extends Omit<PlacedEntry, 'value'> {
  readonly kind: Kind
  readonly at: number
  /** Empty: about none. */
  readonly to: string
  readonly text: string
  readonly value: Entry
}

function parse({ value, ...placed }: PlacedEntry): Read | undefined {
  if (!isEntry(value) || value['format'] !== FORMAT || !isTime(value['at'])) return undefined
  const kind = KINDS.find((known) => known === value['kind'])
  if (kind === undefined) return undefined
  const text = shortText(value['text'], LONGEST_SAID)
  const to = shortText(value['to'], 100)
  const says = kind === 'comment' || kind === 'reply' || kind === 'rewritten'
  if ((says && text.trim() === '') || (kind !== 'comment' && to === '')) return undefined
  return { ...placed, kind, at: value['at'], to, text, value }
}

/** Only authors may change what they said or take it back; who signed nothing known is no author. */
const isByAuthor = (said: Read, { by }: Read): boolean => by !== undefined && by === said.by

function saidOf(read: Read, about: readonly Read[]): Said {
  const own = about.filter((one) => isByAuthor(read, one))
  const rewritten = own.findLast(({ kind }) => kind === 'rewritten')
  return {
    id: read.id,
    by: read.by,
    at: read.at,
    text: rewritten?.text ?? read.text,
    isRewritten: rewritten !== undefined,
    isTakenBack: own.some(({ kind }) => kind === 'taken-back'),
  }
}

export function talkOf(doc: Y.Doc, attribution: Pick<Attribution, 'insertedBy'>): Talk {
  const entries = readEntries(doc, ENTRIES, attribution)
  const read = entries.map(parse).filter((one) => one !== undefined)
  const about = grouped(read, ({ to }) => to)
  const aboutIt = (id: string): readonly Read[] => about.get(id) ?? []
  const comments = read
    .filter(({ kind }) => kind === 'comment')
    .map((comment): Comment => {
      const around = aboutIt(comment.id)
      const last = around.findLast(({ kind }) => kind === 'settled' || kind === 'reopened')
      return {
        ...saidOf(comment, around),
        anchor: readAnchor(comment.value),
        isAboutWords: comment.value['letters'] !== undefined,
        replies: around.filter(({ kind }) => kind === 'reply').map((reply) => saidOf(reply, aboutIt(reply.id))),
        settled: last?.kind === 'settled' ? { by: last.by, at: last.at } : undefined,
      }
    })
  return { comments, unknown: entries.length - read.length }
}

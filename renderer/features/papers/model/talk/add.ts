/** Adds to what is said about a paper, in the name of whoever writes in this document and in no other. */
import * as Y from 'yjs'
import { fail, ok, type Result } from '../../../../../shared/base/errors.ts'
import { addEntry, type Entry, entriesOf, NOBODY } from '../entries.ts'
import type { AnchorFields } from './anchor.ts'
import { bytesOf, ENTRIES, FORMAT, LONGEST_SAID, talkOf } from './talk.ts'

/** More are not added, and whoever wants to is told. Those that come from others on top of it are shown like any. */
export const MOST_ENTRIES = 5000
/** Of moments of the paper, which say what was read and what a proposal stands on. */
const MOST_BYTES = 3 * 1024 * 1024

export type Adding =
  | { readonly kind: 'comment'; readonly text: string; readonly about: AnchorFields | undefined }
  | { readonly kind: 'reply' | 'rewritten'; readonly to: string; readonly text: string }
  | { readonly kind: 'settled' | 'reopened' | 'taken-back'; readonly to: string }
  | { readonly kind: 'declined'; readonly to: string; readonly reason: string }
  /** As the paper is now. */
  | { readonly kind: 'read' }

/** 'full', 'empty': nothing was written. */
export type AddProblem = 'full' | 'empty'

export const tidySaid = (typed: string): string => typed.replaceAll('\r\n', '\n').trim().slice(0, LONGEST_SAID)

export const roomFor = (doc: Y.Doc, size = 0): boolean =>
  entriesOf(doc, ENTRIES).length < MOST_ENTRIES && (size === 0 || bytesOf(talkOf(doc, NOBODY)) + size <= MOST_BYTES)

function fieldsOf(doc: Y.Doc, adding: Adding): Entry {
  switch (adding.kind) {
    case 'comment':
      return { ...adding.about, text: tidySaid(adding.text) }
    case 'reply':
    case 'rewritten':
      return { to: adding.to, text: tidySaid(adding.text) }
    case 'declined':
      return { to: adding.to, text: tidySaid(adding.reason) }
    case 'read':
      return { snapshot: Y.encodeSnapshotV2(Y.snapshot(doc)) }
    default:
      return { to: adding.to }
  }
}

/** The id of the entry. */
export function addToTalk(doc: Y.Doc, adding: Adding, at: number): Result<string, AddProblem> {
  const fields = fieldsOf(doc, adding)
  const { snapshot, text } = fields
  if (!roomFor(doc, snapshot instanceof Uint8Array ? snapshot.length : 0)) return fail('full')
  if (text === '' && adding.kind !== 'declined') return fail('empty')
  return ok(addEntry(doc, ENTRIES, { format: FORMAT, kind: adding.kind, at, ...fields }))
}

/** Adds to what is said about a paper, in the name of whoever writes in this document and in no other. */
import type * as Y from 'yjs'
import { fail, ok, type Result } from '../../../../../shared/base/errors.ts'
import { addEntry, entriesOf } from '../entries.ts'
import type { AnchorFields } from './anchor.ts'
import { ENTRIES, FORMAT, LONGEST_SAID } from './talk.ts'

/** More are not added, and whoever wants to is told. Those that come from others on top of it are shown like any. */
export const MOST_ENTRIES = 5000

export type Adding =
  | { readonly kind: 'comment'; readonly text: string; readonly about: AnchorFields | undefined }
  | { readonly kind: 'reply' | 'rewritten'; readonly to: string; readonly text: string }
  | { readonly kind: 'settled' | 'reopened' | 'taken-back'; readonly to: string }

/** 'full', 'empty': nothing was written. */
export type AddProblem = 'full' | 'empty'

export const tidySaid = (typed: string): string => typed.replaceAll('\r\n', '\n').trim().slice(0, LONGEST_SAID)

/** The id of the entry. */
export function addToTalk(doc: Y.Doc, adding: Adding, at: number): Result<string, AddProblem> {
  if (entriesOf(doc, ENTRIES).length >= MOST_ENTRIES) return fail('full')
  const shared = { format: FORMAT, kind: adding.kind, at }
  if (!('text' in adding)) return ok(addEntry(doc, ENTRIES, { ...shared, to: adding.to }))
  const text = tidySaid(adding.text)
  if (text === '') return fail('empty')
  const what = adding.kind === 'comment' ? { ...adding.about } : { to: adding.to }
  return ok(addEntry(doc, ENTRIES, { ...shared, ...what, text }))
}

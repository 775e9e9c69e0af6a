/** The shared content as ProseMirror's JSON, read with no trust in its shape: what is not there, or of another kind, is empty. Pure. */
import { yXmlFragmentToProsemirrorJSON } from '@tiptap/y-tiptap'
import type * as Y from 'yjs'

export type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

export const list = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : [])
export const fields = (value: unknown): Fields => (isFields(value) ? value : {})
/** From 1 to `most`. */
export const whole = (value: unknown, most: number): number =>
  Math.min(most, Math.max(1, Math.trunc(Number(value)) || 1))

/** The blocks at the top. */
export const contentOf = (fragment: Y.XmlFragment): readonly Fields[] =>
  [yXmlFragmentToProsemirrorJSON(fragment)['content']].flat(2).filter(isFields)

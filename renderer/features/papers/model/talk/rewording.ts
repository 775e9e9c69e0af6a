/** What has to be taken out of a line and put in, word by word, so that it becomes another one. Pure: everybody gets the same. */
import { Change, ChangeSet, simplifyChanges } from '@tiptap/pm/changeset'
import type { Node } from '@tiptap/pm/model'
import { StepMap } from '@tiptap/pm/transform'
import { editorSchema } from '../../../../ui/editor/schema.ts'
import { slideToWords } from '../versions/slide.ts'

/** In letters of the older text. */
export interface Replacement {
  readonly at: number
  readonly remove: number
  readonly insert: string
}

interface Both {
  readonly before: string
  readonly after: string
}

interface Stretch {
  readonly fromA: number
  readonly toA: number
  readonly fromB: number
  readonly toB: number
}

const isHalf = (text: string, at: number): boolean =>
  /[\uD800-\uDBFF]/.test(text[at - 1] ?? '') && /[\uDC00-\uDFFF]/.test(text[at] ?? '')

/** Some signs are two letters long to a computer, and half of one is none: Yjs would put another sign in its place. */
function withWholeSigns({ before, after }: Both, { fromA, toA, fromB, toB }: Stretch): Stretch {
  const start = isHalf(before, fromA) || isHalf(after, fromB) ? 1 : 0
  const end = isHalf(before, toA) || isHalf(after, toB) ? 1 : 0
  return { fromA: fromA - start, toA: toA + end, fromB: fromB - start, toB: toB + end }
}

const asDocument = (text: string): Node => {
  const schema = editorSchema()
  return schema.node('doc', null, schema.node('paragraph', null, text === '' ? [] : schema.text(text)))
}

function stretches(both: Both): readonly Stretch[] {
  const { before, after } = both
  const [older, newer] = [asDocument(before), asDocument(after)]
  const { changes } = ChangeSet.create(older).addSteps(newer, [new StepMap([1, before.length, after.length])], null)
  const found: Stretch[] = []
  for (const change of simplifyChanges(slideToWords(changes, older, newer), newer)) {
    const { fromA, toA, fromB, toB }: Change = change
    const next = withWholeSigns(both, { fromA: fromA - 1, toA: toA - 1, fromB: fromB - 1, toB: toB - 1 })
    const last = found.at(-1)
    if (last !== undefined && (next.fromA <= last.toA || next.fromB <= last.toB))
      found[found.length - 1] = { ...last, toA: next.toA, toB: next.toB }
    else found.push(next)
  }
  return found
}

/**
 * In reading order, none touching another. Undefined: the lines are not the same number, or words would come into an empty one; a line's
 * end is no letter, and is never written or taken out.
 */
export function rewording(before: string, after: string): readonly Replacement[] | undefined {
  const lines = before.split('\n')
  const wanted = after.split('\n')
  if (lines.length !== wanted.length) return undefined
  const found: Replacement[] = []
  let start = 0
  for (const [index, line] of lines.entries()) {
    const other = wanted[index] ?? ''
    if (line === '' && other !== '') return undefined
    if (line !== other)
      for (const { fromA, toA, fromB, toB } of stretches({ before: line, after: other }))
        found.push({ at: start + fromA, remove: toA - fromA, insert: other.slice(fromB, toB) })
    start += line.length + 1
  }
  return found
}

/** The words as they become. */
export function reworded(before: string, replacements: readonly Replacement[]): string {
  let text = before
  for (const { at, remove, insert } of replacements.toReversed())
    text = text.slice(0, at) + insert + text.slice(at + remove)
  return text
}

const ENDS_BADLY = /[\uD800-\uDBFF]$|^[\uDC00-\uDFFF]/

/**
 * Whether they can be done to these words as rewording() would have them: in reading order, none touching a line's end, no sign cut in two.
 * For those that others wrote.
 */
export function fits(before: string, replacements: readonly Replacement[]): boolean {
  let last = 0
  for (const { at, remove, insert } of replacements) {
    const end = at + remove
    const isCut = isHalf(before, at) || isHalf(before, end) || ENDS_BADLY.test(insert)
    const line = before.slice(at, end) + insert
    if (at < last || end > before.length || isCut || line.includes('\n') || line === '') return false
    last = end
  }
  return replacements.length > 0
}

/**
 * Labels: a paper can have several, and each is one field of its record, so that two people who label it at once both win. What is
 * spelt the same without regard to capitals is one label, wherever it was typed.
 */
import type * as Y from 'yjs'
import { fail, ok, type Result } from '../../../../shared/base/errors.ts'
import type { DocumentId } from '../../../../shared/base/ids.ts'
import type { CircleContext } from '../../../../shared/model/contexts.ts'
import { allRecords, type Fields, putRecord } from '../../../../shared/model/record.ts'
import { paperRecord, type Paper } from './paper.ts'
import { labelField, type LabelKey, labelKey, tidyLabel } from './label-name.ts'

export const MOST_LABELS = 12

type Circle = Pick<CircleContext, 'records'>

export interface Label {
  readonly key: LabelKey
  readonly name: string
}

export const labelsOf = ({ labels }: Paper): readonly Label[] =>
  [...labels].map(([key, name]) => ({ key, name })).toSorted((a, b) => a.name.localeCompare(b.name, 'en'))

/** By name, each once; of several spellings the same one on every computer. */
export function labelsIn(papers: readonly Paper[]): readonly Label[] {
  const names = new Map<LabelKey, string>()
  for (const { labels } of papers)
    for (const [key, name] of labels) {
      const before = names.get(key)
      if (before === undefined || name < before) names.set(key, name)
    }
  return [...names].map(([key, name]) => ({ key, name })).toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
}

export type LabelProblem = 'empty' | 'too-many' | 'newer-version'

/** Sets and takes away what is named here; what somebody else changes meanwhile stays as they want it. */
export function changeLabels(
  circle: Circle,
  paper: Paper,
  change: { readonly on: readonly string[]; readonly off: readonly LabelKey[] },
): Result<void, LabelProblem> {
  const names = change.on.map(tidyLabel)
  if (names.includes('')) return fail('empty')
  const fields: Record<string, string | false> = {}
  for (const key of change.off) fields[labelField(key)] = false
  for (const name of names) fields[labelField(labelKey(name))] = name
  const after = new Set(paper.labels.keys())
  for (const key of change.off) after.delete(key)
  for (const name of names) after.add(labelKey(name))
  if (names.length > 0 && after.size > MOST_LABELS) return fail('too-many')
  return putRecord(circle.records, paperRecord, paper.id, fields)
}

/** All papers of the circle that have it, those in the bin too: who puts one back finds it labelled as the others are. */
export const papersLabelled = (records: Y.Doc, key: LabelKey): readonly Paper[] =>
  allRecords(records, paperRecord).filter(({ labels }) => labels.has(key))

export interface Renamed {
  readonly renamed: number
  /** A newer Teatray wrote these in a way that this one must not touch. */
  readonly left: number
}

/**
 * One step for others: they see all papers change at once. Where the new name is that of another label, the two become one. Whoever
 * labels a paper apart with the old name meanwhile keeps it there.
 */
export function renameLabel(circle: Circle, key: LabelKey, typed: string): Result<Renamed, 'empty'> {
  const name = tidyLabel(typed)
  if (name === '') return fail('empty')
  const to = labelKey(name)
  const done = new Map<DocumentId, boolean>()
  circle.records.transact(() => {
    for (const paper of papersLabelled(circle.records, key)) {
      const fields: Fields = { ...(to === key ? {} : { [labelField(key)]: false }), [labelField(to)]: name }
      done.set(paper.id, putRecord(circle.records, paperRecord, paper.id, fields).ok)
    }
  })
  const renamed = [...done.values()].filter(Boolean).length
  return ok({ renamed, left: done.size - renamed })
}

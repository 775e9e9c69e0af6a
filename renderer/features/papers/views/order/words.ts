/** Sentences about labels and templates. */
import type { TFunction } from 'i18next'
import { labelsOf } from '../../model/labels.ts'
import type { Paper } from '../../model/paper.ts'
import type { Place } from '../../model/places.ts'

type T = TFunction<'order'>

const labelsLine = (t: T, paper: Paper, line: 'labels.line' | 'labels.move'): string | undefined => {
  const names = labelsOf(paper).map(({ name }) => name)
  if (names.length === 0) return undefined
  return t(line, { labels: names.join(', '), count: names.length })
}

/** 'Labels: Money, Safety.' Undefined where it has none. */
export const labelLine = (t: T, paper: Paper): string | undefined => labelsLine(t, paper, 'labels.line')

export const movedLabelsLine = (t: T, paper: Paper): string | undefined => labelsLine(t, paper, 'labels.move')

export const templatesOf = (t: T, { circle, name }: Place): string =>
  circle.scope === 'group' ? t('templates.of-group') : t('templates.of-circle', { circle: name })

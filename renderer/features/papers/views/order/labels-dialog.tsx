import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CircleContext } from '../../../../../shared/model/contexts.ts'
import { announce, Button, Field, FormDialog, Row, Tick } from '../../../../ui/index.ts'
import { type LabelKey, labelKey, LONGEST_LABEL, tidyLabel } from '../../model/label-name.ts'
import { changeLabels, type Label, type LabelProblem, labelsIn, MOST_LABELS } from '../../model/labels.ts'
import type { Paper } from '../../model/paper.ts'
import { papersInUse } from '../../model/selectors.ts'

export interface LabelsDialogProps {
  readonly circle: CircleContext
  readonly paper: Paper
  readonly onClose: () => void
}

/** Only what this person ticks or unticks is changed: what others label meanwhile stays. */
export function LabelsDialog({ circle, paper, onClose }: LabelsDialogProps) {
  const { t } = useTranslation('order')
  const [known, setKnown] = useState<readonly Label[]>(() => labelsIn([...papersInUse(circle.records), paper]))
  const [changed, setChanged] = useState<ReadonlyMap<LabelKey, boolean>>(new Map())
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState<LabelProblem>()

  const set = (key: LabelKey, on: boolean): void => {
    setChanged((before) => new Map([...before, [key, on]]))
    setProblem(undefined)
  }
  const add = (): void => {
    const name = tidyLabel(typed)
    if (name === '') return setProblem('empty')
    const key = labelKey(name)
    if (!known.some((label) => label.key === key)) setKnown([...known, { key, name }])
    set(key, true)
    setTyped('')
    announce(t('labels.added', { label: name }))
  }
  const save = (): void => {
    const nameOf = (key: LabelKey): string[] => known.filter((label) => label.key === key).map(({ name }) => name)
    const differs = [...changed].filter(([key, isOn]) => isOn !== paper.labels.has(key))
    const on = differs.filter(([, isOn]) => isOn).flatMap(([key]) => nameOf(key))
    const off = differs.filter(([, isOn]) => !isOn).map(([key]) => key)
    // Typed and not added: meant all the same.
    const rest = tidyLabel(typed)
    const done = changeLabels(circle, paper, { on: rest === '' ? on : [...on, rest], off })
    if (done.ok) onClose()
    else setProblem(done.error)
  }
  return (
    <FormDialog
      title={t('labels.title', { title: paper.title })}
      save={t('labels.save')}
      cancel={t('cancel', { ns: 'papers' })}
      onSave={save}
      onClose={onClose}
    >
      <p>{t('labels.lead')}</p>
      {known.length === 0 ? null : (
        <fieldset className="t-labels">
          <legend>{t('labels.in-use')}</legend>
          {known.map(({ key, name }) => (
            <Tick
              key={key}
              id={`label-${key}`}
              label={name}
              checked={changed.get(key) ?? paper.labels.has(key)}
              onChange={(on) => set(key, on)}
            />
          ))}
        </fieldset>
      )}
      <Field
        id="new-label"
        label={t('labels.add')}
        hint={t('labels.add-hint')}
        problem={problem === undefined ? undefined : t(`labels.problem.${problem}`, { most: MOST_LABELS })}
        value={typed}
        onChange={setTyped}
        maxLength={LONGEST_LABEL}
      />
      <Row>
        <Button onPress={add}>{t('labels.add-button')}</Button>
      </Row>
    </FormDialog>
  )
}

import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { announce, Field, FormDialog, Notice } from '../../../../ui/index.ts'
import { type LabelKey, labelKey, LONGEST_LABEL, tidyLabel } from '../../model/label-name.ts'
import { type Label, papersLabelled, renameLabel } from '../../model/labels.ts'
import type { Place } from '../../model/places.ts'

export interface RenameLabelDialogProps {
  readonly label: Label
  readonly labels: readonly Label[]
  readonly places: readonly Place[]
  /** With the label as it is called now, where that was changed. */
  readonly onClose: (key?: LabelKey) => void
}

export function RenameLabelDialog({ label, labels, places, onClose }: RenameLabelDialogProps) {
  const { t } = useTranslation('order')
  const [name, setName] = useState(label.name)
  const [isEmpty, setEmpty] = useState(false)
  /** Papers that keep the old name; 0 while nothing was done. */
  const [left, setLeft] = useState(0)
  const count = places.reduce((sum, { circle }) => sum + papersLabelled(circle.records, label.key).length, 0)
  const key = labelKey(tidyLabel(name))
  const same = key === label.key ? undefined : labels.find((one) => one.key === key)

  const save = (): void => {
    if (tidyLabel(name) === '') return setEmpty(true)
    const done = places
      .map(({ circle }) => renameLabel(circle, label.key, name))
      .flatMap((one) => (one.ok ? [one.value] : []))
    announce(t('labels.rename.done', { count: done.reduce((sum, { renamed }) => sum + renamed, 0) }))
    const behind = done.reduce((sum, one) => sum + one.left, 0)
    if (behind > 0) return setLeft(behind)
    onClose(key)
  }
  return (
    <FormDialog
      title={t('labels.rename.title', { label: label.name })}
      save={t('labels.rename.save')}
      cancel={t('cancel', { ns: 'papers' })}
      onSave={save}
      onClose={() => onClose()}
    >
      {left === 0 ? null : <Notice tone="care" announce="now" title={t('labels.rename.left', { count: left })} />}
      <p>{t('labels.rename.lead', { count })}</p>
      <Field
        id="label-name"
        label={t('labels.rename.label')}
        hint={same === undefined ? undefined : t('labels.rename.same', { label: same.name })}
        problem={isEmpty ? t('labels.problem.empty') : undefined}
        value={name}
        onChange={(typed) => {
          setName(typed)
          setEmpty(false)
        }}
        maxLength={LONGEST_LABEL}
      />
    </FormDialog>
  )
}

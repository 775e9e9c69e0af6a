import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { announce, Button, Choice, Row } from '../../../../ui/index.ts'
import type { LabelKey } from '../../model/label-name.ts'
import type { Label } from '../../model/labels.ts'
import type { Place } from '../../model/places.ts'
import { RenameLabelDialog } from './rename-label-dialog.tsx'

export interface LabelFilterProps {
  /** In use among the papers that could be listed; not empty. */
  readonly labels: readonly Label[]
  readonly shown: Label | undefined
  /** Papers that could be listed and do not have it. */
  readonly hidden: number
  /** Whose papers are listed, where something can be written. */
  readonly places: readonly Place[]
  readonly onShow: (label: LabelKey | undefined) => void
}

export function LabelFilter({ labels, shown, hidden, places, onShow }: LabelFilterProps) {
  const { t } = useTranslation('order')
  const [isRenaming, setRenaming] = useState(false)
  const showAll = (): void => {
    onShow(undefined)
    announce(t('labels.all-shown'))
    // The button goes with what it was for.
    document.querySelector<HTMLElement>('#papers-labelled')?.focus()
  }
  return (
    <div className="t-stack">
      <Choice
        id="papers-labelled"
        label={t('labels.filter')}
        value={shown?.key ?? ''}
        options={[
          { value: '', label: t('labels.filter-all') },
          ...labels.map(({ key, name }) => ({ value: key, label: name })),
        ]}
        onChange={(value) => onShow(labels.find(({ key }) => key === value)?.key)}
      />
      <output aria-live="polite">
        {shown === undefined ? null : hidden === 0 ? t('labels.hidden-none') : t('labels.hidden', { count: hidden })}
      </output>
      {shown === undefined ? null : (
        <Row>
          <Button onPress={showAll}>{t('labels.show-all')}</Button>
          {places.length === 0 ? null : <Button onPress={() => setRenaming(true)}>{t('labels.rename.action')}</Button>}
        </Row>
      )}
      {shown !== undefined && isRenaming ? (
        <RenameLabelDialog
          label={shown}
          labels={labels}
          places={places}
          onClose={(key) => {
            setRenaming(false)
            if (key !== undefined) onShow(key)
          }}
        />
      ) : null}
    </div>
  )
}

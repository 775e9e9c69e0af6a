import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../button.tsx'

/** From about four pages on. */
const LONG = 800

export interface SummaryOfferProps {
  readonly words: number
  readonly hasSummary: boolean
  readonly onAdd: () => void
  /** It is on the screen now; not to be offered for this paper again. */
  readonly onOffered: () => void
}

/** Said once for a long paper, and not read out: it is there to be found, and can be left alone. */
export function SummaryOffer({ words, hasSummary, onAdd, onOffered }: SummaryOfferProps) {
  const { t } = useTranslation('editor')
  const [isClosed, setClosed] = useState(false)
  const isShown = words >= LONG && !hasSummary && !isClosed
  useEffect(() => {
    if (isShown) onOffered()
  }, [isShown, onOffered])
  if (!isShown) return null
  return (
    <div className="t-editor-bar">
      <p>{t('summary.offer')}</p>
      <Button
        onPress={() => {
          setClosed(true)
          onAdd()
        }}
      >
        {t('summary.add')}
      </Button>
      <Button onPress={() => setClosed(true)}>{t('summary.not-now')}</Button>
    </div>
  )
}

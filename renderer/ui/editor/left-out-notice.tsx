import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../button.tsx'
import { announce } from '../live-region.tsx'
import type { LeftOut } from './clipboard.ts'

export interface LeftOutNoticeProps {
  readonly left: LeftOut
  readonly onClose: () => void
}

/** Says what of a pasted text did not get in, until the next paste. Takes no focus. */
export function LeftOutNotice({ left, onClose }: LeftOutNoticeProps) {
  const { t } = useTranslation('editor')
  const { pictures, links, undescribed = 0 } = left
  const sentences = [
    ...(pictures === 0 ? [] : [t('pasted.pictures', { count: pictures })]),
    ...(links === 0 ? [] : [t('pasted.links', { count: links })]),
    ...(undescribed === 0 ? [] : [t('pasted.undescribed', { count: undescribed })]),
  ].join(' ')
  // By `left`, too: the same again is said again.
  useEffect(() => {
    if (sentences !== '') announce(sentences)
  }, [left, sentences])
  if (sentences === '') return null
  return (
    <div className="t-editor-bar">
      <p>{sentences}</p>
      <Button onPress={onClose}>{t('bar.close')}</Button>
    </div>
  )
}

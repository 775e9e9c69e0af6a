import { useTranslation } from 'react-i18next'
import { minutesToRead } from './outline.ts'

/** Not read out while somebody writes: it is there to be found. */
export function TextLength({ words }: { readonly words: number }) {
  const { t } = useTranslation('editor')
  const minutes = minutesToRead(words)
  return (
    <p className="t-editor-length">
      {t('length.words', { count: words })} {words === 0 ? '' : t('length.minutes', { count: minutes })}
    </p>
  )
}

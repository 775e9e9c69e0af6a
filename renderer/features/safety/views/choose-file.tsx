import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/index.ts'
import { EXTENSION } from '../model/file-name.ts'
import { addFiles, waitingFrom } from '../model/waiting-files.ts'

/** The system's own dialogue, behind a button like any other. */
export function ChooseFile() {
  const { t } = useTranslation('files')
  const input = useRef<HTMLInputElement>(null)
  const choose = () => {
    const { current } = input
    if (current === null) return
    addFiles(waitingFrom(current.files ?? []))
    // The same file may be chosen again.
    current.value = ''
  }
  return (
    <div className="t-stack">
      <p>{t('open.lead')}</p>
      {/* Some systems grey out what they do not know by its ending, so all files may be chosen. */}
      <input ref={input} type="file" accept={`${EXTENSION},*/*`} multiple hidden onChange={choose} />
      <Button onPress={() => input.current?.click()}>{t('open.choose')}</Button>
    </div>
  )
}

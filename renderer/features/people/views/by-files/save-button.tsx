import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Result } from '../../../../../shared/base/errors.ts'
import { Button, Notice, saveFile } from '../../../../ui/index.ts'

interface SaveButtonProps<Problem extends string> {
  readonly label: string
  /** Once it has been saved. */
  readonly again: string
  /** Saved before this screen was opened. */
  readonly before?: boolean
  readonly done: string
  /** What to do with it now. */
  readonly next: string
  readonly make: () => Promise<Result<{ readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }, Problem>>
  readonly problem: (problem: Problem) => string
}

/** Makes a file, hands it over as a download, and says what it is called and where it goes. */
export function SaveButton<Problem extends string>(props: SaveButtonProps<Problem>) {
  const { t } = useTranslation('by-files')
  const [saved, setSaved] = useState<string>()
  const [refused, setRefused] = useState<Problem>()
  const [busy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    setRefused(undefined)
    const made = await props.make()
    setBusy(false)
    if (!made.ok) return setRefused(made.error)
    const { name, bytes } = made.value
    saveFile(name, bytes)
    setSaved(name)
  }
  const isSaved = saved !== undefined || props.before === true
  return (
    <div className="t-stack">
      {refused === undefined ? null : <Notice tone="problem" announce="now" title={props.problem(refused)} />}
      {saved === undefined ? null : (
        <Notice tone="good" announce="soon" title={props.done} safe={t('saved', { name: saved })}>
          <p>{props.next}</p>
        </Notice>
      )}
      <Button look={isSaved ? 'secondary' : 'primary'} busy={busy} onPress={() => void save()}>
        {isSaved ? props.again : props.label}
      </Button>
    </div>
  )
}

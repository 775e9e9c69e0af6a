import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { AppSession } from '../../../../shared/model/contexts.ts'
import {
  addFiles,
  dropFiles,
  dropPictures,
  EXTENSION,
  Notice,
  useLive,
  waitingFiles,
  waitingFrom,
} from '../../../ui/index.ts'

const hasFiles = (data: DataTransfer | null): boolean => data?.types.includes('Files') === true

function onDragOver(event: DragEvent): void {
  if (!hasFiles(event.dataTransfer)) return
  event.preventDefault()
  if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy'
}

function onDrop(event: DragEvent): void {
  const { dataTransfer } = event
  if (dataTransfer === null || !hasFiles(dataTransfer)) return
  // Or the browser would leave the app and show the file.
  event.preventDefault()
  event.stopPropagation()
  if (!dropPictures(event)) dropFiles(waitingFrom(dataTransfer.files))
}

/** Other things that are pasted belong to whatever has the focus. */
function onPaste(event: ClipboardEvent): void {
  const files = [...(event.clipboardData?.files ?? [])].filter(({ name }) => name.toLowerCase().endsWith(EXTENSION))
  if (files.length === 0) return
  event.preventDefault()
  event.stopPropagation()
  addFiles(waitingFrom(files))
}

/** Files that are dropped or pasted anywhere in the window, or opened outside of it, at every stage of the app. */
export function CatchFiles({ session }: { readonly session: Pick<AppSession, 'onFiles'> }) {
  useEffect(() => session.onFiles(addFiles), [session])
  useEffect(() => {
    // Before any part of the page: a browser's own way with a file ends in showing it instead of the app.
    const early = { capture: true }
    window.addEventListener('dragover', onDragOver, early)
    window.addEventListener('drop', onDrop, early)
    window.addEventListener('paste', onPaste, early)
    return () => {
      window.removeEventListener('dragover', onDragOver, early)
      window.removeEventListener('drop', onDrop, early)
      window.removeEventListener('paste', onPaste, early)
    }
  }, [])
  return null
}

/** Leads to the screen that opens them. */
export function GoToFiles() {
  const [location, navigate] = useLocation()
  const isWaiting = useLive(waitingFiles).length > 0
  useEffect(() => {
    // On the way into another group the screen of that takes them.
    if (isWaiting && location !== '/safety/files/open' && location !== '/join/files') navigate('/safety/files/open')
  }, [isWaiting, location, navigate])
  return null
}

/** Where a file cannot be opened yet. */
export function FilesWait({ until }: { readonly until: 'locked' | 'first-run' }) {
  const { t } = useTranslation('files')
  if (useLive(waitingFiles).length === 0) return null
  return (
    <Notice title={t(`waits.${until}`)} announce="soon">
      {t(`waits.${until}-what`)}
    </Notice>
  )
}

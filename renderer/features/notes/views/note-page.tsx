import { useCallback, useEffect, useLayoutEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type * as Y from 'yjs'
import type { DocumentId } from '../../../../shared/base/ids.ts'
import type { VaultContext } from '../../../../shared/model/contexts.ts'
import { announce, Button, Menu, Notice, Page, saveLine, TextLink, useLive } from '../../../ui/index.ts'
import { Editor, type EditorHandle, onLeaving, useDocument, usePlace, useRecords } from '../../../ui/editor/index.ts'
import { forgetUnshown } from '../../../ui/editor/pictures/kept.ts'
import { binNote, CONTENT, noteChanged, restoreNote } from '../model/commands.ts'
import { noteRecord, type Note } from '../model/note.ts'
import { noteById } from '../model/selectors.ts'

export interface NotePageProps {
  readonly vault: VaultContext
  readonly id: string
  readonly onBinned: (id: DocumentId) => void
}

export function NotePage({ vault, id, onBinned }: NotePageProps) {
  const { t } = useTranslation('notes')
  const note = useRecords(
    vault.records,
    noteRecord,
    useCallback((records) => noteById(records, id), [id]),
  )
  if (note === undefined) {
    return (
      <Page title={t('missing')} scope={{ kind: 'computer' }}>
        <p>
          <TextLink href="/notes">{t('back')}</TextLink>
        </p>
      </Page>
    )
  }
  return <FoundNote vault={vault} note={note} onBinned={onBinned} />
}

interface FoundProps {
  readonly vault: VaultContext
  readonly note: Note
  readonly onBinned: (id: DocumentId) => void
}

const RETITLE = 1000

/** Keeps the record's title and time true to the words: a moment after typing, and on leaving. */
function useRetitled(vault: VaultContext, id: DocumentId, doc: Y.Doc): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const note = (): void => {
      if (timer === undefined) return
      clearTimeout(timer)
      timer = undefined
      noteChanged(vault, id, doc.getXmlFragment(CONTENT), Date.now())
    }
    const edited = (transaction: Y.Transaction): void => {
      if (transaction.local && transaction.changed.size > 0) timer ??= setTimeout(note, RETITLE)
    }
    doc.on('afterTransaction', edited)
    const stop = onLeaving(note)
    return () => {
      doc.off('afterTransaction', edited)
      stop()
      note()
    }
  }, [vault, id, doc])
}

function FoundNote({ vault, note, onBinned }: FoundProps) {
  const { t, i18n } = useTranslation('notes')
  const save = useLive(vault.save)
  const { id } = note
  const [, navigate] = useLocation()
  const opening = useDocument(useCallback(() => vault.open(id), [vault, id]))
  const title = note.title === '' ? t('untitled') : note.title
  const bin = (): void => {
    if (!binNote(vault, id, Date.now()).ok) return announce(t('newer-version'))
    onBinned(id)
    navigate('/notes')
  }
  const restore = (): void => {
    if (!restoreNote(vault, id).ok) announce(t('newer-version'))
  }
  return (
    <Page
      title={title}
      scope={{ kind: 'computer' }}
      width="wide"
      lead={<p>{saveLine(i18n, save)}</p>}
      actions={
        <Menu
          label={t('more')}
          fullLabel={t('more-for', { title })}
          entries={[{ id: 'bin', label: t('bin.action'), onAction: bin }]}
        />
      }
    >
      {note.binnedAt === null ? null : (
        <Notice tone="care" title={t('bin.here')} actions={<Button onPress={restore}>{t('bin.undo')}</Button>} />
      )}
      {opening.state === 'failed' ? (
        <Notice tone="problem" title={t('open-failed')} safe={t('open-failed-safe')} />
      ) : null}
      {opening.state === 'opening' ? <p className="t-quiet">{t('opening')}</p> : null}
      {opening.state === 'open' ? <Words vault={vault} id={id} doc={opening.document.doc} /> : null}
      <p>
        <TextLink href="/notes">{t('back')}</TextLink>
      </p>
    </Page>
  )
}

function Words({ vault, id, doc }: { readonly vault: VaultContext; readonly id: DocumentId; readonly doc: Y.Doc }) {
  const { t } = useTranslation('notes')
  const fragment = useMemo(() => doc.getXmlFragment(CONTENT), [doc])
  const [handle, setHandle] = useState<EditorHandle>()
  // Before anything can be undone.
  useLayoutEffect(() => forgetUnshown(fragment), [fragment])
  useRetitled(vault, id, doc)
  usePlace(handle, vault.local, `note-place/${id}`)
  return <Editor fragment={fragment} label={t('words')} placeholder={t('placeholder')} onReady={setHandle} />
}

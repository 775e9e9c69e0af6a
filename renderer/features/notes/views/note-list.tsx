import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { DocumentId } from '../../../../shared/base/ids.ts'
import type { VaultContext } from '../../../../shared/model/contexts.ts'
import { announce, Button, EmptyState, Menu, Notice, Page, Row, TextLink, useNow, when } from '../../../ui/index.ts'
import { useRecords } from '../../../ui/editor/index.ts'
import { binNote, createNote, restoreNote } from '../model/commands.ts'
import { noteRecord } from '../model/note.ts'
import { BIN_DAYS, noteById, notesInBin, notesInUse } from '../model/selectors.ts'

export interface NoteListProps {
  readonly vault: VaultContext
  readonly binned: DocumentId | undefined
  readonly onBinned: (id: DocumentId | undefined) => void
}

// The button that was pressed is gone with its line.
const focusHeading = (): void => document.querySelector<HTMLElement>('#main h1')?.focus()

export function NoteList({ vault, binned, onBinned }: NoteListProps) {
  const { t, i18n } = useTranslation('notes')
  const now = useNow()
  const [, navigate] = useLocation()
  const notes = useRecords(vault.records, noteRecord, notesInUse)
  const inBin = useRecords(vault.records, noteRecord, notesInBin)
  const gone = binned === undefined ? undefined : noteById(vault.records, binned)
  const create = (): void => navigate(`/notes/${createNote(vault, Date.now())}`)
  const bin = (id: DocumentId): void => {
    if (!binNote(vault, id, Date.now()).ok) return announce(t('newer-version'))
    onBinned(id)
    focusHeading()
  }
  const undo = (id: DocumentId): void => {
    if (!restoreNote(vault, id).ok) return announce(t('newer-version'))
    onBinned(undefined)
    focusHeading()
  }
  const titleOf = (title: string): string => (title === '' ? t('untitled') : title)
  return (
    <Page title={t('title')} scope={{ kind: 'computer' }} lead={<p>{t('lead')}</p>}>
      {gone === undefined || gone.binnedAt === null ? null : (
        <Notice
          announce="soon"
          title={t('bin.done', { title: titleOf(gone.title) })}
          safe={t('bin.done-safe', { days: BIN_DAYS })}
          actions={<Button onPress={() => undo(gone.id)}>{t('bin.undo')}</Button>}
        />
      )}
      {notes.length === 0 ? (
        <EmptyState
          title={t('empty')}
          action={
            <Button look="primary" onPress={create}>
              {t('first')}
            </Button>
          }
        >
          <p>{t('empty-more')}</p>
        </EmptyState>
      ) : (
        <>
          <Row>
            <Button look="primary" onPress={create}>
              {t('create')}
            </Button>
          </Row>
          <ul className="t-list">
            {notes.map(({ id, title, changedAt }) => (
              <li key={id}>
                <div>
                  <p className="t-document-title">
                    <TextLink href={`/notes/${id}`}>{titleOf(title)}</TextLink>
                  </p>
                  <p className="t-quiet">{t('changed', { when: when(i18n, changedAt, now) })}</p>
                </div>
                <Menu
                  label={t('more')}
                  fullLabel={t('more-for', { title: titleOf(title) })}
                  entries={[{ id: 'bin', label: t('bin.action'), onAction: () => bin(id) }]}
                />
              </li>
            ))}
          </ul>
        </>
      )}
      {inBin.length === 0 ? null : (
        <p>
          <TextLink href="/notes/bin">{t('bin.link', { count: inBin.length })}</TextLink>
        </p>
      )}
    </Page>
  )
}

import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { describeThrown } from '../../../../shared/base/errors.ts'
import type { VaultContext } from '../../../../shared/model/contexts.ts'
import { announce, Button, ConfirmDialog, EmptyState, Notice, Page, Row, TextLink, useNow } from '../../../ui/index.ts'
import { useRecords } from '../../../ui/editor/index.ts'
import { destroyNote, restoreNote } from '../model/commands.ts'
import { noteRecord, type Note } from '../model/note.ts'
import { BIN_DAYS, daysLeft, notesInBin } from '../model/selectors.ts'

const focusHeading = (): void => document.querySelector<HTMLElement>('#main h1')?.focus()

export function NoteBin({ vault }: { readonly vault: VaultContext }) {
  const { t } = useTranslation('notes')
  const now = useNow()
  const notes = useRecords(vault.records, noteRecord, notesInBin)
  const [asking, setAsking] = useState<Note>()
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle')
  const titleOf = ({ title }: Note): string => (title === '' ? t('untitled') : title)
  const restore = (note: Note): void => {
    if (!restoreNote(vault, note.id).ok) return announce(t('newer-version'))
    announce(t('bin.restored', { title: titleOf(note) }))
    focusHeading()
  }
  const destroy = async (note: Note): Promise<void> => {
    setState('busy')
    try {
      await destroyNote(vault, note.id)
      setState('idle')
      announce(t('destroy.done', { title: titleOf(note) }))
    } catch (thrown) {
      console.warn('destroy', describeThrown(thrown))
      setState('failed')
    }
    setAsking(undefined)
    setTimeout(focusHeading, 0)
  }
  return (
    <Page title={t('bin.title')} scope={{ kind: 'computer' }} lead={<p>{t('bin.lead', { days: BIN_DAYS })}</p>}>
      {state === 'failed' ? <Notice tone="problem" announce="now" title={t('destroy.failed')} /> : null}
      {notes.length === 0 ? (
        <EmptyState title={t('bin.empty')} />
      ) : (
        <ul className="t-list">
          {notes.map((note) => (
            <li key={note.id}>
              <div>
                <p className="t-document-title">{titleOf(note)}</p>
                <p className="t-quiet">{t('bin.left', { count: daysLeft(note.binnedAt ?? now, now) })}</p>
              </div>
              <Row>
                <Button onPress={() => restore(note)}>{t('bin.restore', { title: titleOf(note) })}</Button>
                <Button look="danger" onPress={() => setAsking(note)}>
                  {t('destroy.action', { title: titleOf(note) })}
                </Button>
              </Row>
            </li>
          ))}
        </ul>
      )}
      <p>
        <TextLink href="/notes">{t('back')}</TextLink>
      </p>
      {asking === undefined ? null : (
        <ConfirmDialog
          open
          danger
          title={t('destroy.title', { title: titleOf(asking) })}
          confirm={t('destroy.confirm')}
          keep={t('destroy.keep')}
          busy={state === 'busy'}
          onConfirm={() => void destroy(asking)}
          onKeep={() => setAsking(undefined)}
        >
          {t('destroy.why')}
        </ConfirmDialog>
      )}
    </Page>
  )
}

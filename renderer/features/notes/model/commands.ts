/** What can be done to a note. Everything happens in the vault: nothing here could send. */
import { newDocumentId, type DocumentId } from '../../../../shared/base/ids.ts'
import type { Result } from '../../../../shared/base/errors.ts'
import type { VaultContext } from '../../../../shared/model/contexts.ts'
import { deleteRecord, putRecord } from '../../../../shared/model/record.ts'
import { noteRecord } from './note.ts'
import { due, noteById, notesInBin, titleFrom } from './selectors.ts'

type Records = Pick<VaultContext, 'records'>
type Changed = Result<void, 'newer-version'>

export const CONTENT = 'content'

export function createNote(vault: Records, now: number): DocumentId {
  const id = newDocumentId()
  putRecord(vault.records, noteRecord, id, {
    title: '',
    createdAt: now,
    changedAt: now,
    binnedAt: null,
    overdueAt: null,
  })
  return id
}

/** After its words changed. */
export function noteChanged(
  vault: Records,
  id: DocumentId,
  content: Parameters<typeof titleFrom>[0],
  now: number,
): void {
  const title = titleFrom(content)
  const known = noteById(vault.records, id)
  putRecord(vault.records, noteRecord, id, known?.title === title ? { changedAt: now } : { title, changedAt: now })
}

export const binNote = (vault: Records, id: DocumentId, now: number): Changed =>
  putRecord(vault.records, noteRecord, id, { binnedAt: now, overdueAt: null })

export const restoreNote = (vault: Records, id: DocumentId): Changed =>
  putRecord(vault.records, noteRecord, id, { binnedAt: null, overdueAt: null })

/** For good. The record goes last: should the first step fail, the note is still listed in the bin. */
export async function destroyNote(vault: VaultContext, id: DocumentId): Promise<void> {
  await vault.destroy(id)
  deleteRecord(vault.records, noteRecord, id)
}

/** Destroys what has been in the bin for its 30 days; see `due` for the guard against a wrong clock. */
export async function emptyOverdue(vault: VaultContext, now: number): Promise<void> {
  for (const note of notesInBin(vault.records)) {
    const answer = due(note, now)
    if (answer === 'now') await destroyNote(vault, note.id)
    else if (answer === 'first-noticed') putRecord(vault.records, noteRecord, note.id, { overdueAt: now })
    else if (answer === 'no-longer') putRecord(vault.records, noteRecord, note.id, { overdueAt: null })
  }
}

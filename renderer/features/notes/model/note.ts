/** A private note's record, in the vault. Its words are a document of their own in the vault, with the same id. */
import type { DocumentId } from '../../../../shared/base/ids.ts'
import { defineRecord, type FieldValue } from '../../../../shared/model/record.ts'

export interface Note {
  readonly id: DocumentId
  /** The first line of the note; empty while it has none. */
  readonly title: string
  readonly createdAt: number
  readonly changedAt: number
  readonly binnedAt: number | null
  /** When this computer first noticed that its time in the bin was over. */
  readonly overdueAt: number | null
}

const isTime = (value: FieldValue | undefined): value is number => typeof value === 'number' && Number.isFinite(value)

export const noteRecord = defineRecord<Note>({
  kind: 'note',
  scope: 'device',
  version: 1,
  minWriter: 1,
  migrations: [],
  parse(id, fields) {
    const { title, createdAt, changedAt, binnedAt, overdueAt } = fields
    if (!/^[0-9a-f]{32}$/.test(id) || typeof title !== 'string' || !isTime(createdAt)) return undefined
    return {
      id: id as DocumentId,
      title,
      createdAt,
      changedAt: isTime(changedAt) ? changedAt : createdAt,
      binnedAt: isTime(binnedAt) ? binnedAt : null,
      overdueAt: isTime(overdueAt) ? overdueAt : null,
    }
  },
})

/** A paper's record: what a list needs without opening it. Its words are a document of its own, with the same id. */
import type { DocumentId, MemberId } from '../../../../shared/base/ids.ts'
import { defineRecord, type FieldValue, type Fields } from '../../../../shared/model/record.ts'

export interface Paper {
  readonly id: DocumentId
  readonly title: string
  /** Name of the template it was made from; 'empty' for none. */
  readonly template: string
  readonly createdBy: MemberId
  /** Milliseconds; by the clock of whoever did it, so for display only. */
  readonly createdAt: number
  readonly binnedAt: number | null
  readonly binnedBy: MemberId | null
  /** When each member last changed its words. One field a member, so that two people's visits never hide each other. */
  readonly changed: ReadonlyMap<MemberId, number>
}

const CHANGED = 'changed/'

export const changedField = (member: MemberId): string => `${CHANGED}${member}`

const isText = (value: FieldValue | undefined): value is string => typeof value === 'string'
const isTime = (value: FieldValue | undefined): value is number => typeof value === 'number' && Number.isFinite(value)

function changes(fields: Fields): ReadonlyMap<MemberId, number> {
  const found = new Map<MemberId, number>()
  for (const [name, value] of Object.entries(fields)) {
    if (name.startsWith(CHANGED) && isTime(value)) found.set(name.slice(CHANGED.length) as MemberId, value)
  }
  return found
}

export const paperRecord = defineRecord<Paper>({
  kind: 'paper',
  scope: 'circle',
  version: 1,
  minWriter: 1,
  migrations: [],
  parse(id, fields) {
    const { title, template, createdBy, createdAt, binnedAt, binnedBy } = fields
    if (!/^[0-9a-f]{32}$/.test(id) || !isText(title) || !isText(createdBy) || !isTime(createdAt)) return undefined
    return {
      id: id as DocumentId,
      title,
      template: isText(template) ? template : 'empty',
      createdBy: createdBy as MemberId,
      createdAt,
      binnedAt: isTime(binnedAt) ? binnedAt : null,
      binnedBy: isText(binnedBy) ? (binnedBy as MemberId) : null,
      changed: changes(fields),
    }
  },
})

/** A paper's record: what a list needs without opening it. Its words are a document of its own, with the same id. */
import type { CircleId, DocumentId, MemberId } from '../../../../shared/base/ids.ts'
import { type LabelKey, readLabels } from './label-name.ts'
import { type Day, isDay } from './versions/day.ts'
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
  /** By the id of the copy. One field a move, so that two people who move it at once both see both copies. */
  readonly moves: ReadonlyMap<DocumentId, Move>
  /** When the group wants to look at it again; nobody is reminded. */
  readonly reviewOn: Day | null
  /** Under 'Start here' for everybody who can read it. */
  readonly pinned: boolean
  /** One field a label, so that two people who label it at once both win. */
  readonly labels: ReadonlyMap<LabelKey, string>
  /** Everybody who can read it is offered to begin new papers with its words. */
  readonly isTemplate: boolean
}

/** A copy of the paper for another circle. The copy itself says nothing of where it came from: its readers may not know. */
export interface Move {
  /** 'begun': it may be that there is no copy yet. 'undone': this paper was brought back; the copy stays where it is. */
  readonly state: 'begun' | 'done' | 'undone'
  readonly to: CircleId
  readonly by: MemberId
  /** Milliseconds, for display. */
  readonly at: number
  /** The paper's `changed` when its words were copied. */
  readonly changed: ReadonlyMap<MemberId, number>
}

const CHANGED = 'changed/'
const MOVED = 'moved/'
const ID = /^[0-9a-f]{32}$/

export const changedField = (member: MemberId): string => `${CHANGED}${member}`
export const movedField = (copy: DocumentId): string => `${MOVED}${copy}`

const isText = (value: FieldValue | undefined): value is string => typeof value === 'string'
const isTime = (value: FieldValue | undefined): value is number => typeof value === 'number' && Number.isFinite(value)

function changes(fields: Fields): ReadonlyMap<MemberId, number> {
  const found = new Map<MemberId, number>()
  for (const [name, value] of Object.entries(fields)) {
    if (name.startsWith(CHANGED) && isTime(value)) found.set(name.slice(CHANGED.length) as MemberId, value)
  }
  return found
}

/** [state, circle, by, at, then 'member at' for each that had changed it]. */
export const encodeMove = ({ state, to, by, at, changed }: Move): readonly string[] => [
  state,
  to,
  by,
  String(at),
  ...[...changed].map(([member, time]) => `${member} ${time}`),
]

const isMoveState = (value: string): value is Move['state'] => ['begun', 'done', 'undone'].includes(value)

function decodeMove(value: FieldValue): Move | undefined {
  if (!Array.isArray(value) || !value.every(isText)) return undefined
  const [state = '', to = '', by = '', at = '', ...rest] = value
  if (!isMoveState(state) || !ID.test(to) || by === '' || !isTime(Number(at))) return undefined
  const changed = new Map<MemberId, number>()
  for (const pair of rest) {
    const [member = '', time = ''] = pair.split(' ')
    if (isTime(Number(time))) changed.set(member as MemberId, Number(time))
  }
  return { state, to: to as CircleId, by: by as MemberId, at: Number(at), changed }
}

function moves(fields: Fields): ReadonlyMap<DocumentId, Move> {
  const found = new Map<DocumentId, Move>()
  for (const [name, value] of Object.entries(fields)) {
    const copy = name.startsWith(MOVED) ? name.slice(MOVED.length) : ''
    const move = ID.test(copy) ? decodeMove(value) : undefined
    if (move !== undefined) found.set(copy as DocumentId, move)
  }
  return found
}

export const paperRecord = defineRecord<Paper>({
  kind: 'paper',
  scope: 'circle',
  version: 4,
  // Version 1 knows no moves: it lists a paper that was moved as before, and may go on writing it. Its words are kept here.
  // Versions 1 and 2 know no day to look at it again, and no 'Start here': they list it among the others, and leave both as they are.
  // Versions 1 to 3 know no labels, and no papers to begin others with: to them it is a paper like any other.
  minWriter: 1,
  migrations: [(fields) => fields, (fields) => fields, (fields) => fields],
  parse(id, fields) {
    const { title, template, createdBy, createdAt, binnedAt, binnedBy, reviewOn, pinned, isTemplate } = fields
    if (!ID.test(id) || !isText(title) || !isText(createdBy) || !isTime(createdAt)) return undefined
    return {
      id: id as DocumentId,
      title,
      template: isText(template) ? template : 'empty',
      createdBy: createdBy as MemberId,
      createdAt,
      binnedAt: isTime(binnedAt) ? binnedAt : null,
      binnedBy: isText(binnedBy) ? (binnedBy as MemberId) : null,
      changed: changes(fields),
      moves: moves(fields),
      reviewOn: isDay(reviewOn) ? reviewOn : null,
      pinned: pinned === true,
      labels: readLabels(fields),
      isTemplate: isTemplate === true,
    }
  },
})

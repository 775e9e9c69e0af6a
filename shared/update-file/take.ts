/**
 * Takes in what a checked update file holds. It is only another way of carrying: records, entries and welcomes go where a session
 * would bring them, and nothing is accepted that a session would not accept.
 */
import type { Bytes } from '../base/bytes.ts'
import type { CircleId, DeviceId, MemberId } from '../base/ids.ts'
import { fitFromRemoved } from '../sync/hand-over.ts'
import { inMessages } from '../sync/in-messages.ts'
import { logKey, type LogKey } from '../sync/logs.ts'
import type { HeadHint } from '../sync/messages.ts'
import type { Replica } from '../sync/replica.ts'
import { MAX_ASIDE_OF_DEVICE } from '../sync/set-aside.ts'
import type { CheckedFile } from './check.ts'
import type { FileSection } from './content.ts'

const BATCH_BYTES = 1024 * 1024
const BATCH = 256

export interface TakenSection {
  readonly circle: CircleId
  /** Held here now; false: what the file says of it was not believed or does not open. */
  readonly held: boolean
  /** The person was put into it, and learnt of it from this file. */
  readonly isNew: boolean
  /** New changes, by who wrote them. */
  readonly changes: ReadonlyMap<MemberId, number>
  /** Entries that wait for something that is not here yet. */
  readonly waiting: number
  readonly setAside: number
  /** By name, without those that only prove a fork. */
  readonly refused: readonly string[]
}

export interface TakeRequest {
  readonly file: CheckedFile
  readonly group: Replica
  readonly circleOf: (circle: CircleId) => Replica | undefined
  /** A circle that is not held here: checked, stored and opened as one that a session brought. Undefined: refused. */
  readonly welcome: (circle: CircleId, records: readonly Bytes[]) => Promise<Replica | undefined>
  /** The group is being closed: nothing more is begun. */
  readonly isOver?: () => boolean
  readonly heard: (circle: CircleId, device: DeviceId, heads: readonly HeadHint[], anew: boolean) => void
}

export type Taken =
  | { readonly ok: true; readonly sections: readonly TakenSection[] }
  /** The store has stopped: what was taken before stays, and opening the file again does the rest. */
  | { readonly ok: false; readonly error: 'storage-failed' }

const isStopped = (replica: Replica): boolean => {
  const save = replica.saveState()
  return save.state === 'stopped' && save.reason !== 'not-a-member'
}

const headsOf = (replica: Replica): ReadonlyMap<LogKey, number> =>
  new Map(replica.heads().map((head) => [logKey(head), head.seq]))

function newChanges(replica: Replica, before: ReadonlyMap<LogKey, number>): ReadonlyMap<MemberId, number> {
  const { devices } = replica.membership.state()
  const changes = new Map<MemberId, number>()
  for (const head of replica.heads()) {
    const count = head.seq - (before.get(logKey(head)) ?? 0)
    const member = devices.get(head.device)?.member
    if (count > 0 && member !== undefined) changes.set(member, (changes.get(member) ?? 0) + count)
  }
  return changes
}

async function takeRecords(replica: Replica, records: readonly Bytes[]): Promise<readonly string[]> {
  const refused = await replica.membership.receive(records)
  return refused.map(({ reason }) => reason).filter((reason) => reason !== 'waits-for-a-key')
}

async function takeEntries(
  replica: Replica,
  entries: readonly Bytes[],
  { isOver }: TakeRequest,
): Promise<Pick<TakenSection, 'changes' | 'waiting' | 'setAside' | 'refused'>> {
  const before = headsOf(replica)
  const refused: string[] = []
  let waiting = 0
  let setAside = 0
  for (const batch of inMessages(entries, BATCH_BYTES, BATCH)) {
    const report = await replica.receive(batch)
    // What proves a fork is kept all the same; and what was begun before this person came in is for others of those the file is for.
    refused.push(
      ...report.refused.map(({ reason }) => reason).filter((reason) => reason !== 'forked' && reason !== 'closed-log'),
    )
    waiting = report.waiting
    setAside += report.setAside
    if (isStopped(replica) || isOver?.() === true) break
  }
  return { changes: newChanges(replica, before), waiting, setAside, refused }
}

const NOTHING = { changes: new Map(), waiting: 0, setAside: 0, refused: [] } as const

/** Of one that was taken out: what it wrote itself, and of its words about others nothing. */
const ownOf = (replica: Replica, device: DeviceId, entries: readonly Bytes[]): readonly Bytes[] =>
  fitFromRemoved(replica, device, entries).slice(0, MAX_ASIDE_OF_DEVICE)

async function takeSection(request: TakeRequest, section: FileSection): Promise<TakenSection> {
  const { file, group, circleOf, welcome, heard } = request
  const { circle, records, entries, heads } = section
  const before = circle === group.circle ? group : circleOf(circle)
  if (file.isRemoved) {
    if (before === undefined) return { circle, held: false, isNew: false, ...NOTHING }
    const own = ownOf(before, file.device, entries)
    return { circle, held: true, isNew: false, ...(await takeEntries(before, own, request)) }
  }
  const replica = before ?? (await welcome(circle, records))
  if (replica === undefined) return { circle, held: false, isNew: false, ...NOTHING }
  const isNew = before === undefined
  const refused = isNew ? [] : await takeRecords(replica, records)
  const sender = replica.membership.state().devices.get(file.device)
  // Somebody of the group who is not in this circle may pass on its records, as a welcome, and no more.
  if (sender === undefined) return { circle, held: true, isNew, ...NOTHING, refused }
  const taken = await takeEntries(replica, sender.present ? entries : ownOf(replica, file.device, entries), request)
  if (sender.present) {
    // Logs of computers that nobody knows are not something that anybody lacks.
    const { devices } = replica.membership.state()
    const believed = heads.filter(({ device }) => devices.has(device))
    heard(circle, file.device, believed, file.incarnation > file.knownIncarnation)
  }
  return { circle, held: true, isNew, ...taken, refused: [...refused, ...taken.refused] }
}

/** The group comes first: its records say who may be believed in the rest. */
export async function takeUpdateFile(request: TakeRequest): Promise<Taken> {
  const { file, group } = request
  const sections: TakenSection[] = []
  for (const section of file.sections) {
    const taken = await takeSection(request, section)
    if (request.isOver?.() === true) return { ok: false, error: 'storage-failed' }
    sections.push(taken)
    const replica = section.circle === group.circle ? group : request.circleOf(section.circle)
    if (replica !== undefined && isStopped(replica)) return { ok: false, error: 'storage-failed' }
    if (taken.refused.some((reason) => reason.startsWith('storage-failed')))
      return { ok: false, error: 'storage-failed' }
  }
  return { ok: true, sections }
}

/** What the sender said it had: a reply is made from there, whatever else is known of it. */
export function statedHeads(file: CheckedFile): ReadonlyMap<CircleId, readonly HeadHint[]> {
  return new Map(file.sections.map(({ circle, heads }) => [circle, heads]))
}

/** What the people of a circle should know of it beside their papers. */
import type { DeviceId } from '../../shared/base/ids.ts'
import type { CircleState, SkippedRecord } from '../../shared/membership/state.ts'
import type { CircleNotice } from '../../shared/model/contexts.ts'
import { isOutOfGroup, type Me } from './people.ts'

/** What changes who is in, who may read, or who may decide. A refused cancellation or name changes nothing anybody relies on. */
const WEIGHTY: ReadonlySet<SkippedRecord['type']> = new Set([
  'admit',
  'device',
  'add',
  'remove',
  'role',
  'rename',
  'close',
  'epoch',
  'grant',
])

/** Two did the same or nearly the same at one time, as honest people do; what they wanted has come about. */
const HARMLESS: ReadonlySet<string> = new Set([
  'invitation-used',
  'invitation-used-meanwhile',
  'invitation-cancelled',
  'invitation-cancelled-meanwhile',
  'invitation-expired',
  'target-not-present',
  'epoch-known',
  'already-present',
])

/** Keys are passed on by machines; that one of them had been taken out meanwhile is nothing to tell. */
const HARMLESS_FOR_KEYS: ReadonlySet<string> = new Set([
  'author-removed-meanwhile',
  'author-demoted-meanwhile',
  'author-not-present',
  'key-for-a-stranger',
  'not-an-organiser',
  'epoch-unknown',
])

/** One sentence each; a hostile member must not be able to fill a screen. */
const MAX_REFUSED = 20

const deservesSentence = ({ type, reason }: SkippedRecord): boolean =>
  WEIGHTY.has(type) &&
  !HARMLESS.has(reason) &&
  !((type === 'epoch' || type === 'grant') && HARMLESS_FOR_KEYS.has(reason))

function refusedOf(state: CircleState, me: Me): readonly CircleNotice[] {
  const refused = new Map<string, CircleNotice>()
  for (const record of state.skipped.filter(deservesSentence)) {
    const { reason, type, author } = record
    const person = author === undefined ? '' : (state.members.get(author)?.name ?? '')
    const key = JSON.stringify([reason, type, author])
    if (!refused.has(key))
      refused.set(key, { notice: 'refused', rule: reason, type, person, isMe: author === me.member })
  }
  return [...refused.values()].slice(-MAX_REFUSED)
}

function forksOf(state: CircleState, me: Me, forked: ReadonlySet<DeviceId>): readonly CircleNotice[] {
  return [...forked].flatMap((id): readonly CircleNotice[] => {
    const device = state.devices.get(id)
    if (device === undefined) return []
    const person = state.members.get(device.member)?.name ?? ''
    return [{ notice: 'fork', person, isMe: device.member === me.member, computer: device.name }]
  })
}

function fewOrganisersOf(state: CircleState, group: CircleState | undefined): readonly CircleNotice[] {
  const all = [...state.members.values()].filter((member) => member.present)
  const present = all.filter(({ id }) => !isOutOfGroup(group, id))
  const organisers = present.filter(({ role }) => role === 'organiser')
  const [only] = organisers
  if (only === undefined) {
    const out = all.filter(({ id, role }) => role === 'organiser' && isOutOfGroup(group, id))
    if (out.length > 0) return [{ notice: 'organisers-out', people: out.map(({ name }) => name) }]
    return [{ notice: 'no-organiser', scope: state.kind }]
  }
  // Alone in a circle there is nobody who could be the second.
  return organisers.length > 1 || present.length < 2 ? [] : [{ notice: 'one-organiser', person: only.name }]
}

function waitingOf(state: CircleState): readonly CircleNotice[] {
  const waiting = new Set(state.withoutKey.flatMap(({ device }) => state.devices.get(device)?.member ?? []))
  return [...waiting].map((id) => ({ notice: 'waiting-for-key', person: state.members.get(id)?.name ?? '' }))
}

/** Of a circle that this computer is in no more, or that has ended, only what was found: nothing is left to be done. */
export function noticesOf(request: {
  readonly state: CircleState
  /** Of a circle: the group it belongs to. */
  readonly group?: CircleState | undefined
  readonly me: Me
  /** Devices with a log that says two things at one place. */
  readonly forked: ReadonlySet<DeviceId>
  /** Circles stored here that do not open. */
  readonly unopened: number
}): readonly CircleNotice[] {
  const { state, group, me, forked, unopened } = request
  const lost: readonly CircleNotice[] = unopened === 0 ? [] : [{ notice: 'circles-unopened', count: unopened }]
  const found = [...lost, ...forksOf(state, me, forked), ...refusedOf(state, me)]
  const isIn = state.devices.get(me.device)?.present === true && !isOutOfGroup(group, me.member)
  return isIn && !state.closed ? [...found, ...fewOrganisersOf(state, group), ...waitingOf(state)] : found
}

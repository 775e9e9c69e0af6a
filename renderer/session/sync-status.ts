/** What the footer and Sync and safety say of the group and all its circles together. */
import type { CircleId, MemberId } from '../../shared/base/ids.ts'
import { createLive } from '../../shared/base/live.ts'
import type {
  Computer,
  Exchanged,
  Live,
  LookingWhere,
  Person,
  PersonSync,
  SaveState,
  SeenElsewhere,
  SyncStatus,
} from '../../shared/model/contexts.ts'
import type { Carrier, MemberSync } from '../../shared/sync/carry.ts'
import type { Replica } from '../../shared/sync/replica.ts'
import type { HeldCircle } from './hold-circle.ts'
import { namedPerson } from './people.ts'

type Status = Pick<Carrier, 'status' | 'ownStatus' | 'seenElsewhere' | 'refusals' | 'onChange'>

/** One person, or one computer, in one circle; `held`: all changes of the circle that are here. */
export interface InCircle<Sync extends Exchanged = Exchanged> {
  readonly sync: Sync
  readonly held: number
}

/**
 * Sums over the circles that both are in. Of a circle in which nothing was ever heard of them they lack everything: to leave it out
 * would say that they have it. Undefined only where they were never heard of at all.
 */
export function sumOf(circles: readonly InCircle[]): Exchanged {
  const heard = circles.filter(({ sync }) => sync.theyLack !== undefined)
  const matched = circles.flatMap(({ sync }) => sync.lastMatchedAt ?? [])
  const add = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
  return {
    connected: circles.some(({ sync }) => sync.connected),
    weLack: add(circles.map(({ sync }) => sync.weLack)),
    withheld: add(circles.map(({ sync }) => sync.withheld)),
    ...(heard.length === 0 ? {} : { theyLack: add(circles.map(({ sync, held }) => sync.theyLack ?? held)) }),
    // All of them together last matched when the one that matched longest ago did.
    ...(matched.length < circles.length || matched.length === 0 ? {} : { lastMatchedAt: Math.min(...matched) }),
  }
}

/** All together, and each of their computers by itself. */
export function personSync(person: Person, circles: readonly InCircle<MemberSync>[]): PersonSync {
  const ofComputer = (computer: Computer): readonly InCircle[] =>
    circles.flatMap(({ sync, held }) => {
      const found = sync.devices.find(({ device }) => device === computer.id)
      return found === undefined ? [] : [{ sync: found, held }]
    })
  const others = person.computers.filter(({ isThis }) => !isThis)
  return {
    person,
    ...sumOf(circles),
    computers: others.map((computer) => ({ computer, ...sumOf(ofComputer(computer)) })),
  }
}

/** That somebody left one circle does not mean that writing has stopped: only the group's own end counts here. */
export function worstSave(group: SaveState, circles: readonly SaveState[]): SaveState {
  const failing = [group, ...circles].find((save) => save.state === 'stopped' && save.reason !== 'not-a-member')
  if (failing !== undefined) return failing
  if (group.state === 'stopped') return group
  return [group, ...circles].find(({ state }) => state === 'saving') ?? group
}

const heldIn = (replica: Replica, member: MemberId): number =>
  replica.headsFor(member).reduce((sum, { seq }) => sum + seq, 0)

const isMine = ({ context }: HeldCircle): boolean => {
  const { state } = context.standing.get()
  return state === 'member' || state === 'closed'
}

function peopleSync(carrier: Status, group: HeldCircle, circles: readonly HeldCircle[]): readonly PersonSync[] {
  const all = [group, ...circles.filter(isMine)].map(({ replica }) => {
    const own = carrier.ownStatus(replica.circle)
    const everybody = [...carrier.status(replica.circle), ...(own === undefined ? [] : [own])]
    return { replica, members: new Map(everybody.map((sync) => [sync.member, sync])) }
  })
  return group.context.people
    .get()
    .filter(({ isMe, computers }) => !isMe || computers.length > 1)
    .map((person) =>
      personSync(
        person,
        all.flatMap(({ replica, members }) => {
          const sync = members.get(person.id)
          return sync === undefined ? [] : [{ sync, held: heldIn(replica, person.id) }]
        }),
      ),
    )
}

/** Of all circles together; names are the group's. */
function seenElsewhere(
  carrier: Status,
  group: HeldCircle,
  circles: readonly HeldCircle[],
): SyncStatus['seenElsewhere'] {
  const { membership } = group
  const named = (id: MemberId) => namedPerson(membership.state(), membership.secrets, id)
  const pairs = new Map<string, SeenElsewhere>()
  for (const { replica } of [group, ...circles.filter(isMine)]) {
    for (const { by, of, count } of carrier.seenElsewhere(replica.circle)) {
      const before = pairs.get(`${by} ${of}`)?.count ?? 0
      pairs.set(`${by} ${of}`, { by: named(by), of: named(of), count: before + count })
    }
  }
  return [...pairs.values()]
}

function refusalsOf(carrier: Status, group: HeldCircle): SyncStatus['refusals'] {
  const { devices, members } = group.membership.state()
  return carrier.refusals().map(({ at, reason, device }) => {
    const member = device === undefined ? undefined : devices.get(device)?.member
    const from = member === undefined ? undefined : members.get(member)?.name
    return from === undefined ? { at, reason } : { at, reason, from }
  })
}

export function followSync(request: {
  readonly carrier: Status
  readonly group: HeldCircle
  readonly circles: () => readonly HeldCircle[]
  /** Tells when a circle was opened, or stands otherwise. */
  readonly onCircles: (listener: () => void) => () => void
  readonly looking: Live<LookingWhere>
  /** See Store. */
  readonly hasUnreadable: () => boolean
}): { readonly live: Live<SyncStatus>; stop(): void } {
  const { carrier, group, circles, onCircles, looking, hasUnreadable } = request
  const read = (): SyncStatus => ({
    save: worstSave(
      group.context.save.get(),
      circles().map(({ context }) => context.save.get()),
    ),
    people: peopleSync(carrier, group, circles()),
    seenElsewhere: seenElsewhere(carrier, group, circles()),
    unreadable: hasUnreadable(),
    forked: [group, ...circles().filter(isMine)].some(({ replica }) => replica.forks().devices().size > 0),
    ...looking.get(),
    refusals: refusalsOf(carrier, group),
  })
  const live = createLive(read())
  let scheduled = false
  let stopped = false
  let shown = JSON.stringify(live.get())
  /** Many changes come in one go; the screen hears of them once, and only when a word of it is another one. */
  const update = (): void => {
    if (scheduled) return
    scheduled = true
    queueMicrotask(() => {
      scheduled = false
      if (stopped) return
      const next = read()
      const text = JSON.stringify(next)
      if (text === shown) return
      shown = text
      live.set(next)
    })
  }
  const saves = new Map<CircleId, () => void>()
  const followSaves = (): void => {
    for (const { context } of circles()) {
      if (!saves.has(context.id)) saves.set(context.id, context.save.subscribe(update))
    }
    update()
  }
  const stops = [
    carrier.onChange(update),
    group.context.save.subscribe(update),
    group.context.people.subscribe(update),
    looking.subscribe(update),
    onCircles(followSaves),
  ]
  followSaves()
  return {
    live,
    stop() {
      stopped = true
      for (const stop of [...stops, ...saves.values()]) stop()
    },
  }
}

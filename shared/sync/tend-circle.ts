/**
 * Keeps one circle in order while this device is on: takes out whom the group no longer has, changes a key that somebody absent
 * was given, passes keys on to those who lack one. Every device could; they take turns, so that mostly one does. Where two did
 * at once that is in order too, and it comes to rest because nothing is done that the records do not ask for.
 */
import { describeThrown, type Result } from '../base/errors.ts'
import type { DeviceId } from '../base/ids.ts'
import { removeFrom } from '../membership/remove-from.ts'
import { renewKey } from '../membership/renew-key.ts'
import { MAX_HOUSEKEEPING } from '../membership/quota.ts'
import { mayMend, repairKeys } from '../membership/repair-keys.ts'
import { reportUnopened } from '../membership/report-unopened.ts'
import type { CircleState, Membership } from '../membership/state.ts'
import type { RemoveBody } from '../wire/record.ts'
import type { Replica } from './replica.ts'
import type { Timers } from './timers.ts'

/** Long enough for what others are doing just now to arrive first. */
const FIRST_MS = 2_000
const TURN_MS = 3_000
/** However many are before us, most of them are not on. */
const MAX_TURNS = 20
/** A task that is still there after so many tries will not go away by trying. */
const MAX_TRIES = 8

export interface TendCircle {
  readonly replica: Pick<Replica, 'membership' | 'lastAccepted'>
  /** The group that the circle belongs to; none for a group itself. */
  readonly group?: Membership
  readonly timers: Timers
  /** 0 to 1. */
  readonly random: () => number
  readonly log: (line: string) => void
}

type Outcome = Result<unknown, 'not-allowed' | 'storage-failed' | 'room-kept'>

export interface TendedCircle {
  /**
   * 'room-kept': there is something to do, and this computer leaves it to others. What it may still say in this circle is for what its
   * person says: taking somebody out, a new key, a role.
   */
  standing(): 'tending' | 'room-kept'
  stop(): void
}

interface Task {
  /** The same as long as it is the same thing to do. */
  readonly name: string
  /** Who else may do it; this device is one of them. */
  readonly by: readonly DeviceId[]
  run(): Promise<Outcome>
}

const presentDevices = (state: CircleState): readonly DeviceId[] =>
  [...state.devices.values()]
    .filter(({ present }) => present)
    .map(({ id }) => id)
    .toSorted()

const organisersDevices = (state: CircleState): readonly DeviceId[] =>
  presentDevices(state).filter((id) => {
    const member = state.devices.get(id)?.member
    return member !== undefined && state.members.get(member)?.role === 'organiser'
  })

/**
 * Whom the group had and has no more. Whoever it does not know yet stays: its records may be on their way. A person goes whole where
 * none of their computers here is left in the group.
 */
function goneFrom(state: CircleState, group: CircleState): readonly RemoveBody['target'][] {
  const isGone = (device: DeviceId): boolean => group.devices.get(device)?.present === false || group.fallen.has(device)
  return [...state.members.values()].flatMap((member): readonly RemoveBody['target'][] => {
    const here = member.devices.filter((device) => state.devices.get(device)?.present === true)
    const gone = here.filter(isGone).toSorted()
    if (gone.length === 0) return []
    const isWholly = gone.length === here.length && group.members.get(member.id)?.present === false
    return isWholly ? [{ member: member.id }] : gone.map((device) => ({ device }))
  })
}

function removalTask(tend: TendCircle, state: CircleState): Task | undefined {
  const { replica, group } = tend
  if (group === undefined) return undefined
  const groupState = group.state()
  const isInGroup = (device: DeviceId): boolean => groupState.devices.get(device)?.present === true
  const [target] = goneFrom(state, groupState)
  if (target === undefined) return undefined
  const devices = 'device' in target ? [target.device] : (state.members.get(target.member)?.devices ?? [])
  return {
    name: `take out ${'device' in target ? target.device : target.member}`,
    by: organisersDevices(state).filter(isInGroup),
    run: () => removeFrom(replica.membership, target, replica.lastAccepted(devices)),
  }
}

function renewalTask({ replica: { membership } }: TendCircle, state: CircleState): Task | undefined {
  // Of the clean leaves one is the current one, so this says that there is none.
  if (state.epochs.get(state.currentEpoch)?.clean !== false) return undefined
  return {
    name: `change the key ${state.currentEpoch}`,
    by: organisersDevices(state),
    run: () => renewKey(membership),
  }
}

function repairTask({ replica: { membership } }: TendCircle, state: CircleState): Task | undefined {
  const lacking = state.withoutKey.filter((lack) => mayMend(membership, lack))
  if (lacking.length === 0) return undefined
  const without = new Set(lacking.map(({ device }) => device))
  return {
    name: `pass on ${lacking
      .map(({ device, epoch }) => `${device} ${epoch}`)
      .toSorted()
      .join()}`,
    by: presentDevices(state).filter((device) => device === membership.secrets.device || !without.has(device)),
    run: () => repairKeys(membership),
  }
}

/** Nobody else can see whether a box opens. */
function reportTask({ replica: { membership } }: TendCircle): Task | undefined {
  const epochs = membership.unopened()
  if (epochs.length === 0) return undefined
  return {
    name: `say what does not open: ${epochs.toSorted().join()}`,
    by: [membership.secrets.device],
    run: () => reportUnopened(membership),
  }
}

/** What there is to do for this device, the most pressing first. */
function tasksOf(tend: TendCircle): readonly Task[] {
  const { membership } = tend.replica
  const state = membership.state()
  return [removalTask, renewalTask, reportTask, repairTask]
    .flatMap((find) => find(tend, state) ?? [])
    .filter((task) => task.by.includes(membership.secrets.device))
}

export function tendCircle(tend: TendCircle): TendedCircle {
  const { replica, group, timers, random, log } = tend
  const { membership } = replica
  const tries = new Map<string, number>()
  let cancel: (() => void) | undefined
  let busy = false
  let stopped = false
  let standing: ReturnType<TendedCircle['standing']> = 'tending'

  const nextTask = (): Task | undefined => tasksOf(tend).find(({ name }) => (tries.get(name) ?? 0) < MAX_TRIES)

  const look = (): void => {
    if (stopped || busy || cancel !== undefined) return
    const task = nextTask()
    if (task === undefined) return
    if (membership.ownRecords() >= MAX_HOUSEKEEPING) {
      if (standing === 'tending') log('keeping this circle in order is left to others: room-kept')
      standing = 'room-kept'
      return
    }
    const turn = Math.min(task.by.indexOf(membership.secrets.device), MAX_TURNS)
    cancel = timers.after(FIRST_MS + TURN_MS * (turn + random()), () => {
      cancel = undefined
      void act(task.name)
    })
  }
  const act = async (name: string): Promise<void> => {
    const task = nextTask()
    // Another thing to do has another turn.
    if (stopped || task?.name !== name) return look()
    tries.set(name, (tries.get(name) ?? 0) + 1)
    busy = true
    let done: Outcome
    try {
      done = await task.run()
    } catch (thrown) {
      done = { ok: false, error: 'storage-failed', detail: describeThrown(thrown) }
    }
    busy = false
    if (!done.ok) log(`could not ${name}: ${done.error} ${done.detail ?? ''}`)
    look()
  }

  const stops = [membership.onChange(look), group?.onChange(look)]
  look()
  return {
    standing: () => standing,
    stop: () => {
      stopped = true
      cancel?.()
      for (const stop of stops) stop?.()
    },
  }
}

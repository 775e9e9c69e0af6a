/** The open group with all its circles: one carrier for all, and what the screens are handed of them. */
import type { Clock } from '../../shared/base/clock.ts'
import { describeThrown } from '../../shared/base/errors.ts'
import { createLive } from '../../shared/base/live.ts'
import type { Signer } from '../../shared/crypto/sign.ts'
import type { DeviceSecrets } from '../../shared/membership/state.ts'
import type { GroupContext } from '../../shared/model/contexts.ts'
import { createCarrier } from '../../shared/sync/carry.ts'
import type { Replica } from '../../shared/sync/replica.ts'
import type { Timers } from '../../shared/sync/timers.ts'
import type { Store } from '../store/store.ts'
import { createArrivals } from './arrivals.ts'
import { startCircle } from './create-circle.ts'
import { holdCircle } from './hold-circle.ts'
import { openInvitations } from './invitations.ts'
import type { OpenChannel } from './meet.ts'
import { nameThisComputer } from './name-computer.ts'
import { createCircles } from './open-circles.ts'
import { receiveWelcomes } from './receive-welcome.ts'
import type { StoredCircles } from './stored-circles.ts'
import { followSync } from './sync-status.ts'
import type { Carriers } from './transports.ts'

export interface OpenGroup {
  readonly context: GroupContext
  /** Resolves when everything typed is on disk; rejects where it cannot be. */
  flush(): Promise<void>
  /** The store has stopped writing. */
  stopWrites(reason: 'disk-low'): void
  /** The disk has room again. */
  resumeWrites(): void
  /** Saves all that can be saved, says goodbye, closes. */
  close(): Promise<void>
}

export interface OpenGroupRequest {
  readonly stored: StoredCircles
  readonly secrets: DeviceSecrets
  readonly name: string
  readonly store: Store
  readonly carriers: Pick<Carriers, 'transports' | 'looking'>
  readonly clock: Clock
  readonly timers?: Timers | undefined
  readonly signer: Signer
  readonly openChannel: OpenChannel
  readonly onReplica?: ((replica: Replica) => void) | undefined
  readonly log: (line: string) => void
}

export async function openGroup(request: OpenGroupRequest): Promise<OpenGroup> {
  const { stored, store, carriers, clock, timers, signer, openChannel, log } = request
  const carrier = createCarrier({ signer, clock, log, openChannel, ...(timers === undefined ? {} : { timers }) })
  const options = { ...request, carrier }
  const unopened = createLive(stored.unreadable + stored.notUnderstood.length)
  let replicasOfCircles = (): readonly Replica[] => []
  const group = await holdCircle({
    ...options,
    circle: stored.group,
    group: undefined,
    circles: () => replicasOfCircles(),
    unopened,
  })
  await carrier.addCircle(group.replica)
  const circles = createCircles({
    ...options,
    group,
    notUnderstood: stored.notUnderstood,
    onUnopened: () => unopened.set(unopened.get() + 1),
  })
  replicasOfCircles = () => circles.replicas()

  const arrivals = createArrivals({
    storeOf: (circle) => store.circle(circle),
    nameOf: (_circle, member) => group.membership.state().members.get(member)?.name ?? '',
  })
  for (const circle of stored.circles) {
    if ((await circles.open(circle)) !== undefined) await arrivals.take(circle)
  }
  const office = { group: group.membership, circles, store, clock, signer, log }
  const welcomes = receiveWelcomes({ ...office, onArrived: (circle) => arrivals.take(circle) })
  const stopWelcomes = carrier.onWelcome((welcome) => welcomes.receive(welcome))

  const followTransports = (): void => carrier.setTransports(carriers.transports.get())
  const stopTransports = carriers.transports.subscribe(followTransports)
  followTransports()
  const memberships = () => [group.membership, ...circles.held().map(({ membership }) => membership)] as const
  const invitations = await openInvitations({
    ...request,
    membership: group.membership,
    memberships,
    store: store.circle(stored.group),
  })
  const stopMeetings = carrier.onChange(() => {
    for (const device of carrier.connected(stored.group)) invitations.arrived(device)
  })
  const sync = followSync({
    carrier,
    group,
    circles: () => circles.held(),
    onCircles: (listener) => circles.live.subscribe(listener),
    looking: carriers.looking,
  })
  const replicas = (): readonly Replica[] => [group.replica, ...circles.replicas()]

  return {
    context: {
      circle: group.context,
      circles: circles.live,
      arrivals: arrivals.live,
      acknowledgeArrival: (circle) => arrivals.acknowledge(circle),
      createCircle: (wish) => startCircle(office, wish),
      addComputer: () => invitations.addComputer(),
      nameThisComputer: (name) => nameThisComputer(memberships(), name),
      invitations: invitations.invitations,
      inviting: invitations.inviting,
      invite: (wish) => invitations.invite(wish),
      resumeInvitation: (id) => invitations.resumeInvitation(id),
      cancelInvitation: (id) => invitations.cancelInvitation(id),
      sync: sync.live,
    },
    async flush() {
      await Promise.all(replicas().map((replica) => replica.flush()))
    },
    stopWrites(reason) {
      for (const replica of replicas()) replica.stopWrites(reason)
    },
    resumeWrites() {
      for (const replica of replicas()) replica.resumeWrites()
    },
    async close() {
      stopMeetings()
      stopWelcomes()
      welcomes.stop()
      stopTransports()
      sync.stop()
      invitations.close()
      circles.stopTending()
      group.stopTending()
      const steps = [() => carrier.close(), () => circles.close(), () => group.close()]
      for (const step of steps) await step().catch((thrown: unknown) => log(`closing: ${describeThrown(thrown)}`))
    },
  }
}

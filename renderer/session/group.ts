/** The open group with all its circles: one carrier for all, and what the screens are handed of them. */
import type { Clock } from '../../shared/base/clock.ts'
import { describeThrown } from '../../shared/base/errors.ts'
import type { CircleId } from '../../shared/base/ids.ts'
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
import { openInvitingByFiles } from './invite-by-files.ts'
import type { OpenChannel } from './meet.ts'
import { nameThisComputer } from './name-computer.ts'
import { createCircles } from './open-circles.ts'
import { watchPutInAgain } from './put-in-again.ts'
import { receiveWelcomes } from './receive-welcome.ts'
import { createMeter, fileSent, namesIn, openSentLog, type OpenSentLog } from './sent-log.ts'
import type { StoredCircles } from './stored-circles.ts'
import { followSync } from './sync-status.ts'
import type { Carriers } from './transports.ts'
import { openUpdateFiles } from './update-files.ts'

export interface OpenGroup {
  readonly context: GroupContext
  readonly sent: Pick<OpenSentLog, 'note'>
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

/** Undoes what was opened, the latest first; whatever fails on the way, the rest is done. */
function createClosing(log: (line: string) => void) {
  const steps: (() => unknown)[] = []
  return {
    add: (...more: readonly (() => unknown)[]) => void steps.push(...more),
    async run(): Promise<void> {
      for (const step of steps.splice(0).toReversed()) {
        try {
          await step()
        } catch (thrown) {
          log(`closing: ${describeThrown(thrown)}`)
        }
      }
    },
  }
}

type Closing = ReturnType<typeof createClosing>

export async function openGroup(request: OpenGroupRequest): Promise<OpenGroup> {
  const closing = createClosing(request.log)
  try {
    return await open(request, closing)
  } catch (thrown) {
    await closing.run()
    throw thrown
  }
}

async function open(request: OpenGroupRequest, closing: Closing): Promise<OpenGroup> {
  const { stored, secrets, store, carriers, clock, timers, signer, openChannel, log } = request
  let noteSent: OpenSentLog['note'] = () => undefined
  const carrier = createCarrier({
    signer,
    clock,
    log,
    openChannel,
    meter: (kind) => createMeter({ kind, clock, note: (line) => noteSent(line) }),
    ...(timers === undefined ? {} : { timers }),
  })
  let isDiskLow = false
  const options = {
    ...request,
    carrier,
    onReplica(replica: Replica) {
      request.onReplica?.(replica)
      if (isDiskLow) replica.stopWrites('disk-low')
    },
  }
  const unopened = createLive(stored.unreadable + stored.notUnderstood.length)
  let replicasOfCircles = (): readonly Replica[] => []
  const group = await holdCircle({
    ...options,
    circle: stored.group,
    group: undefined,
    circles: () => replicasOfCircles(),
    unopened,
  })
  closing.add(() => group.close())
  const sent = await openSentLog({
    store: store.circle(stored.group),
    clock,
    timers,
    whose: namesIn(() => group.membership.state(), secrets),
    log,
  })
  noteSent = (line) => sent.note(line)
  closing.add(
    () => sent.close(),
    group.membership.onChange(() => sent.refresh()),
  )
  const arrivals = createArrivals({
    storeOf: (circle) => store.circle(circle),
    nameOf: (_circle, member) => group.membership.state().members.get(member)?.name ?? '',
  })
  const onArrived = (circle: CircleId): Promise<void> => arrivals.take(circle)
  const circles = createCircles({
    ...options,
    group,
    notUnderstood: stored.notUnderstood,
    onUnopened: () => unopened.set(unopened.get() + 1),
    onOpened: (held) => watchPutInAgain(held, { store, onArrived, log }),
  })
  replicasOfCircles = () => circles.replicas()
  // Nobody may bring anything any more once circles are closed.
  closing.add(
    () => circles.close(),
    () => carrier.close(),
    () => circles.stopTending(),
    () => group.stopTending(),
  )
  await carrier.addCircle(group.replica)

  for (const circle of stored.circles) {
    if ((await circles.open(circle)) !== undefined) await arrivals.take(circle)
  }
  const office = { group: group.membership, circles, store, clock, signer, log }
  const welcomes = receiveWelcomes({ ...office, onArrived })
  closing.add(
    () => welcomes.stop(),
    carrier.onWelcome((welcome) => welcomes.receive(welcome)),
  )

  const memberships = () => [group.membership, ...circles.held().map(({ membership }) => membership)] as const
  const invitations = await openInvitations({
    ...request,
    membership: group.membership,
    memberships,
    store: store.circle(stored.group),
    meter: (kind) => createMeter({ kind, clock, note: noteSent, recipient: { to: 'newcomer' } }),
  })
  const sync = followSync({
    carrier,
    group,
    circles: () => circles.held(),
    onCircles: (listener) => circles.live.subscribe(listener),
    looking: carriers.looking,
    hasUnreadable: () => store.hasUnreadable(),
  })
  const files = await openUpdateFiles({ ...office, group, carrier, welcomes, store: store.circle(stored.group) })
  const byFiles = await openInvitingByFiles({
    ...request,
    membership: group.membership,
    store: store.circle(stored.group),
    kept: invitations.kept,
    onLetIn: (id) => invitations.putAway(id),
    onFile: (bytes) => sent.note(fileSent('invitation', bytes, clock.now())),
    welcome: (to) => files.make({ to, everything: true }),
  })
  const followTransports = (): void => carrier.setTransports(carriers.transports.get())
  closing.add(
    () => byFiles.close(),
    () => invitations.close(),
    () => sync.stop(),
    () => files.stop(),
    carriers.transports.subscribe(followTransports),
    carrier.onChange(() => {
      for (const device of carrier.connected(stored.group)) invitations.arrived(device)
    }),
  )
  followTransports()
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
      files,
      sent: sent.live,
      noteExport: (bytes) => sent.note(fileSent('export', bytes, clock.now())),
      byFiles,
    },
    sent,
    async flush() {
      await Promise.all(replicas().map((replica) => replica.flush()))
    },
    stopWrites(reason) {
      isDiskLow = true
      for (const replica of replicas()) replica.stopWrites(reason)
    },
    resumeWrites() {
      isDiskLow = false
      for (const replica of replicas()) replica.resumeWrites()
    },
    close: () => closing.run(),
  }
}

/** One open group: its membership, its replica, its carrier, and what the screens are handed of them. */
import type { Clock } from '../../shared/base/clock.ts'
import type { CircleId } from '../../shared/base/ids.ts'
import type { Signer } from '../../shared/crypto/sign.ts'
import { openMembership } from '../../shared/membership/open.ts'
import type { DeviceSecrets } from '../../shared/membership/state.ts'
import type { GroupContext } from '../../shared/model/contexts.ts'
import { createCarrier } from '../../shared/sync/carry.ts'
import { openReplica, type Replica } from '../../shared/sync/replica.ts'
import type { Store } from '../store/store.ts'
import { openCircle } from './circle-context.ts'
import { openInvitations } from './invitations.ts'
import type { OpenChannel } from './meet.ts'
import { createPresenceSource } from './presence.ts'
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

export async function openGroup(request: {
  readonly circle: CircleId
  readonly secrets: DeviceSecrets
  readonly name: string
  readonly store: Store
  readonly carriers: Carriers
  readonly clock: Clock
  readonly signer: Signer
  readonly openChannel: OpenChannel
  readonly onReplica?: ((replica: Replica) => void) | undefined
  readonly log: (line: string) => void
}): Promise<OpenGroup> {
  const { secrets, carriers, clock, signer, openChannel, log } = request
  const store = request.store.circle(request.circle)
  const membership = await openMembership({ circle: request.circle, secrets, store, signer })
  const replica = await openReplica({ membership, store, signer, clock, log })
  request.onReplica?.(replica)
  const carrier = createCarrier({ signer, clock, log, openChannel })
  const { context: circle, close: closeCircle } = await openCircle(
    replica,
    createPresenceSource({ membership, carrier, clock, log }),
  )
  await carrier.addCircle(replica)
  const followTransports = (): void => carrier.setTransports(carriers.transports.get())
  const stopTransports = carriers.transports.subscribe(followTransports)
  followTransports()
  const invitations = await openInvitations({ ...request, membership, store })
  const stopArrivals = carrier.onChange(() => {
    for (const device of carrier.connected(circle.id)) invitations.arrived(device)
  })
  const sync = followSync({ carrier, circle, membership, looking: carriers.looking })

  return {
    context: {
      circle,
      invitations: invitations.invitations,
      inviting: invitations.inviting,
      invite: (options) => invitations.invite(options),
      resumeInvitation: (id) => invitations.resumeInvitation(id),
      cancelInvitation: (id) => invitations.cancelInvitation(id),
      sync: sync.live,
    },
    flush: () => replica.flush(),
    stopWrites: (reason) => replica.stopWrites(reason),
    resumeWrites: () => replica.resumeWrites(),
    async close() {
      stopArrivals()
      stopTransports()
      sync.stop()
      invitations.close()
      try {
        await carrier.close()
        await closeCircle()
      } finally {
        await replica.close()
      }
    },
  }
}

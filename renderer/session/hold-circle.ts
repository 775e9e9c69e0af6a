/** One circle while it is open, the group or one of its circles: its log, its replica, what screens get, and what keeps it in order. */
import type { Clock } from '../../shared/base/clock.ts'
import type { CircleId } from '../../shared/base/ids.ts'
import type { Signer } from '../../shared/crypto/sign.ts'
import { openMembership } from '../../shared/membership/open.ts'
import type { DeviceSecrets, Membership } from '../../shared/membership/state.ts'
import type { CircleContext, Live } from '../../shared/model/contexts.ts'
import type { Carrier } from '../../shared/sync/carry.ts'
import { openReplica, type Replica } from '../../shared/sync/replica.ts'
import { tendCircle } from '../../shared/sync/tend-circle.ts'
import { systemTimers, type Timers } from '../../shared/sync/timers.ts'
import type { Store } from '../store/store.ts'
import { openCircle } from './circle-context.ts'
import { keepOwnComputers } from './own-computers.ts'
import { createPresenceSource } from './presence.ts'
import { restoredOption } from './restored.ts'

/** What every circle of one open group shares. */
export interface HoldOptions {
  readonly secrets: DeviceSecrets
  readonly store: Store
  readonly carrier: Carrier
  readonly clock: Clock
  readonly timers?: Timers | undefined
  readonly signer: Signer
  readonly onReplica?: ((replica: Replica) => void) | undefined
  readonly log: (line: string) => void
}

export interface HeldCircle {
  readonly membership: Membership
  readonly replica: Replica
  readonly context: CircleContext
  /** Whoever keeps the circle in order stops; sessions must be over before it is closed. */
  stopTending(): void
  /** Saves all that can be saved. */
  close(): Promise<void>
}

const random = (): number => Math.random()

export async function holdCircle(
  options: HoldOptions & {
    readonly circle: CircleId
    readonly group: Membership | undefined
    readonly circles: () => readonly Replica[]
    readonly unopened?: Live<number> | undefined
  },
): Promise<HeldCircle> {
  const { circle, group, circles, unopened, secrets, carrier, clock, signer, log } = options
  const timers = options.timers ?? systemTimers
  const store = options.store.circle(circle)
  const membership = await openMembership({ circle, secrets, store, signer })
  const restored = await restoredOption(options.store, circle)
  const replica = await openReplica({ membership, store, signer, clock, timers, log, ...restored })
  options.onReplica?.(replica)
  const presence = createPresenceSource({ membership, carrier, clock, log })
  const opened = await openCircle({
    replica,
    group,
    circles,
    unopened,
    presence,
    onExchange: (listener) => carrier.onChange(listener),
    clock,
    log,
  })
  const tending = [
    tendCircle({ replica, ...(group === undefined ? {} : { group }), timers, random, log }),
    ...(group === undefined ? [] : [keepOwnComputers({ group, circle: membership, log })]),
  ]
  const stopTending = (): void => {
    for (const { stop } of tending.splice(0)) stop()
  }
  return {
    membership,
    replica,
    context: opened.context,
    stopTending,
    async close() {
      stopTending()
      try {
        await opened.close()
      } finally {
        await replica.close()
      }
    },
  }
}

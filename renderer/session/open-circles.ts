/** The circles of the open group. Each is opened by itself: one that cannot be keeps none of the others from it. */
import { describeThrown } from '../../shared/base/errors.ts'
import type { CircleId } from '../../shared/base/ids.ts'
import { createLive } from '../../shared/base/live.ts'
import type { CircleContext, Live } from '../../shared/model/contexts.ts'
import type { Replica } from '../../shared/sync/replica.ts'
import { holdCircle, type HeldCircle, type HoldOptions } from './hold-circle.ts'

export interface OpenCircles {
  /** By name; those that ended, or that this person or computer is in no more, come last. */
  readonly live: Live<readonly CircleContext[]>
  held(): readonly HeldCircle[]
  replicas(): readonly Replica[]
  /** Stored here, whether or not it opens: nothing that arrives may be put in its place. */
  isStored(circle: CircleId): boolean
  /** Of one that is stored. Undefined where it does not open. */
  open(circle: CircleId): Promise<HeldCircle | undefined>
  stopTending(): void
  close(): Promise<void>
}

const isOver = (context: CircleContext): number => (context.standing.get().state === 'member' ? 0 : 1)

const inOrder = (contexts: readonly CircleContext[]): readonly CircleContext[] =>
  contexts.toSorted(
    (a, b) => isOver(a) - isOver(b) || a.name.get().localeCompare(b.name.get()) || (a.id < b.id ? -1 : 1),
  )

export function createCircles(
  request: HoldOptions & {
    readonly group: HeldCircle
    /** Stored circles of which this program understands nothing but the id. */
    readonly notUnderstood: readonly CircleId[]
    /** One that is stored does not open: it is left as it is. */
    readonly onUnopened: () => void
    /** Returns what is to be called before it is closed. */
    readonly onOpened: (held: HeldCircle) => () => void
  },
): OpenCircles {
  const { group, carrier, log } = request
  const held = new Map<CircleId, HeldCircle>()
  const opening = new Map<CircleId, Promise<HeldCircle | undefined>>(
    request.notUnderstood.map((circle) => [circle, Promise.resolve(undefined)]),
  )
  const live = createLive<readonly CircleContext[]>([])
  const stops: (() => void)[] = []
  let closed = false

  const sort = (): void => {
    const next = inOrder([...held.values()].map(({ context }) => context))
    const before = live.get()
    if (next.length !== before.length || next.some((context, index) => context !== before[index])) live.set(next)
  }

  const openOne = async (circle: CircleId): Promise<HeldCircle | undefined> => {
    try {
      const one = await holdCircle({ ...request, circle, group: group.membership, circles: () => [] })
      if (closed) {
        await one.close()
        return undefined
      }
      held.set(circle, one)
      stops.push(one.context.name.subscribe(sort), one.context.standing.subscribe(sort), request.onOpened(one))
      sort()
      await carrier.addCircle(one.replica, { group: group.membership.circle })
      return one
    } catch (thrown) {
      log(`a circle does not open: ${circle} ${describeThrown(thrown)}`)
      request.onUnopened()
      return undefined
    }
  }

  return {
    live,
    held: () => [...held.values()],
    replicas: () => [...held.values()].map(({ replica }) => replica),
    isStored: (circle) => opening.has(circle),
    open(circle) {
      const before = opening.get(circle)
      if (before !== undefined) return before
      const started = openOne(circle)
      opening.set(circle, started)
      return started
    },
    stopTending() {
      for (const one of held.values()) one.stopTending()
    },
    async close() {
      closed = true
      for (const stop of stops.splice(0)) stop()
      await Promise.all(opening.values())
      const results = await Promise.allSettled([...held.values()].map((one) => one.close()))
      const failed = results.find((result) => result.status === 'rejected')
      if (failed !== undefined) throw failed.reason
    },
  }
}

/** Somebody who left a circle, or was taken out of it, and is put in again, is told as of a circle that is new to them. */
import { describeThrown } from '../../shared/base/errors.ts'
import type { CircleId } from '../../shared/base/ids.ts'
import type { Store } from '../store/store.ts'
import { adderOf } from './adder.ts'
import { keepArrival } from './arrivals.ts'
import type { HeldCircle } from './hold-circle.ts'

export function watchPutInAgain(
  { context, membership }: HeldCircle,
  request: {
    readonly store: Store
    readonly onArrived: (circle: CircleId) => Promise<void>
    readonly log: (line: string) => void
  },
): () => void {
  const { store, onArrived, log } = request
  const isOut = (): boolean => ['left', 'removed'].includes(context.standing.get().state)
  let wasOut = isOut()
  const tell = async (): Promise<void> => {
    const by = adderOf(membership)
    if (by === undefined) return
    await keepArrival(store.circle(context.id), by)
    await onArrived(context.id)
  }
  return context.standing.subscribe(() => {
    const isBack = wasOut && !isOut()
    wasOut = isOut()
    if (isBack) tell().catch((thrown: unknown) => log(`an arrival: ${describeThrown(thrown)}`))
  })
}

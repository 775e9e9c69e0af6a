/**
 * What came out of a backup may be older than what this computer once wrote, and was perhaps restored before; of a circle that was
 * taken off this computer, nothing of that is left at all. So each of these circles goes on under a new incarnation before anything
 * is written there. The store keeps the name of the last restoring, and each circle the name of the one it has heard of; a circle
 * that comes back from others later has heard of none.
 */
import { equalBytes, randomBytes } from '../../shared/base/bytes.ts'
import { fail, ok, type Result } from '../../shared/base/errors.ts'
import type { CircleId } from '../../shared/base/ids.ts'
import type { ReplicaOptions } from '../../shared/sync/replica.ts'
import { forgetRestored, wasRestored } from '../keyring/restoring.ts'
import type { Store } from '../store/store.ts'
import { BACKUPS_VALUE } from './backup-settings.ts'

/** In the store: of the last restoring. In a circle's store: of the one that it has a new incarnation since. 16 bytes. */
const RESTORING_VALUE = 'restoring'

/** Before any circle is opened. Cut off on the way, it is done once more. */
export async function noteRestoring(store: Store): Promise<Result<void, 'storage-failed'>> {
  const restored = await wasRestored()
  if (!restored.ok) return fail('storage-failed', restored.detail)
  if (!restored.value) return ok(undefined)
  await store.setValue(RESTORING_VALUE, randomBytes(16))
  // The folder of the other computer: here it would be another one, or none.
  await store.setValue(BACKUPS_VALUE, new Uint8Array(0))
  const forgotten = await forgetRestored()
  return forgotten.ok ? forgotten : fail('storage-failed', forgotten.detail)
}

/** In the store: 1 for a circle that was taken off this computer, until it has come back and has a new incarnation. */
const removedValue = (circle: CircleId): string => `removed ${circle}`

/**
 * Before circles are taken off this computer: should this person come into one of them again, others hold a log of this computer of
 * which nothing is left here, and to begin it anew would be a fork.
 */
export async function noteRemoved(store: Store, circles: readonly CircleId[]): Promise<void> {
  for (const circle of circles) await store.setValue(removedValue(circle), Uint8Array.of(1))
}

/** For openReplica. */
export async function restoredOption(store: Store, circle: CircleId): Promise<Pick<ReplicaOptions, 'restored'>> {
  const wasRemoved = (await store.value(removedValue(circle)))?.[0] === 1
  const restoring = await store.value(RESTORING_VALUE)
  const heardOf = restoring === undefined ? undefined : await store.circle(circle).value(RESTORING_VALUE)
  const isNews = restoring !== undefined && (heardOf === undefined || !equalBytes(heardOf, restoring))
  if (!wasRemoved && !isNews) return {}
  return {
    restored: {
      async onRenewed() {
        if (isNews) await store.circle(circle).setValue(RESTORING_VALUE, restoring)
        if (wasRemoved) await store.setValue(removedValue(circle), Uint8Array.of(0))
      },
    },
  }
}

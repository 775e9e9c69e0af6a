/**
 * What came out of a backup, or of a copy of the profile, may be older than what this computer once wrote, and was perhaps restored before; of a circle that was
 * taken off this computer, nothing of that is left at all. So each of these circles goes on under a new incarnation before anything
 * is written there. The store keeps the name of the last restoring, and each circle the name of the one it has heard of; a circle
 * that comes back from others later has heard of none.
 */
import { equalBytes, fromUtf8, randomBytes, utf8 } from '../../shared/base/bytes.ts'
import { fail, ok, type Result } from '../../shared/base/errors.ts'
import type { CircleId } from '../../shared/base/ids.ts'
import type { ReplicaOptions } from '../../shared/sync/replica.ts'
import { forgetRestored, wasRestored } from '../keyring/restoring.ts'
import type { Store } from '../store/store.ts'
import { BACKUPS_VALUE } from './backup-settings.ts'

/** In the store: of the last restoring. In a circle's store: of the one that it has a new incarnation since. 16 bytes. */
const RESTORING_VALUE = 'restoring'

/** Before any circle is opened. Cut off on the way, it is done once more. Says whether it was restored. */
export async function noteRestoring(store: Store): Promise<Result<boolean, 'storage-failed'>> {
  const restored = await wasRestored()
  if (!restored.ok) return fail('storage-failed', restored.detail)
  if (!restored.value) return ok(false)
  await store.setValue(RESTORING_VALUE, randomBytes(16))
  // The folder of the other computer: here it would be another one, or none.
  await store.setValue(BACKUPS_VALUE, new Uint8Array(0))
  const forgotten = await forgetRestored()
  return forgotten.ok ? ok(true) : fail('storage-failed', forgotten.detail)
}

/** In the store: what was found, in UTF-8, until the person has read it. */
const OLD_COPY_VALUE = 'old copy'

/** Before any circle is opened: the data is an old copy, or came from another computer. As after a restoring. */
export async function noteOldCopy(store: Store, found: 'older' | 'elsewhere'): Promise<void> {
  await store.setValue(RESTORING_VALUE, randomBytes(16))
  if (found === 'elsewhere') await store.setValue(BACKUPS_VALUE, new Uint8Array(0))
  await store.setValue(OLD_COPY_VALUE, utf8(found))
}

export async function readOldCopy(store: Store): Promise<'older' | 'elsewhere' | undefined> {
  const stored = await store.value(OLD_COPY_VALUE)
  const found = stored === undefined ? '' : fromUtf8(stored)
  return found === 'older' || found === 'elsewhere' ? found : undefined
}

export const forgetOldCopy = (store: Store): Promise<void> => store.setValue(OLD_COPY_VALUE, new Uint8Array(0))

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

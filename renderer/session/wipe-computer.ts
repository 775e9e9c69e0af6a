/** Takes everything off this computer, in an order that leaves nothing half: see keyring/wipe.ts. Doing it again is harmless. */
import { describeThrown, fail, ok, type Result } from '../../shared/base/errors.ts'
import type { HostPorts } from '../../shared/host/ports.ts'
import { deleteDatabase } from '../at-rest/delete-database.ts'
import { endWipe } from '../keyring/wipe.ts'
import { STORE_NAME } from '../store/store.ts'
import { VAULT_NAME } from '../vault/vault.ts'

/** After beginWipe and after everything was closed. What cannot be deleted stays, unreadable, and the next try begins anew. */
export async function finishWipe(profile: HostPorts['profile']): Promise<Result<void, 'storage-failed'>> {
  try {
    await deleteDatabase(STORE_NAME)
    await deleteDatabase(VAULT_NAME)
    // Where tests run there is none.
    globalThis.localStorage?.clear()
    await profile.wipe()
    await endWipe()
    return ok(undefined)
  } catch (thrown) {
    return fail('storage-failed', describeThrown(thrown))
  }
}

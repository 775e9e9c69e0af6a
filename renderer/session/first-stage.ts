/** What the screen begins with: whether anything is stored here, and whether it is whole. */
import { describeThrown } from '../../shared/base/errors.ts'
import type { HostClient } from '../../shared/host/rpc.ts'
import type { AppState } from '../../shared/model/contexts.ts'
import { finishInterruptedRestoring } from '../backup/restore.ts'
import { readKeyring } from '../keyring/keyring.ts'
import { isWipeUnfinished } from '../keyring/wipe.ts'
import { storeExists } from '../store/store.ts'
import { findLostData } from './lost-data.ts'
import { finishWipe } from './wipe-computer.ts'

type Log = (line: string) => void

/** Goes on with a wiping that was begun, here or before a crash. */
export async function stageAfterWipe(host: HostClient, log: Log): Promise<AppState> {
  const finished = await finishWipe(host.ports.profile)
  if (finished.ok) return { stage: 'first-run' }
  log(`wiping: ${finished.detail ?? ''}`)
  return {
    stage: 'blocked',
    reason: 'wipe-unfinished',
    ...(finished.detail === undefined ? {} : { detail: finished.detail }),
  }
}

export async function decideFirstStage(
  state: { set(value: AppState): void },
  host: HostClient,
  log: Log,
): Promise<void> {
  const wiping = await isWipeUnfinished()
  if (wiping.ok && wiping.value) return state.set(await stageAfterWipe(host, log))
  try {
    await finishInterruptedRestoring()
  } catch (thrown) {
    return state.set({ stage: 'blocked', reason: 'storage-failed', detail: describeThrown(thrown) })
  }
  const keyring = await readKeyring()
  if (!keyring.ok) {
    const reason = keyring.error === 'newer-version' ? 'newer-version' : 'storage-failed'
    return state.set({ stage: 'blocked', reason, detail: keyring.detail ?? keyring.error })
  }
  if (keyring.value !== undefined) return state.set({ stage: 'locked', name: '' })
  // Sealed data without its keyring is a loss to be looked into, not a first run to write over.
  if (await storeExists()) return state.set({ stage: 'blocked', reason: 'keyring-missing' })
  const lost = await findLostData(host.ports, log)
  state.set({ stage: 'first-run', ...(lost === undefined ? {} : { lost }) })
}

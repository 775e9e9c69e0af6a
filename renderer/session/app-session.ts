/**
 * The stages of the app, from a closed lock to an open group. It owns what must be closed in order when the person locks:
 * group first, then notes, then the store, then the keys.
 */
import type { Bytes } from '../../shared/base/bytes.ts'
import type { Clock } from '../../shared/base/clock.ts'
import { describeThrown, fail, ok, type Result } from '../../shared/base/errors.ts'
import type { Signer } from '../../shared/crypto/sign.ts'
import { checkCode } from '../../shared/joining/code.ts'
import { createCircle } from '../../shared/membership/create.ts'
import type { AppSession, AppSettings, AppState, Joining, SignalingView } from '../../shared/model/contexts.ts'
import { createLive } from '../../shared/base/live.ts'
import type { HostClient } from '../../shared/host/rpc.ts'
import type { Replica } from '../../shared/sync/replica.ts'
import { readKeyring, setUpKeyring, unlockKeyring } from '../keyring/keyring.ts'
import { storeExists } from '../store/store.ts'
import { openGroup, type OpenGroup } from './group.ts'
import { isIn, refuseJoining, startJoining } from './join-group.ts'
import { createRecovery } from './recovery.ts'
import { openStorage, takeUpAgain, type OpenedStorage, type OpenProblem } from './open-storage.ts'
import { defaultSettings, encodeSettings, SETTINGS_VALUE } from './settings.ts'
import { storeCircle } from './store-circle.ts'
import type { StoredCircles } from './stored-circles.ts'
import { createTransports, type Carriers } from './transports.ts'
import type { OpenChannel } from './meet.ts'

export interface SessionDependencies {
  readonly host: HostClient
  readonly clock: Clock
  readonly signer: Signer
  readonly openChannel: OpenChannel
  /** Told of the replica of the open group and of each of its circles; for tap.ts. */
  readonly onReplica?: ((replica: Replica) => void) | undefined
  readonly log: (line: string) => void
}

/** What is open between unlocking and locking. */
interface Unlocked extends Pick<OpenedStorage, 'store' | 'vault'> {
  /** Both are others once this computer has become another one of somebody's. */
  name: OpenedStorage['name']
  secrets: OpenedStorage['secrets']
  readonly carriers: Carriers
  stored: StoredCircles | undefined
  group: OpenGroup | undefined
}

/** Only for the window that holds the lock of at-rest/window-lock.ts. */
export async function startSession(dependencies: SessionDependencies): Promise<AppSession> {
  const { host, clock, signer, log } = dependencies
  const state = createLive<AppState>({ stage: 'starting' })
  const settings = createLive<AppSettings>(defaultSettings)
  const joining = createLive<Joining | undefined>(undefined)
  const signaling = createLive<SignalingView | undefined>(undefined)
  const lockWaits = createLive(false)
  let unlocked: Unlocked | undefined
  /** The passphrase of a set-up that was cut off before it was told a name; see setUp. */
  let unfinished: string | undefined

  const show = (): void => {
    if (unlocked === undefined) return state.set({ stage: 'locked', name: '' })
    const { name, vault, group } = unlocked
    if (group === undefined) state.set({ stage: 'no-group', name, vault: vault.context })
    else state.set({ stage: 'group', name, vault: vault.context, group: group.context })
  }

  /** From the root key to the screen. Where anything fails, what was opened is closed again and nothing was changed. */
  const open = async (rootKey: Bytes, newName?: string): Promise<Result<void, OpenProblem>> => {
    const opened = await openStorage({ rootKey, newName, signer, log })
    rootKey.fill(0)
    if (!opened.ok) return opened
    const { circles, settings: stored, ...storage } = opened.value
    try {
      settings.set(stored)
      const carriers = createTransports({ host, settings, log })
      const current: Unlocked = { ...storage, carriers, stored: undefined, group: undefined }
      unlocked = current
      if (circles !== undefined) await openThe(current, circles)
      await stopWhereDiskIsLow()
      unfinished = undefined
      show()
      return ok(undefined)
    } catch (thrown) {
      log(describeThrown(thrown))
      if (unlocked === undefined) await closeStorage(storage, log)
      else await closeAll()
      return fail('storage-failed', describeThrown(thrown))
    }
  }

  const openThe = async (current: Unlocked, stored: StoredCircles): Promise<void> => {
    // Let into the same group again: it is opened anew, with all that was said while this person was out of it.
    const before = current.group
    current.group = undefined
    await before?.close()
    const group = await openGroup({
      ...dependencies,
      stored,
      secrets: current.secrets,
      name: current.name,
      store: current.store,
      carriers: current.carriers,
    })
    // Locked meanwhile: nobody else would ever close it.
    if (unlocked !== current) return group.close()
    current.group = group
    current.stored = stored
  }

  /** Whatever fails on the way, the rest is closed and the keys are forgotten. */
  const closeAll = async (): Promise<void> => {
    const current = unlocked
    if (current === undefined) return
    unlocked = undefined
    joining.get()?.cancel()
    joining.set(undefined)
    await inOrder([async () => current.group?.close(), async () => current.carriers.close()], log)
    await closeStorage(current, log)
  }

  const stopWrites = (): void => {
    unlocked?.store.stopWrites('disk-low')
    unlocked?.vault.stopWrites('disk-low')
    unlocked?.group?.stopWrites('disk-low')
  }

  const stopWhereDiskIsLow = async (): Promise<void> => {
    const { low } = await host.ports.storage.space()
    if (low) stopWrites()
  }

  host.onEvent((event) => {
    if (event.type !== 'storage-low') return
    if (event.low) return stopWrites()
    unlocked?.store.resumeWrites()
    unlocked?.vault.resumeWrites()
    unlocked?.group?.resumeWrites()
  })
  host.onClose(() => {
    // The window's host has gone: nothing can be sent or looked for, and the window is about to be closed.
    state.set({ stage: 'blocked', reason: 'host-gone' })
    void closeAll().catch((thrown: unknown) => log(describeThrown(thrown)))
  })

  const recovery = createRecovery({ open, isLocked: () => unlocked === undefined, log })
  await recovery.refresh()
  await decideFirstStage(state)
  // The first screen need not wait for it.
  void host.ports.signaling.serverStatus().then(
    (status) => signaling.set(status),
    (thrown: unknown) => log(`signalling: ${describeThrown(thrown)}`),
  )

  return {
    state,
    settings,
    joining,
    signaling,
    async setUp({ name, passphrase }) {
      const rootKey =
        unfinished === undefined
          ? // No label: it would be readable beside the sealed keys.
            await setUpKeyring({ passphrase, label: '' })
          : await takeUpAgain(unfinished, passphrase)
      if (!rootKey.ok)
        return fail(rootKey.error === 'already-set-up' ? rootKey.error : 'storage-failed', rootKey.detail)
      const opened = await open(rootKey.value, name)
      return opened.ok ? opened : fail('storage-failed', opened.detail)
    },
    async unlock(passphrase) {
      const rootKey = await unlockKeyring({ passphrase })
      if (rootKey.ok) {
        const opened = await open(rootKey.value)
        if (opened.ok) return opened
        if (opened.error !== 'no-name') return fail(opened.error, opened.detail)
        unfinished = passphrase
        state.set({ stage: 'first-run' })
        return ok(undefined)
      }
      if (rootKey.error === 'wrong-passphrase' || rootKey.error === 'newer-version') return fail(rootKey.error)
      return fail('storage-failed', rootKey.detail)
    },
    async lock({ loseUnsaved } = { loseUnsaved: false }) {
      const current = unlocked
      if (current !== undefined && !loseUnsaved && !(await canSave(current))) return lockWaits.set(true)
      lockWaits.set(false)
      await closeAll()
      show()
    },
    lockWaits,
    stayOpen: () => lockWaits.set(false),
    async createGroup({ groupName }) {
      const current = unlocked
      if (current === undefined || current.group !== undefined) return fail('storage-failed', 'not now')
      try {
        const { circle, records } = await createCircle({
          secrets: current.secrets,
          kind: 'group',
          circleName: groupName,
          founderName: current.name,
          now: clock.now(),
          signer,
        })
        await storeCircle(current.store, circle, { kind: 'group' }, records)
        await openThe(current, { group: circle, circles: [], notUnderstood: [], unreadable: 0 })
        show()
        return ok(undefined)
      } catch (thrown) {
        return fail('storage-failed', describeThrown(thrown))
      }
    },
    recovery: recovery.context,
    checkCode,
    join({ code }) {
      const current = unlocked
      if (current === undefined) throw new Error('Joining needs an open vault.')
      joining.get()?.cancel()
      if (isIn(current.group?.context.circle.standing)) {
        const refused = refuseJoining('already-in-a-group')
        joining.set(refused)
        return refused
      }
      const started = startJoining({
        ...dependencies,
        code,
        name: current.name,
        secrets: current.secrets,
        store: current.store,
        carriers: current.carriers,
        stored: current.stored,
        standing: current.group?.context.circle.standing,
        async onJoined(stored, me) {
          if (me !== undefined) {
            wipe(current.secrets)
            current.name = me.name
            current.secrets = me.secrets
          }
          await openThe(current, stored)
          if (unlocked === current) show()
        },
      })
      joining.set(started)
      return started
    },
    async changeSettings(change) {
      const current = unlocked
      if (current === undefined) return fail('storage-failed', 'locked')
      const before = settings.get()
      const next = { ...before, ...change }
      // At once, so that a second change made meanwhile starts from this one.
      settings.set(next)
      try {
        await current.store.setValue(SETTINGS_VALUE, encodeSettings(next))
      } catch (thrown) {
        if (settings.get() === next) settings.set(before)
        return fail('storage-failed', describeThrown(thrown))
      }
      return ok(undefined)
    },
    async setSignalingServer(request) {
      const before = signaling.get()
      // At once, so that a second switch moved meanwhile starts from this one.
      const asked = before === undefined ? undefined : { ...before, ...request }
      signaling.set(asked)
      try {
        const status = await host.ports.signaling.setServer(request)
        if (signaling.get() === asked) signaling.set(status)
      } catch (thrown) {
        if (signaling.get() === asked) signaling.set(before)
        throw thrown
      }
    },
  }
}

type Log = SessionDependencies['log']

/** One after the other; whatever fails on the way, the rest is done. */
async function inOrder(steps: readonly (() => Promise<unknown>)[], log: Log): Promise<void> {
  for (const step of steps) {
    try {
      await step()
    } catch (thrown) {
      log(`closing: ${describeThrown(thrown)}`)
    }
  }
}

async function closeStorage(
  { vault, store, secrets }: Pick<OpenedStorage, 'vault' | 'store' | 'secrets'>,
  log: Log,
): Promise<void> {
  await inOrder([() => vault.close(), () => store.close()], log)
  wipe(secrets)
}

function wipe({ identity, signing, box }: OpenedStorage['secrets']): void {
  for (const secret of [identity.seed, signing.seed, box.secretKey]) secret.fill(0)
}

/** True where everything typed is on disk. */
async function canSave({ group, vault }: Unlocked): Promise<boolean> {
  try {
    await Promise.all([group?.flush(), vault.flush()])
    return true
  } catch {
    // The save states of both say why, on the screen.
    return false
  }
}

async function decideFirstStage(state: { set(value: AppState): void }): Promise<void> {
  const keyring = await readKeyring()
  if (!keyring.ok) {
    const reason = keyring.error === 'newer-version' ? 'newer-version' : 'storage-failed'
    return state.set({ stage: 'blocked', reason, detail: keyring.detail ?? keyring.error })
  }
  if (keyring.value !== undefined) return state.set({ stage: 'locked', name: '' })
  // Sealed data without its keyring is a loss to be looked into, not a first run to write over.
  if (await storeExists()) return state.set({ stage: 'blocked', reason: 'storage-failed', detail: 'keyring missing' })
  state.set({ stage: 'first-run' })
}

/**
 * The stages of the app, from a closed lock to open groups. It owns what must be closed in order when the person locks: the groups
 * first, then the carriers, the notes, the store, and the keys last.
 */
import { utf8, type Bytes } from '../../shared/base/bytes.ts'
import type { Clock } from '../../shared/base/clock.ts'
import { describeThrown, fail, ok, type Result } from '../../shared/base/errors.ts'
import type { CircleId } from '../../shared/base/ids.ts'
import type { Signer } from '../../shared/crypto/sign.ts'
import { checkCode } from '../../shared/joining/code.ts'
import { createCircle } from '../../shared/membership/create.ts'
import type { AppSession, AppState, GroupSummary, Joining } from '../../shared/model/contexts.ts'
import { createLive } from '../../shared/base/live.ts'
import type { HostClient } from '../../shared/host/rpc.ts'
import type { BackupsContext } from '../../shared/model/backups.ts'
import type { Replica } from '../../shared/sync/replica.ts'
import { backupKeyOf } from '../backup/archive.ts'
import { setUpKeyring, unlockKeyring } from '../keyring/keyring.ts'
import { beginWipe } from '../keyring/wipe.ts'
import { chosenSettings } from './app-settings.ts'
import { openBackups, type Backups } from './backups.ts'
import { filesFromHost } from './files-from-host.ts'
import { decideFirstStage, stageAfterWipe } from './first-stage.ts'
import { createGenerations } from './generations.ts'
import { openGroup } from './group.ts'
import { createJoiningByFiles } from './join-by-files.ts'
import { startJoining, type JoinedGroup } from './join-group.ts'
import { createKeychain } from './keychain.ts'
import { readLatestBackup } from './lost-data.ts'
import { createOpenGroups, type OpenGroups } from './open-groups.ts'
import { createRecovery } from './recovery.ts'
import { openStorage, SHOWN_GROUP_VALUE, takeUpAgain, type OpenedStorage, type OpenProblem } from './open-storage.ts'
import { readBackup } from './read-backup.ts'
import { removeGroup } from './remove-group.ts'
import { createMeter, EMPTY_SENT_LOG, fileSent, openSentLog, type OpenSentLog } from './sent-log.ts'
import { forgetOldCopy } from './restored.ts'
import { createRoomShares, NEWCOMER, type RoomShares, type SharedTransports } from './share-rooms.ts'
import { storeCircle } from './store-circle.ts'
import type { StoredCircles } from './stored-circles.ts'
import { createTransports, type Carriers } from './transports.ts'
import type { OpenChannel } from './meet.ts'
import { watchDisk } from './watch-disk.ts'

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
  readonly shares: RoomShares
  /** For codes that are typed in here. */
  readonly newcomer: SharedTransports
  readonly groups: OpenGroups
  /** What leaves for no group that is here. */
  readonly sent: OpenSentLog
  backups: Backups | undefined
}

/** Only for the window that holds the lock of at-rest/window-lock.ts. */
export async function startSession(dependencies: SessionDependencies): Promise<AppSession> {
  const { host, clock, signer, log } = dependencies
  const state = createLive<AppState>({ stage: 'starting' })
  const chosen = chosenSettings({ host, store: () => unlocked?.store, log })
  const { settings, signaling, changeSettings, setSignalingServer } = chosen
  const joining = createLive<Joining | undefined>(undefined)
  const lockWaits = createLive(false)
  const backups = createLive<BackupsContext | undefined>(undefined)
  const groups = createLive<readonly GroupSummary[]>([])
  const sent = createLive(EMPTY_SENT_LOG)
  const unopened = createLive(0)
  const oldCopy = createLive<'older' | 'elsewhere' | undefined>(undefined)
  const generations = createGenerations(host.ports.profile, log)
  let unlocked: Unlocked | undefined
  /** The passphrase of a set-up that was cut off before it was told a name; see setUp. */
  let unfinished: string | undefined

  const show = (): void => {
    if (unlocked === undefined) return state.set({ stage: 'locked', name: '' })
    const { name, vault } = unlocked
    const shown = unlocked.groups.shown()
    if (shown === undefined) state.set({ stage: 'no-group', name, vault: vault.context })
    else state.set({ stage: 'group', name, vault: vault.context, group: shown.group.context })
  }

  /** From the root key to the screen. Where anything fails, what was opened is closed again and nothing was changed. */
  const open = async (rootKey: Bytes, newName?: string): Promise<Result<void, OpenProblem>> => {
    const opened = await openStorage({ rootKey, newName, signer, generations, log })
    const backupKey = backupKeyOf(rootKey)
    rootKey.fill(0)
    if (!opened.ok) return opened
    const { groups: storedGroups, shown, unopened: lost, oldCopy: notRead, settings: stored, ...storage } = opened.value
    try {
      chosen.take(stored)
      oldCopy.set(notRead)
      const current = createUnlocked(storage, await openSentLog({ store: storage.store, clock, log }))
      unlocked = current
      unopened.set(lost + (await openAll(current, storedGroups, shown)))
      await startBackups(current, backupKey)
      await joiningByFiles.open()
      await disk.check()
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

  const createUnlocked = (
    storage: Pick<Unlocked, 'store' | 'vault' | 'name' | 'secrets'>,
    sentLog: OpenSentLog,
  ): Unlocked => {
    const carriers = createTransports({ host, settings, log })
    const shares = createRoomShares({ transports: carriers.transports })
    const opened = createOpenGroups({
      shares,
      openGroup: (stored, transports) =>
        openGroup({
          ...dependencies,
          stored,
          secrets: current.secrets,
          name: current.name,
          store: current.store,
          carriers: { transports, looking: carriers.looking },
        }),
    })
    const current: Unlocked = {
      ...storage,
      carriers,
      shares,
      newcomer: shares.of(NEWCOMER),
      groups: opened,
      sent: sentLog,
      backups: undefined,
    }
    sent.set(sentLog.live.get())
    sentLog.live.subscribe(() => sent.set(sentLog.live.get()))
    opened.live.subscribe(() => groups.set(opened.live.get()))
    return current
  }

  const startBackups = async (current: Unlocked, backupKey: Bytes): Promise<void> => {
    const { ports } = host
    current.backups = await openBackups({
      ports,
      backupKey,
      store: current.store,
      remember: (where) => generations.rememberBackups(where),
      flush: () => flush(current),
      onMade(bytes) {
        current.sent.note(fileSent('backup', bytes, clock.now()))
      },
      clock,
      log,
    })
    backups.set(current.backups.context)
  }

  const joinedGroups = (current: Unlocked): readonly JoinedGroup[] =>
    current.groups.all().map(({ stored, group }) => ({ stored, standing: group.context.circle.standing }))

  /** The group is stored: opens it and, where it is to be seen at once, shows it. */
  const enter = async (current: Unlocked, stored: StoredCircles): Promise<void> => {
    const isFirst = current.groups.all().length === 0
    await openThe(current, stored)
    if (unlocked !== current) return
    // Whoever is in another group just now is not torn out of it: the screen of the joining leads there.
    if (isFirst) showGroup(current, stored.group)
    else current.groups.markNew(stored.group)
    show()
  }

  const joiningByFiles = createJoiningByFiles({
    newcomer: () =>
      unlocked === undefined ? undefined : { me: unlocked, store: unlocked.store, groups: joinedGroups(unlocked) },
    onFile: (bytes) => unlocked?.sent.note(fileSent('request', bytes, clock.now())),
    async onJoined(stored, welcome) {
      const current = unlocked
      if (current === undefined) return undefined
      await enter(current, stored)
      const opened = await current.groups.of(stored.group)?.group.context.files.open(welcome)
      if (opened?.ok === false) log(`a welcome: ${opened.error} ${opened.detail ?? ''}`)
      return opened?.ok === true ? opened.value : undefined
    },
    signer,
    log,
  })

  /** One that was let into again is opened anew, with all that was said while this person was out of it. */
  const openThe = async (current: Unlocked, stored: StoredCircles): Promise<void> => {
    await current.groups.open(stored)
    // Locked meanwhile: nobody else would ever close it.
    if (unlocked !== current) await current.groups.close(stored.group)
  }

  /** One group that cannot be opened keeps none of the others from it; it is left as it is, and counted. Resolves to how many. */
  const openAll = async (
    current: Unlocked,
    stored: readonly StoredCircles[],
    shown: string | undefined,
  ): Promise<number> => {
    const first = stored.find(({ group }) => group === shown) ?? stored[0]
    if (first === undefined) return 0
    let failed = 0
    for (const one of [...stored.filter((other) => other !== first), first]) {
      try {
        await openThe(current, { ...one, unreadable: one.unreadable + failed })
      } catch (thrown) {
        // Then it is not the group: nothing could be read or written in any.
        if (current.store.stopped() === 'storage-failed') throw thrown
        failed += 1
        log(`a group does not open: ${describeThrown(thrown)}`)
      }
    }
    current.groups.show(first.group)
    return failed
  }

  const showGroup = (current: Unlocked, group: CircleId): void => {
    current.groups.show(group)
    show()
    current.store
      .setValue(SHOWN_GROUP_VALUE, utf8(group))
      .catch((thrown: unknown) => log(`the group on the screen was not noted: ${describeThrown(thrown)}`))
  }

  /** Whatever fails on the way, the rest is closed and the keys are forgotten. */
  const closeAll = async (): Promise<void> => {
    const current = unlocked
    if (current === undefined) return
    unlocked = undefined
    joining.get()?.cancel()
    joining.set(undefined)
    joiningByFiles.close()
    backups.set(undefined)
    sent.set(EMPTY_SENT_LOG)
    unopened.set(0)
    oldCopy.set(undefined)
    await inOrder(
      [
        async () => current.backups?.close(),
        () => current.groups.closeAll(),
        async () => current.newcomer.close(),
        async () => current.carriers.close(),
        () => current.sent.close(),
      ],
      log,
    )
    await closeStorage(current, log)
  }

  host.onClose(() => {
    // The window's host has gone: nothing can be sent or looked for, and the window is about to be closed.
    state.set({ stage: 'blocked', reason: 'host-gone' })
    void closeAll().catch((thrown: unknown) => log(describeThrown(thrown)))
  })
  const disk = await watchDisk({
    host,
    open: () =>
      unlocked === undefined
        ? []
        : [unlocked.store, unlocked.vault, ...unlocked.groups.all().map(({ group }) => group)],
    log,
  })
  const recovery = createRecovery({ open, isLocked: () => unlocked === undefined, log })
  const keychain = createKeychain({ ports: host.ports, open, isLocked: () => unlocked === undefined, log })
  const readPicked: AppSession['readBackup'] = (file) =>
    readBackup({
      file,
      storage: host.ports.storage,
      mayRestore: () => unlocked === undefined && state.get().stage === 'first-run',
      isUnfinished: () => unfinished !== undefined,
      async open(rootKey) {
        const opened = await open(rootKey)
        if (!opened.ok) show()
        return opened
      },
      log,
    })

  await Promise.all([recovery.refresh(), keychain.refresh()])
  // A keyring can be set up, brought back or wiped while nothing is open.
  state.subscribe(() => {
    const { stage } = state.get()
    if (stage === 'locked' || stage === 'first-run') void Promise.all([recovery.refresh(), keychain.refresh()])
  })
  await decideFirstStage(state, host, log)

  return {
    state,
    settings,
    joining,
    joiningByFiles,
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
    onFiles: filesFromHost(host, log),
    stayOpen: () => lockWaits.set(false),
    async createGroup({ groupName }) {
      const current = unlocked
      if (current === undefined) return fail('storage-failed', 'locked')
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
        const { notUnderstood = [], unreadable = 0 } = current.groups.shown()?.stored ?? {}
        await openThe(current, { group: circle, circles: [], notUnderstood, unreadable })
        if (unlocked === current) showGroup(current, circle)
        return ok(undefined)
      } catch (thrown) {
        return fail('storage-failed', describeThrown(thrown))
      }
    },
    recovery: recovery.context,
    sent,
    keychain: keychain.context,
    backups,
    readBackup: readPicked,
    readLatestBackup: () => readLatestBackup(host.ports, readPicked, log),
    oldCopy,
    async acknowledgeOldCopy() {
      oldCopy.set(undefined)
      const current = unlocked
      // Where it cannot be kept it is said once more at the next start.
      if (current !== undefined)
        await forgetOldCopy(current.store).catch((thrown: unknown) => log(`old copy: ${describeThrown(thrown)}`))
    },
    groups,
    unopened,
    noteExport: (bytes) => unlocked?.sent.note(fileSent('export', bytes, clock.now())),
    openGroups: () => unlocked?.groups.all().map(({ group }) => group.context) ?? [],
    switchTo(group) {
      const current = unlocked
      if (current?.groups.of(group) !== undefined) showGroup(current, group)
    },
    async removeGroup(group) {
      const current = unlocked
      if (current === undefined) return fail('storage-failed', 'locked')
      // A joining under way may be on its way into this very group.
      joining.get()?.cancel()
      joining.set(undefined)
      const removed = await removeGroup(current, group, log)
      if (unlocked === current) show()
      return removed
    },
    async wipeComputer() {
      const begun = await beginWipe()
      if (!begun.ok) return fail('storage-failed', begun.detail ?? begun.error)
      await closeAll()
      state.set(await stageAfterWipe(host, log))
      return ok(undefined)
    },
    checkCode,
    join({ code }) {
      const current = unlocked
      if (current === undefined) throw new Error('Joining needs an open vault.')
      joining.get()?.cancel()
      let over: (group: CircleId | undefined) => void = () => undefined
      const ledTo = new Promise<CircleId | undefined>((resolve) => {
        over = resolve
      })
      const started = startJoining({
        ...dependencies,
        // It is of the group that it leads to, which nobody knows before it is over.
        meter: (kind) =>
          createMeter({
            kind,
            clock,
            otherwise: { to: 'inviter' },
            note: (line) => void ledTo.then((group) => sentOf(current, group).note(line)),
          }),
        code,
        name: current.name,
        secrets: current.secrets,
        store: current.store,
        carriers: { transports: current.newcomer.transports, looking: current.carriers.looking },
        groups: joinedGroups(current),
        async onJoined(stored, me) {
          if (me !== undefined) {
            wipe(current.secrets)
            current.name = me.name
            current.secrets = me.secrets
          }
          await enter(current, stored)
        },
      })
      started.state.subscribe(() => {
        const now = started.state.get()
        if (now.step === 'done' || now.step === 'stopped') over(now.step === 'done' ? now.group : undefined)
      })
      joining.set(started)
      return started
    },
    changeSettings,
    setSignalingServer,
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

const sentOf = ({ groups, sent }: Unlocked, group: CircleId | undefined): Pick<OpenSentLog, 'note'> =>
  (group === undefined ? undefined : groups.of(group)?.group.sent) ?? sent

/** Rejects where something typed cannot be put on the disk. */
async function flush({ groups, vault }: Unlocked): Promise<void> {
  await Promise.all([...groups.all().map(({ group }) => group.flush()), vault.flush()])
}

/** True where everything typed is on disk. */
async function canSave(current: Unlocked): Promise<boolean> {
  try {
    await flush(current)
    return true
  } catch {
    // The save states of both say why, on the screen.
    return false
  }
}

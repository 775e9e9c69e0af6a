/** From the root key to what this computer holds: who I am, the store, the notes. Nothing here talks to anybody. */
import { fromUtf8, type Bytes } from '../../shared/base/bytes.ts'
import { describeThrown, fail, ok, type Result } from '../../shared/base/errors.ts'
import type { Signer } from '../../shared/crypto/sign.ts'
import { createDeviceSecrets } from '../../shared/membership/identity.ts'
import type { AppSettings } from '../../shared/model/contexts.ts'
import { changePassphrase, unlockKeyring } from '../keyring/keyring.ts'
import { openStore, type Store } from '../store/store.ts'
import { openVault, type Vault } from '../vault/vault.ts'
import { decodeMe, encodeMe, type Me } from './me.ts'
import { rebuildCircles } from './rebuild-circles.ts'
import type { Generations } from './generations.ts'
import { noteOldCopy, noteRestoring, readOldCopy } from './restored.ts'
import { decodeSettings, SETTINGS_VALUE } from './settings.ts'
import { sortGroups, type StoredCircles } from './stored-circles.ts'

/** Its id, in UTF-8. */
export const SHOWN_GROUP_VALUE = 'shown group'

/** 'no-name': the set-up was cut off before it was told a name, and nothing else is stored. */
export type OpenProblem = 'storage-failed' | 'newer-version' | 'no-name'

export interface OpenedStorage extends Me {
  readonly store: Store
  readonly vault: Vault
  /** Empty: no group is stored here. */
  readonly groups: readonly StoredCircles[]
  /** What the person has not read yet. */
  readonly oldCopy: 'older' | 'elsewhere' | undefined
  /** Stored here, and no group that opens tells of it. */
  readonly unopened: number
  /** The group that was on the screen last. */
  readonly shown: string | undefined
  readonly settings: AppSettings
}

interface Request {
  readonly rootKey: Bytes
  /** Of a person who is setting up now. */
  readonly newName: string | undefined
  readonly signer: Signer
  readonly generations: Generations
  readonly log: (line: string) => void
}

/** Where anything fails, what was opened is closed again and nothing was changed. */
export async function openStorage(request: Request): Promise<Result<OpenedStorage, OpenProblem>> {
  const { rootKey, log } = request
  let unreadable = 0
  const store = await openStore({
    rootKey,
    onStopped: (reason, detail) => {
      if (reason !== undefined) log(`writing stopped: ${reason} ${detail}`)
    },
    onUnreadable: (row) => {
      if (row.table === 'circles') unreadable += 1
      log(`a row does not open: ${JSON.stringify(row)}`)
    },
  })
  if (!store.ok) return store
  const opened = await openWith(store.value, request, () => unreadable).catch((thrown: unknown) =>
    fail('storage-failed', describeThrown(thrown)),
  )
  if (!opened.ok) await store.value.close()
  return opened
}

async function openWith(
  store: Store,
  { rootKey, newName, signer, generations, log }: Request,
  unreadableCircles: () => number,
): Promise<Result<OpenedStorage, OpenProblem>> {
  const listed = await store.listCircles()
  const isEmpty = listed.length === 0 && unreadableCircles() === 0
  const me = await loadMe(store, isEmpty, newName, signer)
  if (!me.ok) return me
  const rebuilt = await rebuildCircles(store, me.value.secrets.device, log)
  const rows = [...listed, ...rebuilt.rows]
  const unreadable = Math.max(0, unreadableCircles() - rebuilt.damaged)
  const groups = sortGroups(rows, unreadable)
  // Each group tells of them; where there is none, nobody would.
  const unopened = groups.length === 0 ? rows.length + unreadable : 0
  const restored = await noteRestoring(store)
  if (!restored.ok) return restored
  // What is set up anew, or was brought back, is not what was used here last, and nobody needs to be told.
  const found = newName !== undefined || restored.value ? 'as-left' : await generations.compare()
  if (found !== 'as-left') await noteOldCopy(store, found)
  await generations.advance(restored.value ? 'elsewhere' : found)
  const settings = decodeSettings(await store.value(SETTINGS_VALUE))
  const shown = await store.value(SHOWN_GROUP_VALUE)
  const vault = await openVault({
    rootKey,
    onUnreadable: (row) => log(`a note does not open: ${JSON.stringify(row)}`),
  })
  if (!vault.ok) return fail(vault.error === 'newer-version' ? vault.error : 'storage-failed', vault.detail)
  return ok({
    ...me.value,
    store,
    vault: vault.value,
    groups,
    unopened,
    oldCopy: await readOldCopy(store),
    settings,
    shown: shown && fromUtf8(shown),
  })
}

async function loadMe(
  store: Store,
  isEmpty: boolean,
  newName: string | undefined,
  signer: Signer,
): Promise<Result<Me, OpenProblem>> {
  const stored = await store.identity()
  if (!stored.ok) return fail(stored.error === 'newer-version' ? stored.error : 'storage-failed', 'identity')
  if (stored.value !== undefined) {
    const me = decodeMe(stored.value)
    return me.ok ? me : fail(me.error === 'other-version' ? 'newer-version' : 'storage-failed', me.detail)
  }
  if (!isEmpty) return fail('storage-failed', 'a group, but no identity')
  if (newName === undefined) return fail('no-name')
  const me = { name: newName, secrets: await createDeviceSecrets(signer) }
  await store.putIdentity(encodeMe(me))
  return ok(me)
}

/** Nobody's name is stored yet and nothing else is, so the passphrase may be chosen anew. */
export async function takeUpAgain(
  before: string,
  passphrase: string,
): Promise<Awaited<ReturnType<typeof unlockKeyring>>> {
  if (before !== passphrase) {
    const changed = await changePassphrase({ current: before, next: passphrase })
    if (!changed.ok) return changed
  }
  return unlockKeyring({ passphrase })
}

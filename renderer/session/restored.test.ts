import 'fake-indexeddb/auto'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { backUp, circle, forgetAll, restore, setUp } from '../../tests/fixtures/backup-installation.ts'
import type { Bytes } from '../../shared/base/bytes.ts'
import type { CircleId } from '../../shared/base/ids.ts'
import { hash } from '../../shared/crypto/hash.ts'
import { wasRestored } from '../keyring/restoring.ts'
import { openStore, type Store } from '../store/store.ts'
import { BACKUPS_VALUE, decodeBackupSettings, encodeBackupSettings, newBackupSettings } from './backup-settings.ts'
import { noteRestoring, restoredOption } from './restored.ts'

// Nothing here is about guessing passphrases.
vi.mock('../keyring/argon2.ts', async (original) => ({
  ...(await original<typeof import('../keyring/argon2.ts')>()),
  argon2id: (password: Uint8Array, salt: Uint8Array) => Promise.resolve(hash('not Argon2', salt, password)),
}))
vi.setConfig({ testTimeout: 60_000 })

const later = '8'.repeat(32) as CircleId
let rootKey: Bytes
let backup: Bytes

const open = async (): Promise<Store> => {
  const store = await openStore({ rootKey })
  if (!store.ok) throw new Error(store.error)
  return store.value
}

beforeAll(async () => {
  rootKey = await setUp()
  const store = await open()
  await store.setValue(BACKUPS_VALUE, encodeBackupSettings({ ...newBackupSettings(), folder: '/old' }))
  await store.close()
  backup = await backUp(rootKey)
  await forgetAll()
}, 60_000)
afterEach(forgetAll)

it('each circle hears of a restoring once, also one that comes back later; each further restoring is another one', async () => {
  expect((await restore(backup)).ok).toBe(true)
  const store = await open()
  expect(await noteRestoring(store)).toEqual({ ok: true, value: true })
  expect(await wasRestored()).toEqual({ ok: true, value: false })
  // A start later, nothing is noted anew.
  expect(await noteRestoring(store)).toEqual({ ok: true, value: false })

  const { restored } = await restoredOption(store, circle)
  expect(restored).toBeDefined()
  // Not declared yet, so it is asked for once more.
  expect((await restoredOption(store, circle)).restored).toBeDefined()
  await restored?.onRenewed()
  expect(await restoredOption(store, circle)).toEqual({})
  expect((await restoredOption(store, later)).restored).toBeDefined()

  const again = await backUp(rootKey)
  await store.close()
  await forgetAll()
  expect((await restore(again)).ok).toBe(true)
  const second = await open()
  await noteRestoring(second)
  expect((await restoredOption(second, circle)).restored).toBeDefined()
  await second.close()
})

it('the folder of the other computer is not taken over', async () => {
  expect((await restore(backup)).ok).toBe(true)
  const store = await open()
  expect(decodeBackupSettings(await store.value(BACKUPS_VALUE)).folder).toBe('/old')
  await noteRestoring(store)
  expect(decodeBackupSettings(await store.value(BACKUPS_VALUE)).folder).toBeUndefined()
  await store.close()
})

it('an installation that never came out of a backup hears nothing', async () => {
  await setUp().then((key) => {
    rootKey = key
  })
  const store = await open()
  await noteRestoring(store)
  expect(await restoredOption(store, circle)).toEqual({})
  await store.close()
})

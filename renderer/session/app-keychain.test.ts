/** The whole way, from a press to a file that the system sealed and back: the real session, keyring, link and service. */
import 'fake-indexeddb/auto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Dexie } from 'dexie'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createServices, type NetworkServices } from '../../electron/services/index.ts'
import { keychainOf } from '../../electron/shell/safe-storage.ts'
import { createMemoryLinks } from '../../shared/host/memory-link.ts'
import { createHostClient, serveHost } from '../../shared/host/rpc.ts'
import { systemClock } from '../../shared/base/clock.ts'
import { defaultSigner } from '../../shared/crypto/sign.ts'
import type { AppSession } from '../../shared/model/contexts.ts'
import { openChannel } from '../../shared/sync/open-channel.ts'
import { createFakeSafeStorage, type FakeSystem } from '../../tests/fixtures/safe-storage.ts'
import { readKeyringText } from '../keyring/open-text.ts'
import { keyringText } from '../keyring/keyring.ts'
import { checkArchive } from '../backup/archive.ts'
import { startSession } from './app-session.ts'

// Stretched for real, but not for a second each time.
vi.mock(import('../keyring/argon2.ts'), async (original) => ({
  ...(await original()),
  calibrate: () => Promise.resolve({ memoryKiB: 64, passes: 1 }),
}))

const PASSPHRASE = 'tea for two'
let profileDirectory: string
let log: string[]
let closers: (() => Promise<void>)[]

const nowhere: NetworkServices = {
  lan: {
    port: { join: async () => {}, leave: async () => {}, send: async () => {}, closeLink: async () => {} },
    onEvent: () => () => undefined,
    close: async () => {},
  },
  signaling: {
    port: {
      serverStatus: async () => ({ enabled: false, port: 4444, lan: false, addresses: [], problem: '' }),
      setServer: () => Promise.reject(new Error('not asked for')),
      relay: () => Promise.reject(new Error('not asked for')),
    },
    relay: { path: '/relay', upgrade: () => {} },
    setRelayBase: () => {},
    close: async () => {},
  },
}

/** `fake` undefined: as in the browser host. */
async function start(fake: ReturnType<typeof createFakeSafeStorage> | undefined): Promise<AppSession> {
  const services = await createServices(
    {
      profileDirectory,
      appVersion: '1',
      kind: fake === undefined ? 'browser' : 'electron',
      log: (line) => log.push(line),
      storage: { freeBytes: async () => 1e12 },
      ...(fake === undefined ? {} : { systemKeychain: keychainOf(fake.safeStorage, 'linux') }),
    },
    nowhere,
  )
  const [window, host] = createMemoryLinks()
  serveHost(host, services.ports, services.onEvent)
  const session = await startSession({
    host: createHostClient(window),
    clock: systemClock,
    signer: await defaultSigner(),
    openChannel: (link) => openChannel(link),
    log: (line) => log.push(line),
  })
  closers.push(async () => {
    await session.lock()
    window.close()
    await services.close()
  })
  return session
}

const stop = async (): Promise<void> => {
  for (const close of closers.splice(0)) await close()
}
const restart = async (fake: ReturnType<typeof createFakeSafeStorage> | undefined): Promise<AppSession> => {
  await stop()
  return start(fake)
}

beforeEach(async () => {
  profileDirectory = await mkdtemp(join(tmpdir(), 'teatray-app-keychain-'))
  for (const { name } of await indexedDB.databases()) await Dexie.delete(name ?? '')
  log = []
  closers = []
})
afterEach(async () => {
  await stop()
  await rm(profileDirectory, { recursive: true })
})

const keptFiles = async (): Promise<readonly string[]> =>
  (await readdir(profileDirectory)).filter((name) => name.startsWith('keychain-'))
const view = (session: AppSession) => expect.poll(() => session.keychain.view.get(), { timeout: 20_000 })
const stage = (session: AppSession): string => session.state.get().stage

async function setUp(
  fake = createFakeSafeStorage(),
): Promise<{ session: AppSession; system: FakeSystem; fake: typeof fake }> {
  const session = await start(fake)
  expect(await session.setUp({ name: 'Asha', passphrase: PASSPHRASE })).toMatchObject({ ok: true })
  await view(session).toEqual({ on: false, state: 'strong' })
  return { session, system: fake.system, fake }
}

async function switchedOn() {
  const made = await setUp()
  expect(await made.session.keychain.turnOn({ passphrase: PASSPHRASE })).toEqual({ ok: true, value: undefined })
  await view(made.session).toEqual({ on: true, state: 'opens' })
  return made
}

test('off until it is chosen; then one press opens, after locking and after a start, and the passphrase as ever', async () => {
  const { session, fake } = await setUp()
  expect(await keptFiles()).toEqual([])
  expect(await session.keychain.turnOn({ passphrase: 'tea for three' })).toMatchObject({ error: 'wrong-passphrase' })
  expect(await keptFiles()).toEqual([])
  expect(await session.keychain.turnOn({ passphrase: PASSPHRASE })).toMatchObject({ ok: true })
  expect(await keptFiles()).toHaveLength(1)
  await view(session).toEqual({ on: true, state: 'opens' })

  await session.lock()
  expect(stage(session)).toBe('locked')
  await view(session).toEqual({ on: true, state: 'opens' })
  expect(stage(session)).toBe('locked')
  expect(await session.keychain.open()).toMatchObject({ ok: true })
  expect(session.state.get()).toMatchObject({ stage: 'no-group', name: 'Asha' })

  const again = await restart(fake)
  expect(again.keychain.view.get()?.on).toBe(true)
  await view(again).toEqual({ on: true, state: 'opens' })
  expect(stage(again)).toBe('locked')
  expect(await again.keychain.open()).toMatchObject({ ok: true })
  await again.lock()
  expect(await again.unlock(PASSPHRASE)).toMatchObject({ ok: true })

  expect(await again.keychain.turnOff()).toMatchObject({ ok: true })
  expect(await keptFiles()).toEqual([])
  await view(again).toEqual({ on: false, state: 'strong' })
  await again.lock()
  expect(await again.keychain.open()).toMatchObject({ ok: false })
  expect(await again.unlock(PASSPHRASE)).toMatchObject({ ok: true })
  expect(log.join('\n')).not.toMatch(/[0-9a-f]{64}/)
}, 120_000)

test('whatever changes, the passphrase opens; and it can be set up again', async () => {
  const { session, system } = await switchedOn()
  const [kept = ''] = await keptFiles()
  const changes: readonly [string, () => unknown, () => unknown][] = [
    ['changed', () => (system.account = 'bob'), () => (system.account = 'asha')],
    ['weak', () => (system.backend = 'basic_text'), () => (system.backend = 'gnome_libsecret')],
    ['weak', () => (system.store = false), () => (system.store = true)],
    ['unavailable', () => (system.available = false), () => (system.available = true)],
    ['changed', () => (system.lies = true), () => (system.lies = false)],
  ]
  for (const [problem, change, undo] of changes) {
    change()
    await session.lock()
    // A system that lies is found out by the wrapper alone, when it is to open.
    await view(session).toEqual({ on: true, state: system.lies ? 'opens' : problem })
    expect(await session.keychain.open()).toMatchObject({ error: problem })
    expect(session.keychain.view.get()).toEqual({ on: true, state: problem })
    expect(await session.unlock(PASSPHRASE)).toMatchObject({ ok: true })
    undo()
  }
  await session.lock()
  await view(session).toEqual({ on: true, state: 'opens' })
  await writeFile(join(profileDirectory, kept), '{')
  expect(await session.keychain.open()).toMatchObject({ error: 'changed' })
  expect(await session.unlock(PASSPHRASE)).toMatchObject({ ok: true })

  system.account = 'asha on a new desktop'
  expect(await session.keychain.turnOn({ passphrase: PASSPHRASE })).toMatchObject({ ok: true })
  expect(await keptFiles()).toHaveLength(1)
  expect(await keptFiles()).not.toEqual([kept])
  await session.lock()
  await view(session).toEqual({ on: true, state: 'opens' })
  expect(await session.keychain.open()).toMatchObject({ ok: true })
}, 120_000)

test('a system that is not good for it is found out before anything is kept', async () => {
  const { session, system } = await setUp()
  const before = await keyringText()
  system.lies = true
  expect(await session.keychain.turnOn({ passphrase: PASSPHRASE })).toMatchObject({ error: 'changed' })
  system.lies = false
  system.store = false
  expect(await session.keychain.turnOn({ passphrase: PASSPHRASE })).toMatchObject({ error: 'weak' })
  await view(session).toEqual({ on: false, state: 'weak' })
  system.available = false
  expect(await session.keychain.turnOn({ passphrase: PASSPHRASE })).toMatchObject({ error: 'unavailable' })
  await view(session).toEqual({ on: false, state: 'unavailable' })
  expect(await keyringText()).toEqual(before)
  expect(await keptFiles()).toEqual([])
}, 120_000)

test('the browser host has none, and nothing is shown', async () => {
  const session = await start(undefined)
  expect(await session.setUp({ name: 'Asha', passphrase: PASSPHRASE })).toMatchObject({ ok: true })
  expect(await session.keychain.turnOn({ passphrase: PASSPHRASE })).toMatchObject({ ok: false })
  expect(session.keychain.view.get()).toBeUndefined()
  await session.lock()
  expect(session.keychain.view.get()).toBeUndefined()
}, 60_000)

test('wiping takes what is kept with it; a file that no wrapper is for goes at the next start', async () => {
  const { fake } = await switchedOn()
  await writeFile(join(profileDirectory, `keychain-${'0'.repeat(32)}.json`), 'of a switching on that was cut off')
  const again = await restart(fake)
  expect(await keptFiles()).toHaveLength(1)
  expect(await again.wipeComputer()).toMatchObject({ ok: true })
  expect(stage(again)).toBe('first-run')
  expect(await keptFiles()).toEqual([])
  await view(again).toEqual({ on: false, state: 'strong' })
}, 60_000)

test('a backup says nothing of it, and opened elsewhere offers nothing', async () => {
  const { session, fake } = await switchedOn()
  const folder = await mkdtemp(join(tmpdir(), 'teatray-app-keychain-backups-'))
  const backups = session.backups.get()
  expect(await backups?.keepIn(folder)).toMatchObject({ ok: true })
  expect(await backups?.backUpNow()).toMatchObject({ ok: true })
  const [name = ''] = await readdir(folder)
  const bytes = new Uint8Array(await readFile(join(folder, name)))
  await rm(folder, { recursive: true })
  const source = { size: bytes.length, read: async (at: number, length: number) => bytes.slice(at, at + length) }
  const archive = await checkArchive(source)
  if (!archive.ok) throw new Error(archive.error)
  expect(archive.value.header.keyring).not.toContain('keychain"')
  expect(readKeyringText(archive.value.header.keyring)).toMatchObject({ ok: true })

  expect(await session.wipeComputer()).toMatchObject({ ok: true })
  const elsewhere = await restart(fake)
  const readable = await elsewhere.readBackup(new Blob([bytes]))
  if (!readable.ok) throw new Error(readable.error)
  expect(await readable.value.restore({ passphrase: PASSPHRASE })).toMatchObject({ ok: true })
  await elsewhere.lock()
  await view(elsewhere).toEqual({ on: false, state: 'strong' })
  expect(await elsewhere.keychain.open()).toMatchObject({ ok: false })
}, 120_000)

import 'fake-indexeddb/auto'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createBackupsService } from '../../electron/services/backups/index.ts'
import { realFiles, type Files } from '../../electron/services/backups/files.ts'
import { forgetAll, setUp } from '../../tests/fixtures/backup-installation.ts'
import type { Bytes } from '../../shared/base/bytes.ts'
import { hash } from '../../shared/crypto/hash.ts'
import type { HostPorts } from '../../shared/host/ports.ts'
import { createManualTime } from '../../shared/sync/testing.ts'
import { backupKeyOf, checkArchive } from '../backup/archive.ts'
import { openStore, type Store } from '../store/store.ts'
import { decodeBackupSettings, encodeBackupSettings, newBackupSettings } from './backup-settings.ts'
import { isDue, openBackups, type Backups } from './backups.ts'

// Nothing here is about guessing passphrases.
vi.mock('../keyring/argon2.ts', async (original) => ({
  ...(await original<typeof import('../keyring/argon2.ts')>()),
  argon2id: (password: Uint8Array, salt: Uint8Array) => Promise.resolve(hash('not Argon2', salt, password)),
}))
vi.setConfig({ testTimeout: 60_000 })

const DAY = 86_400_000
const NOW = Date.UTC(2026, 10, 22, 9, 14, 30)

let root: string
let folder: string
let store: Store
let rootKey: Bytes
const log: string[] = []
const opened: Backups[] = []

const begin = async (): Promise<void> => {
  log.length = 0
  root = await mkdtemp(join(tmpdir(), 'teatray-session-'))
  folder = join(root, 'kept')
  await mkdir(join(root, 'profile'))
  await mkdir(folder)
  rootKey = await setUp()
  const made = await openStore({ rootKey })
  if (!made.ok) throw new Error(made.error)
  store = made.value
}
const end = async (): Promise<void> => {
  for (const one of opened.splice(0)) await one.close()
  await store.close()
  await forgetAll()
  await rm(root, { recursive: true, force: true })
}

/** Real time for reading databases goes by in between. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 120))

async function open({ files = realFiles, time = createManualTime(settled, NOW) } = {}) {
  const service = createBackupsService({
    profileDirectory: join(root, 'profile'),
    clock: time,
    log: (line) => log.push(line),
    files,
  })
  const ports = {
    backups: service.port,
    info: { get: async () => ({ kind: 'browser', appVersion: '0.1.0', platform: 'linux', profileDirectory: '/p' }) },
  } as Pick<HostPorts, 'backups' | 'info'>
  let flushed = 0
  const made: number[] = []
  const remembered: (string | undefined)[] = []
  const backups = await openBackups({
    onMade: (bytes) => void made.push(bytes),
    ports,
    store,
    backupKey: backupKeyOf(rootKey),
    remember: async (where) => void remembered.push(where?.folder),
    flush: async () => {
      flushed += 1
    },
    clock: time,
    timers: time,
    log: (line) => log.push(line),
  })
  opened.push(backups)
  return { ...backups.context, close: () => backups.close(), time, flushed: () => flushed, made, remembered }
}

describe('backups of an open installation', () => {
  beforeEach(begin, 30_000)
  afterEach(end)

  it('are made when asked for, read back, and kept in mind', async () => {
    const one = await open()
    expect(one.view.get()).toEqual({ sameDisk: false, running: false })
    expect(await one.backUpNow()).toMatchObject({ ok: false, error: 'folder-missing' })
    expect(await one.keepIn(folder)).toEqual({ ok: true, value: undefined })
    const [first, second] = await Promise.all([one.backUpNow(), one.backUpNow()])
    expect([first, second]).toEqual([first, { ok: true, value: undefined }])
    expect(one.flushed()).toBeGreaterThan(0)
    const [name] = await readdir(folder)
    const bytes = new Uint8Array(await readFile(join(folder, name ?? '')))
    const archive = await checkArchive({ size: bytes.length, read: async (at, length) => bytes.slice(at, at + length) })
    expect(archive.ok && archive.value.header.databases.map((database) => database.name)).toEqual([
      'teatray',
      'teatray-notes',
    ])
    expect(one.made).toEqual([bytes.length])
    expect(one.view.get()).toEqual({
      folder,
      sameDisk: true,
      running: false,
      last: { at: NOW, bytes: bytes.length, name },
    })
    await one.close()
    const again = await open()
    expect(again.view.get()).toMatchObject({ folder, last: { name } })
    // For a start that finds nothing else.
    await again.stopUsing()
    expect([one.remembered, again.remembered]).toEqual([
      [undefined, folder],
      [folder, undefined],
    ])
  })

  it('are made by themselves soon after unlocking and once a day, and not while there is no folder', async () => {
    const none = await open()
    await none.time.pass(60_000)
    await none.close()
    const one = await open()
    await one.keepIn(folder)
    await one.time.pass(21_000)
    expect(await readdir(folder)).toHaveLength(1)
    await one.time.pass(3 * 3_600_000)
    expect(await readdir(folder)).toHaveLength(1)
    await one.time.pass(22 * 3_600_000)
    expect(await readdir(folder)).toHaveLength(2)
  }, 60_000)

  it('that come to nothing say why, change nothing, and are tried again', async () => {
    const one = await open()
    await one.keepIn(folder)
    await one.backUpNow()
    const { last } = one.view.get()
    await rm(folder, { recursive: true })
    expect(await one.backUpNow()).toMatchObject({ ok: false, error: 'folder-missing' })
    expect(one.view.get()).toMatchObject({ last, problem: { at: NOW, reason: 'folder-missing' }, running: false })
    await mkdir(folder)
    await one.time.pass(DAY + 3_600_000)
    await vi.waitFor(() => expect(one.view.get().problem).toBeUndefined(), { timeout: 20_000 })
    expect(one.view.get().last?.at).toBeGreaterThan(NOW)
  }, 30_000)

  it('are not made on the own disk in the place of a drive that is not there', async () => {
    let isPluggedIn = true
    const files: Files = {
      ...realFiles,
      device: async (path) => (path.includes('kept') && isPluggedIn ? 7 : 1),
    }
    const one = await open({ files })
    await one.keepIn(folder)
    expect(one.view.get().sameDisk).toBe(false)
    isPluggedIn = false
    expect(await one.backUpNow()).toMatchObject({ ok: false, error: 'drive-missing' })
    expect(await readdir(folder)).toEqual([])
  })

  it('that come back from the disk bent, in a way the host cannot see, are taken away; those before stay', async () => {
    let bends = false
    const files: Files = {
      ...realFiles,
      create: async (path) => {
        const file = await realFiles.create(path)
        return {
          ...file,
          // What reaches the disk, and so what the host compares with itself, is bent already.
          write: (bytes) => {
            if (bends && bytes.length > 5000) bytes[4000] = (bytes[4000] ?? 0) ^ 1
            return file.write(bytes)
          },
        }
      },
    }
    const time = createManualTime(settled, NOW)
    const one = await open({ files, time })
    await one.keepIn(folder)
    await one.backUpNow()
    const before = await readdir(folder)
    bends = true
    await time.pass(2000)
    expect(await one.backUpNow()).toMatchObject({ ok: false, error: 'does-not-read-back' })
    expect(await readdir(folder)).toEqual(before)
  })

  it('stop when the person says so, and what was made stays', async () => {
    const one = await open()
    await one.keepIn(folder)
    await one.backUpNow()
    expect(await one.stopUsing()).toEqual({ ok: true, value: undefined })
    expect(one.view.get().folder).toBeUndefined()
    await one.time.pass(DAY + 3_600_000)
    expect(await readdir(folder)).toHaveLength(1)
  }, 30_000)

  it('leave nothing half when the papers are locked meanwhile', async () => {
    const one = await open()
    await one.keepIn(folder)
    const made = one.backUpNow()
    await one.close()
    const result = await made
    const left = await readdir(folder)
    expect(left.filter((name) => name.endsWith('.part'))).toEqual([])
    expect(left.length).toBeLessThanOrEqual(1)
    // Locking is no fault of the folder's.
    expect([result.ok, one.view.get().problem]).toEqual([result.ok, undefined])
  })
})

describe('when a backup is due', () => {
  it('is by how far away the last one is, whichever way the clock went', () => {
    expect(isDue(undefined, NOW)).toBe(true)
    expect(isDue({ at: NOW - DAY + 1 }, NOW)).toBe(false)
    expect(isDue({ at: NOW - DAY }, NOW)).toBe(true)
    expect(isDue({ at: NOW + 3 * DAY }, NOW)).toBe(true)
  })
})

describe('what is kept of them', () => {
  it('comes back as it was; what cannot be read is no folder', () => {
    const settings = { ...newBackupSettings(), folder: '/kept', sameDisk: true, last: { at: 1, bytes: 2, name: 'n' } }
    expect(decodeBackupSettings(encodeBackupSettings(settings))).toEqual(settings)
    for (const bad of [
      undefined,
      new Uint8Array(0),
      new Uint8Array([1]),
      encodeBackupSettings({ ...settings, series: 'x' }),
    ])
      expect(decodeBackupSettings(bad)).toMatchObject({
        sameDisk: false,
        series: expect.stringMatching(/^[0-9a-f]{8}$/),
      })
  })
})

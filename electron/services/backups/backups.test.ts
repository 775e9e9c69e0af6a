import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { realFiles, type Files, type OpenFile } from './files.ts'
import { suggestFolder } from './folder.ts'
import { createBackupsService } from './index.ts'
import { backupName, isUnfinishedOf, readBackupName, unfinishedName } from './names.ts'
import { backupsToRemove, KEPT } from './rotation.ts'

const SERIES = '0123abcd'
const DAY = 86_400_000
const NOW = Date.UTC(2026, 10, 22, 9, 14, 30)

let root: string
let profile: string
let folder: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'teatray-backups-'))
  profile = join(root, 'profile')
  folder = join(root, 'kept')
  await mkdir(profile)
  await mkdir(folder)
})
afterEach(() => rm(root, { recursive: true, force: true }))

function service({ files = realFiles, now = () => NOW }: { files?: Files; now?: () => number } = {}) {
  const log: string[] = []
  const made = createBackupsService({
    profileDirectory: profile,
    clock: { now },
    log: (line) => log.push(line),
    files,
  })
  return { ...made, log }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

async function write({ port }: ReturnType<typeof service>, ...parts: readonly string[]) {
  const { id } = await port.begin({ folder, series: SERIES })
  for (const part of parts) await port.append({ id, bytes: bytes(part) })
  return port.commit({ id })
}

describe('names', () => {
  test('say when and whose, and nothing else is one', () => {
    const name = backupName({ madeAt: NOW, series: SERIES })
    expect(name).toBe('Teatray backup 2026-11-22 09-14-30 0123abcd.teatray-backup')
    expect(readBackupName(name)).toEqual({ madeAt: NOW, series: SERIES })
    for (const other of [
      name.replace('11-22', '02-31'),
      `../${name}`,
      `${name}/x`,
      name.toUpperCase(),
      'Teatray.txt',
      '',
      unfinishedName(name),
    ])
      expect(readBackupName(other)).toBeUndefined()
    expect(isUnfinishedOf(SERIES, unfinishedName(name))).toBe(true)
    expect(isUnfinishedOf('ffffffff', unfinishedName(name))).toBe(false)
    expect(isUnfinishedOf(SERIES, name)).toBe(false)
  })
})

describe('which are kept', () => {
  const dated = (times: readonly number[]) => times.map((madeAt) => ({ name: String(madeAt), madeAt }))

  test('of two years of one a day: seven days, four weeks, twelve months', () => {
    const all = dated(Array.from({ length: 730 }, (_, day) => NOW - day * DAY))
    const gone = new Set(backupsToRemove(all, String(NOW)))
    const kept = all
      .filter(({ name }) => !gone.has(name))
      .map(({ madeAt }) => new Date(madeAt).toISOString().slice(0, 10))
    expect(kept).toEqual([
      ...['22', '21', '20', '19', '18', '17', '16', '15', '08', '01'].map((day) => `2026-11-${day}`),
      ...['10-31', '09-30', '08-31', '07-31', '06-30', '05-31', '04-30', '03-31', '02-28', '01-31'].map(
        (day) => `2026-${day}`,
      ),
      '2025-12-31',
    ])
  })

  test('every one that is made stays, however wrong the clock; never more than can be asked for', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 4e12 }), { minLength: 1, maxLength: 60 }),
        fc.nat(),
        (times, at) => {
          const all = dated(times)
          const made = String(times[at % times.length])
          const gone = backupsToRemove(all, made)
          expect(gone).not.toContain(made)
          expect(gone).not.toContain(String(Math.max(...times)))
          expect(all.length - gone.length).toBeLessThanOrEqual(KEPT.days + KEPT.weeks + KEPT.months + 1)
          expect(all.length - gone.length).toBeGreaterThanOrEqual(Math.min(all.length, 1))
        },
      ),
    )
  })

  test('a clock that was years ahead once costs nothing of what is made afterwards', () => {
    let kept = dated([NOW + 3000 * DAY])
    for (let day = 0; day < 30; day++) {
      const made = { name: String(NOW + day * DAY), madeAt: NOW + day * DAY }
      const all = [...kept, made]
      const gone = new Set(backupsToRemove(all, made.name))
      kept = all.filter(({ name }) => !gone.has(name))
      expect(kept).toContainEqual(made)
    }
    expect(kept.filter(({ madeAt }) => madeAt < NOW + 30 * DAY).length).toBeGreaterThanOrEqual(KEPT.days - 1)
  })
})

describe('a folder', () => {
  test('is suggested beside documents, and never made with what is above it', async () => {
    expect(await suggestFolder(realFiles, root)).toBe(join(root, 'Teatray backups'))
    await mkdir(join(root, 'Documents'))
    expect(await suggestFolder(realFiles, root)).toBe(join(root, 'Documents', 'Teatray backups'))
    const { port } = service()
    const made = join(root, 'new')
    expect(await port.checkFolder({ folder: made, create: true })).toMatchObject({ folder: made, sameDisk: true })
    expect((await stat(made)).mode & 0o777).toBe(0o700)
    expect(await readdir(made)).toEqual([])
    await expect(port.checkFolder({ folder: join(root, 'stick', 'deep'), create: true })).rejects.toMatchObject({
      error: 'folder-missing',
    })
    await expect(port.checkFolder({ folder: join(root, 'stick'), create: false })).rejects.toMatchObject({
      error: 'folder-missing',
    })
  })

  test('must be one, whole, and outside of what it is there to bring back', async () => {
    const { port } = service()
    await writeFile(join(root, 'file'), '')
    await symlink(profile, join(root, 'way-in'))
    for (const [wrong, error] of [
      ['kept', 'not-a-folder'],
      [join(root, 'file'), 'not-a-folder'],
      [profile, 'inside-profile'],
      [join(root, 'way-in'), 'inside-profile'],
    ] as const) {
      await expect(port.checkFolder({ folder: wrong, create: false })).rejects.toMatchObject({ error })
      await expect(port.begin({ folder: wrong, series: SERIES })).rejects.toMatchObject({ error })
    }
  })

  test('that may not be written to says so', async () => {
    const files: Files = {
      ...realFiles,
      create: () => Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' })),
    }
    await expect(service({ files }).port.checkFolder({ folder, create: false })).rejects.toMatchObject({
      error: 'not-writable',
    })
  })
})

describe('a backup', () => {
  test('is whole, for this person alone, and can be read in parts', async () => {
    const one = service()
    const made = await write(one, 'first ', 'second')
    expect(made).toEqual({ name: backupName({ madeAt: NOW, series: SERIES }), madeAt: NOW, bytes: 12 })
    expect(await readdir(folder)).toEqual([made.name])
    expect((await stat(join(folder, made.name))).mode & 0o777).toBe(0o600)
    expect(await readFile(join(folder, made.name), 'utf8')).toBe('first second')
    const { port } = one
    const part = await port.read({ folder, name: made.name, offset: 6, length: 100 })
    expect(new TextDecoder().decode(part.bytes)).toBe('second')
    expect((await port.read({ folder, name: made.name, offset: 12, length: 1 })).bytes).toHaveLength(0)
    expect(await port.list({ folder, series: SERIES })).toEqual([made])
    expect(await port.list({ folder, series: 'ffffffff' })).toEqual([])
    await port.remove({ folder, name: made.name })
    await expect(port.read({ folder, name: made.name, offset: 0, length: 1 })).rejects.toMatchObject({
      error: 'no-such-backup',
    })
  })

  test('of the same moment takes nobody’s place', async () => {
    const one = service()
    await write(one, 'first')
    await expect(write(one, 'second')).rejects.toMatchObject({ error: 'write-failed' })
    expect(await readFile(join(folder, backupName({ madeAt: NOW, series: SERIES })), 'utf8')).toBe('first')
    expect(await readdir(folder)).toHaveLength(1)
  })

  test('half written is taken away: given up, begun anew, closed, or left by a process that was killed', async () => {
    const one = service()
    const { id } = await one.port.begin({ folder, series: SERIES })
    await one.port.append({ id, bytes: bytes('half') })
    expect(await readdir(folder)).toEqual([unfinishedName(backupName({ madeAt: NOW, series: SERIES }))])
    await one.port.abort({ id })
    expect(await readdir(folder)).toEqual([])
    await expect(one.port.append({ id, bytes: bytes('more') })).rejects.toMatchObject({ error: 'not-begun' })
    await expect(one.port.commit({ id })).rejects.toMatchObject({ error: 'not-begun' })

    await one.port.begin({ folder, series: SERIES })
    await one.close()
    expect(await readdir(folder)).toEqual([])

    const old = unfinishedName(backupName({ madeAt: NOW - DAY, series: SERIES }))
    const others = unfinishedName(backupName({ madeAt: NOW - DAY, series: 'ffffffff' }))
    await writeFile(join(folder, old), 'killed')
    await writeFile(join(folder, others), 'at work, perhaps')
    await write(one, 'whole')
    expect((await readdir(folder)).toSorted()).toEqual([others, backupName({ madeAt: NOW, series: SERIES })].toSorted())
  })

  test('touches nothing of others, and follows no link', async () => {
    const { port } = service()
    await writeFile(join(root, 'private.txt'), 'private')
    const name = backupName({ madeAt: NOW, series: SERIES })
    await symlink(join(root, 'private.txt'), join(folder, name))
    await writeFile(join(folder, 'holiday.jpg'), 'x')
    for (const wrong of [name, 'holiday.jpg', '../private.txt', join(root, 'private.txt')]) {
      await expect(port.read({ folder, name: wrong, offset: 0, length: 9 })).rejects.toMatchObject({
        error: 'not-a-backup',
      })
      await expect(port.remove({ folder, name: wrong })).rejects.toMatchObject({ error: 'not-a-backup' })
    }
    expect(await port.list({ folder, series: SERIES })).toEqual([])
    const unfinished = join(folder, unfinishedName(name))
    await symlink(join(root, 'private.txt'), unfinished)
    // The link of a name of ours goes; what it pointed at stays.
    const { id } = await port.begin({ folder, series: SERIES })
    await port.abort({ id })
    expect(await readFile(join(root, 'private.txt'), 'utf8')).toBe('private')
    expect(await readdir(folder)).toContain('holiday.jpg')
  })

  test('the old ones go once a new one is there, of this series alone', async () => {
    let now = NOW
    const one = service({ now: () => now })
    const foreign = backupName({ madeAt: NOW - 900 * DAY, series: 'ffffffff' })
    await writeFile(join(folder, foreign), 'x')
    for (let day = 0; day < 20; day++) {
      now = NOW + day * DAY
      const made = await write(one, `day ${day}`)
      await one.port.tidy({ folder, series: SERIES, made: made.name })
    }
    const left = await one.port.list({ folder, series: SERIES })
    expect(left.length).toBeLessThan(13)
    expect(left[0]?.madeAt).toBe(now)
    expect(await readdir(folder)).toContain(foreign)
  })
})

describe('where something goes wrong', () => {
  const failing = (code: string): Promise<never> => Promise.reject(Object.assign(new Error(code), { code }))
  const withFile = (change: (file: OpenFile) => Partial<OpenFile>): Files => ({
    ...realFiles,
    create: async (path) => {
      const file = await realFiles.create(path)
      return { ...file, ...change(file) }
    },
  })
  const spoilt: readonly (readonly [string, Files, string])[] = [
    ['writing', withFile(() => ({ write: () => failing('EIO') })), 'write-failed'],
    ['writing on a full disk', withFile(() => ({ write: () => failing('ENOSPC') })), 'disk-full'],
    ['fsync', withFile(() => ({ sync: () => failing('EIO') })), 'write-failed'],
    ['fsync on a full disk', withFile(() => ({ sync: () => failing('ENOSPC') })), 'disk-full'],
    ['closing', withFile((file) => ({ close: () => file.close().then(() => failing('EIO')) })), 'write-failed'],
    ['renaming', { ...realFiles, rename: () => failing('EIO') }, 'write-failed'],
    ['the folder’s fsync', { ...realFiles, syncFolder: () => failing('EIO') }, 'write-failed'],
    ['a stick that was pulled out', withFile(() => ({ write: () => failing('ENODEV') })), 'folder-missing'],
    [
      'reading back',
      {
        ...realFiles,
        open: async (path) => {
          const file = await realFiles.open(path)
          return {
            ...file,
            read: async (offset, length) => (await file.read(offset, length)).map((byte) => byte ^ 1),
          }
        },
      },
      'does-not-read-back',
    ],
  ]

  test.each(spoilt)('%s: it has a name, nothing half is left, and those before stay', async (_, files, error) => {
    const before = await write(service({ now: () => NOW - DAY }), 'yesterday’s')
    await expect(write(service({ files }), 'today’s')).rejects.toMatchObject({ error })
    expect(await readdir(folder)).toEqual([before.name])
    expect(await readFile(join(folder, before.name), 'utf8')).toBe('yesterday’s')
    // And the next one is written.
    await write(service(), 'today’s')
    expect(await readdir(folder)).toHaveLength(2)
  })

  test('a folder that is gone meanwhile', async () => {
    const one = service()
    await rm(folder, { recursive: true })
    await expect(one.port.begin({ folder, series: SERIES })).rejects.toMatchObject({ error: 'folder-missing' })
    await expect(one.port.list({ folder, series: SERIES })).rejects.toMatchObject({ error: 'folder-missing' })
  })
})

/** '' where a small file system can be made. */
function whyNoSmallDisk(): string {
  try {
    execFileSync('unshare', ['--mount', 'true'], { stdio: 'pipe' })
    return process.getuid?.() === 0 ? '' : 'needs root'
  } catch (thrown) {
    return String(thrown)
  }
}

describe.skipIf(whyNoSmallDisk() !== '')('a disk of one megabyte', () => {
  beforeEach(() => execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]))
  afterEach(() => execFileSync('umount', [folder]))

  test('fills up: said by name, nothing half is left, and what was there stays', async () => {
    const one = service({ now: () => NOW - DAY })
    const before = await write(one, 'yesterday’s')
    expect(await one.port.checkFolder({ folder, create: false })).toMatchObject({ sameDisk: false })
    const today = service()
    const { id } = await today.port.begin({ folder, series: SERIES })
    const fill = async (): Promise<void> => {
      for (let part = 0; part < 8; part++) await today.port.append({ id, bytes: new Uint8Array(256 * 1024) })
    }
    await expect(fill()).rejects.toMatchObject({ error: 'disk-full' })
    expect(await readdir(folder)).toEqual([before.name])
    expect(await readFile(join(folder, before.name), 'utf8')).toBe('yesterday’s')
    await write(service(), 'small enough')
    expect(await readdir(folder)).toHaveLength(2)
  })
})

import { mkdtemp, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFakeSafeStorage, type FakeSystem } from '../../../tests/fixtures/safe-storage.ts'
import type { KeychainPort } from '../../../shared/host/ports.ts'
import { keychainOf } from '../../shell/safe-storage.ts'
import { realFiles, type Files } from '../backups/files.ts'
import { createKeychainService } from './index.ts'
import { keptName } from './kept-file.ts'

const id = '0123456789abcdef'.repeat(2)
const other = 'fedcba9876543210'.repeat(2)
const key = Uint8Array.from({ length: 32 }, (_, index) => index)

let directory: string
let log: string[]
let system: FakeSystem
let port: KeychainPort
let files: Files

const start = (platform: NodeJS.Platform = 'linux'): void => {
  const fake = createFakeSafeStorage()
  system = fake.system
  port = createKeychainService({
    profileDirectory: directory,
    system: keychainOf(fake.safeStorage, platform),
    files: { ...realFiles, create: (path) => files.create(path), rename: (from, to) => files.rename(from, to) },
    log: (line) => log.push(line),
  })
}
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'teatray-keychain-'))
  log = []
  files = realFiles
  start()
})
afterEach(() => rm(directory, { recursive: true }))

const path = (): string => join(directory, keptName(id))
const refusal = (error: string) => expect.objectContaining({ error }) as unknown

describe('a key that is handed over', () => {
  test('is given back, and lies in the profile for this person alone, sealed', async () => {
    await port.keep({ id, key })
    expect(await port.give({ id })).toEqual({ key })
    await port.check({ id })
    expect(await readdir(directory)).toEqual([keptName(id)])
    expect((await stat(path())).mode & 0o777).toBe(0o600)
    expect(await readFile(path(), 'utf8')).not.toContain(Buffer.from(key).toString('hex'))
    expect(log).toEqual([])
  })

  test('opens under its own name only', async () => {
    await port.keep({ id, key })
    await writeFile(join(directory, keptName(other)), await readFile(path()))
    await expect(port.give({ id: other })).rejects.toEqual(refusal('keychain-changed'))
  })

  test('is forgotten with all others but those that are named; other files stay', async () => {
    await port.keep({ id, key })
    await port.keep({ id: other, key })
    const strange = ['installation.json', 'keychain-notes.json', `keychain-${id}.json.bak`]
    for (const name of [...strange, `${keptName('0'.repeat(32))}.4711.tmp`]) await writeFile(join(directory, name), '')
    await port.forget({ except: [other] })
    expect((await readdir(directory)).toSorted()).toEqual([...strange, keptName(other)].toSorted())
    await expect(port.give({ id })).rejects.toEqual(refusal('not-kept'))
    await port.forget({ except: [] })
    expect((await readdir(directory)).toSorted()).toEqual(strange.toSorted())
  })
})

describe('a system that is not good for it', () => {
  test.each([
    ['says so', () => (system.backend = 'basic_text')],
    ['says otherwise, and seals under a password that everybody knows', () => (system.store = false)],
    ['does not know, and does the same', () => [(system.backend = 'unknown'), (system.store = false)]],
  ])('%s: it is weak, and nothing is kept there or taken from there', async (_, change) => {
    await port.keep({ id, key })
    change()
    expect(await port.status()).toEqual({ state: 'weak' })
    await expect(port.keep({ id: other, key })).rejects.toEqual(refusal('keychain-weak'))
    await expect(port.give({ id })).rejects.toEqual(refusal('keychain-weak'))
    expect(await readdir(directory)).toEqual([keptName(id)])
  })

  test('a file that was sealed under that password is not believed later either', async () => {
    await writeFile(path(), JSON.stringify({ version: 1, sealed: Buffer.from('v10 and more').toString('hex') }))
    await expect(port.give({ id })).rejects.toEqual(refusal('keychain-weak'))
  })

  test('the same mark is well on other systems', async () => {
    start('darwin')
    system.store = false
    expect(await port.status()).toEqual({ state: 'strong' })
    await port.keep({ id, key })
    expect(await port.give({ id })).toEqual({ key })
  })

  test('cannot be reached', async () => {
    await port.keep({ id, key })
    system.available = false
    expect(await port.status()).toEqual({ state: 'unavailable' })
    await expect(port.keep({ id: other, key })).rejects.toEqual(refusal('keychain-unavailable'))
    await expect(port.give({ id })).rejects.toEqual(refusal('keychain-unavailable'))
    await expect(port.check({ id })).rejects.toEqual(refusal('keychain-unavailable'))
    system.available = true
    expect(await port.give({ id })).toEqual({ key })
  })

  test('throws when it is asked what it is', async () => {
    const { safeStorage } = createFakeSafeStorage()
    const broken = createKeychainService({
      profileDirectory: directory,
      system: { ...keychainOf(safeStorage), state: () => Promise.reject(new Error('no bus')) },
      log: (line) => log.push(line),
    })
    expect(await broken.status()).toEqual({ state: 'unavailable' })
  })

  test('is not here at all: that is said, and nothing is touched', async () => {
    const none = createKeychainService({ profileDirectory: directory, system: undefined, log: () => undefined })
    expect(await none.status()).toEqual({ state: 'not-here' })
    for (const call of [none.keep({ id, key }), none.check({ id }), none.give({ id })])
      await expect(call).rejects.toEqual(refusal('not-here'))
    await none.forget({ except: [] })
    expect(await readdir(directory)).toEqual([])
  })
})

describe('what went wrong since', () => {
  beforeEach(() => port.keep({ id, key }))

  test.each([
    ['another account', 'keychain-changed', () => void (system.account = 'bob')],
    ['the file is gone', 'not-kept', () => rm(path())],
    ['the file is cut off', 'damaged', () => truncate(path(), 40)],
    ['the file is empty', 'damaged', () => truncate(path(), 0)],
    ['the file is of something else', 'damaged', () => writeFile(path(), '{"version":2,"sealed":"00"}')],
    ['the file is far too large', 'damaged', () => writeFile(path(), ' '.repeat(5_000_000))],
  ])('%s: %s', async (_, error, change) => {
    await change()
    await expect(port.give({ id })).rejects.toEqual(refusal(error))
    await expect(port.check({ id })).rejects.toEqual(refusal(error))
    expect(log.join()).not.toContain('00010203')
  })

  test('the system gives back something else: it is found out where that can be known', async () => {
    system.lies = true
    await expect(port.keep({ id: other, key })).rejects.toEqual(refusal('does-not-read-back'))
    expect(await readdir(directory)).toEqual([keptName(id)])
    // Of the right shape: only the wrapper itself, in the window, can tell.
    expect((await port.give({ id })).key).not.toEqual(key)
  })

  test('a newer key of the system: what is kept is sealed anew, and opens', async () => {
    const before = await readFile(path(), 'utf8')
    system.rotated = true
    expect(await port.give({ id })).toEqual({ key })
    expect(await readFile(path(), 'utf8')).not.toBe(before)
    system.rotated = false
    expect(await port.give({ id })).toEqual({ key })
    expect(log).toEqual([])
  })

  test('where that cannot be written, the old one stays and is good', async () => {
    const before = await readFile(path(), 'utf8')
    system.rotated = true
    files = { ...realFiles, rename: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })) }
    expect(await port.give({ id })).toEqual({ key })
    expect(await readFile(path(), 'utf8')).toBe(before)
    expect(await readdir(directory)).toEqual([keptName(id)])
    expect(log).toEqual([expect.stringContaining('disk-full')])
  })
})

describe('a disk that is full', () => {
  const full = (): Promise<never> => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }))
  test.each([
    ['before the first byte', { create: full }],
    ['at the last moment', { rename: full }],
    [
      'in the middle',
      {
        create: async (at: string) => ({ ...(await realFiles.create(at)), write: full }),
      },
    ],
    [
      'when it is to lie there for good',
      {
        create: async (at: string) => ({ ...(await realFiles.create(at)), sync: full }),
      },
    ],
  ])('%s: nothing is kept, and nothing half is left', async (_, broken) => {
    files = { ...realFiles, ...broken }
    await expect(port.keep({ id, key })).rejects.toEqual(refusal('disk-full'))
    expect(await readdir(directory)).toEqual([])
  })
})

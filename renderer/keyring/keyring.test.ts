import 'fake-indexeddb/auto'
import { Dexie } from 'dexie'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { toHex, utf8, type Bytes } from '../../shared/base/bytes.ts'
import { hash } from '../../shared/crypto/hash.ts'
import { argon2id, calibrate, isBearable, LEAST_COST } from './argon2.ts'
import { decodeKeyring, encodeKeyring, type Keyring } from './format.ts'
import { changePassphrase, readKeyring, setUpKeyring, unlockKeyring } from './keyring.ts'

/** Cheap, so that tests are quick; what is set up without a cost is calibrated. */
const cost = { memoryKiB: 64, passes: 1 }
let databases = 0
let name: string
beforeEach(() => {
  name = `keyring-test-${++databases}`
})

async function setUp(passphrase: string): Promise<Bytes> {
  const made = await setUpKeyring({ name, passphrase, label: 'Ada', cost })
  if (!made.ok) throw new Error(made.error)
  return made.value
}

async function onDisk<Value>(work: (table: Dexie['Table']['prototype']) => Promise<Value>): Promise<Value> {
  const db = await new Dexie(name).open()
  try {
    return await work(db.table('keyring'))
  } finally {
    db.close()
  }
}
const storedText = (): Promise<string> => onDisk(async (table) => (await table.get('keyring')).text)
const store = (text: unknown): Promise<unknown> => onDisk((table) => table.put({ id: 'keyring', text }))
const storedKeyring = async (): Promise<Keyring> => {
  const decoded = decodeKeyring(await storedText())
  if (!decoded.ok) throw new Error(decoded.error)
  return decoded.value
}

describe('the keyring', () => {
  it('is not there at first', async () => {
    expect(await readKeyring({ name })).toEqual({ ok: true, value: undefined })
    expect(await unlockKeyring({ name, passphrase: 'tea' })).toEqual({ ok: false, error: 'not-set-up' })
  })

  it('gives the same root key for the same passphrase, and only for it', async () => {
    const rootKey = await setUp('tea for two')
    expect(rootKey).toHaveLength(32)
    expect(await unlockKeyring({ name, passphrase: 'tea for two' })).toEqual({ ok: true, value: rootKey })
    for (const passphrase of ['tea for Two', 'tea for two ', '', 'x'.repeat(10_000)])
      expect(await unlockKeyring({ name, passphrase })).toEqual({ ok: false, error: 'wrong-passphrase' })
    expect(await readKeyring({ name })).toEqual({ ok: true, value: { label: 'Ada', sheets: [] } })
  })

  it('takes composed and decomposed letters for the same', async () => {
    const rootKey = await setUp('caf\u00e9 \uff21')
    expect(await unlockKeyring({ name, passphrase: 'cafe\u0301 A' })).toEqual({ ok: true, value: rootKey })
  })

  it('is never replaced by a second setting up, not even where it is damaged', async () => {
    await setUp('tea')
    expect(await setUpKeyring({ name, passphrase: 'other', label: '', cost })).toMatchObject({
      error: 'already-set-up',
    })
    await store('nonsense')
    expect(await setUpKeyring({ name, passphrase: 'other', label: '', cost })).toMatchObject({
      error: 'already-set-up',
    })
    expect(await storedText()).toBe('nonsense')
  })

  it('does not change when it is opened', async () => {
    await setUp('tea')
    const before = await storedText()
    await unlockKeyring({ name, passphrase: 'tea' })
    await unlockKeyring({ name, passphrase: 'coffee' })
    expect(await storedText()).toBe(before)
  })

  it('tells a newer format and damage from a wrong passphrase', async () => {
    await setUp('tea')
    const text = await storedText()
    await store(text.replace('teatray-keyring 1 ', 'teatray-keyring 2 '))
    expect(await unlockKeyring({ name, passphrase: 'tea' })).toMatchObject({ error: 'newer-version' })
    for (const damaged of [text.replace('Ada', 'Eve'), text.slice(0, -9), '', 7, undefined]) {
      await store(damaged)
      expect(await unlockKeyring({ name, passphrase: 'tea' })).toMatchObject({ ok: false, error: 'damaged' })
    }
  })

  it('names a failing storage', async () => {
    await setUp('tea')
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('The disk is full.', 'QuotaExceededError')
    })
    expect(await changePassphrase({ name, current: 'tea', next: 'cake', cost })).toMatchObject({
      error: 'storage-failed',
    })
    put.mockRestore()
    expect(await unlockKeyring({ name, passphrase: 'tea' })).toMatchObject({ ok: true })
  })
})

describe('another passphrase', () => {
  it('opens the same root key, and the old one opens nothing any more', async () => {
    const rootKey = await setUp('tea')
    expect(await changePassphrase({ name, current: 'cake', next: 'x', cost })).toMatchObject({
      error: 'wrong-passphrase',
    })
    expect(await changePassphrase({ name, current: 'tea', next: 'cake', cost })).toEqual({ ok: true, value: undefined })
    expect(await unlockKeyring({ name, passphrase: 'cake' })).toEqual({ ok: true, value: rootKey })
    expect(await unlockKeyring({ name, passphrase: 'tea' })).toMatchObject({ error: 'wrong-passphrase' })
    expect((await storedKeyring()).wrappers).toHaveLength(1)
  })

  it('opens together with the old one where the change was cut off in the middle', async () => {
    const rootKey = await setUp('tea')
    // Called with its own `this` below.
    // oxlint-disable-next-line typescript/unbound-method
    const real = IDBObjectStore.prototype.put
    let puts = 0
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...row) {
      if (++puts === 2) throw new DOMException('The disk is full.', 'QuotaExceededError')
      return real.apply(this, row)
    })
    expect(await changePassphrase({ name, current: 'tea', next: 'cake', cost })).toMatchObject({ ok: false })
    put.mockRestore()
    for (const passphrase of ['tea', 'cake'])
      expect(await unlockKeyring({ name, passphrase })).toEqual({ ok: true, value: rootKey })
  })

  it('leaves wrappers of kinds it does not know alone', async () => {
    const rootKey = await setUp('tea')
    const keyring = await storedKeyring()
    const paper = { type: 'recovery-sheet', anything: { at: 'all' } }
    await store(encodeKeyring({ ...keyring, wrappers: [paper, ...keyring.wrappers] }))
    expect(await changePassphrase({ name, current: 'tea', next: 'cake', cost })).toMatchObject({ ok: true })
    expect((await storedKeyring()).wrappers[0]).toEqual(paper)
    expect(await unlockKeyring({ name, passphrase: 'cake' })).toEqual({ ok: true, value: rootKey })
  })
})

describe('the format', () => {
  it('refuses costs that would freeze or kill the window', async () => {
    await setUp('tea')
    const keyring = await storedKeyring()
    const [wrapper] = keyring.wrappers
    for (const absurd of [{ memoryKiB: 2 ** 31 }, { passes: 1e9 }, { passes: 0 }, { memoryKiB: 1.5 }, { passes: -1 }]) {
      const text = encodeKeyring({ ...keyring, wrappers: [{ ...wrapper, ...absurd } as Keyring['wrappers'][number]] })
      expect(decodeKeyring(text)).toMatchObject({ ok: false, error: 'damaged' })
    }
    expect(isBearable(LEAST_COST)).toBe(true)
    await expect(argon2id(utf8('tea'), new Uint8Array(16), { memoryKiB: 2 ** 30, passes: 1 })).rejects.toThrow(
      RangeError,
    )
  })

  it('refuses what has a right sum and a wrong shape', () => {
    const body = JSON.stringify({ label: 'Ada', rootCheck: '00', wrappers: [] })
    const text = `teatray-keyring 1 ${toHex(hash('keyring text', utf8(body)))}\n${body}`
    expect(decodeKeyring(text)).toMatchObject({ ok: false, error: 'damaged' })
  })

  it('notices a root key that is not the one it was made for', async () => {
    await setUp('tea')
    const keyring = await storedKeyring()
    await store(encodeKeyring({ ...keyring, rootCheck: new Uint8Array(32) }))
    expect(await unlockKeyring({ name, passphrase: 'tea' })).toMatchObject({ ok: false, error: 'damaged' })
  })

  it('writes the passphrase and the root key nowhere', async () => {
    const rootKey = await setUp('a passphrase to look for')
    const text = await storedText()
    expect(text).not.toContain('passphrase to look for')
    expect(text).not.toContain(toHex(rootKey))
  })
})

describe('Argon2id', () => {
  // RFC 9106's own vectors use a secret and associated data; this one is of the reference implementation's test.c (v=19).
  it('gives what the reference implementation gives', async () => {
    const key = await argon2id(utf8('password'), utf8('somesalt'), { memoryKiB: 65_536, passes: 2 })
    expect(toHex(key)).toBe('09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7')
  })

  it('is calibrated upwards only', async () => {
    const instantly = (): Promise<Bytes> => Promise.resolve(new Uint8Array(32))
    expect((await calibrate(1000, instantly)).passes).toBe(64)
    expect(await calibrate(0, instantly)).toEqual(LEAST_COST)
  })
})

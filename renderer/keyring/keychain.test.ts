import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { toHex, type Bytes } from '../../shared/base/bytes.ts'
import { fail, ok } from '../../shared/base/errors.ts'
import { decodeKeyring, encodeKeyring, isKeychainWrapper } from './format.ts'
import {
  addKeychain,
  findKeychain,
  openWithKeychain,
  removeKeychain,
  withoutKeychain,
  type KeeperProblem,
  type KeyKeeper,
} from './keychain.ts'
import { changePassphrase, keyringText, setPassphraseWithRecovery, setUpKeyring, unlockKeyring } from './keyring.ts'
import { openKeyringText } from './open-text.ts'
import { addRecovery } from './recovery.ts'

const cost = { memoryKiB: 64, passes: 1 }
let databases = 0
let name: string
let rootKey: Bytes
let kept: Map<string, Bytes>
let refusing: KeeperProblem | undefined
let giving: Bytes | undefined

const keeper: KeyKeeper = {
  async keep(id, key) {
    if (refusing !== undefined) return fail(refusing)
    kept.set(id, key.slice())
    return ok(undefined)
  },
  async give(id) {
    if (refusing !== undefined) return fail(refusing)
    const key = giving ?? kept.get(id)
    return key === undefined ? fail('changed') : ok(key.slice())
  },
  async forgetAllBut(ids) {
    for (const id of kept.keys()) if (!ids.includes(id)) kept.delete(id)
  },
}

beforeEach(async () => {
  name = `keychain-test-${++databases}`
  kept = new Map()
  refusing = giving = undefined
  const made = await setUpKeyring({ name, passphrase: 'tea', label: '', cost })
  if (!made.ok) throw new Error(made.error)
  rootKey = made.value
})

/** As the session does it. */
async function add(passphrase = 'tea') {
  const added = await addKeychain({ name, passphrase, keeper })
  await findKeychain({ name, keeper })
  return added
}
const openIt = () => openWithKeychain({ name, keeper })
async function text(): Promise<string> {
  const read = await keyringText({ name })
  if (!read.ok || read.value === undefined) throw new Error('no keyring')
  return read.value
}
async function types(): Promise<readonly string[]> {
  const keyring = decodeKeyring(await text())
  return keyring.ok ? keyring.value.wrappers.map(({ type }) => type) : []
}
const opensWithPassphrase = async (passphrase = 'tea') =>
  expect(await unlockKeyring({ name, passphrase })).toEqual({ ok: true, value: rootKey })

describe('a key that the system keeps', () => {
  it('opens the same root key, and the passphrase goes on opening it', async () => {
    expect(await openIt()).toMatchObject({ error: 'changed' })
    expect(await add()).toEqual({ ok: true, value: undefined })
    expect(await openIt()).toEqual({ ok: true, value: rootKey })
    await opensWithPassphrase()
    expect(await types()).toEqual(['passphrase', 'keychain'])
    expect(await findKeychain({ name, keeper })).toEqual({ ok: true, value: [...kept.keys()][0] })
    expect(await openWithKeychain({ name: `${name}-none`, keeper })).toMatchObject({ error: 'not-set-up' })
  })

  it('is made only for somebody who has the passphrase', async () => {
    const before = await text()
    expect(await add('cake')).toMatchObject({ error: 'wrong-passphrase' })
    expect(await text()).toBe(before)
    expect(kept.size).toBe(0)
  })

  it('outlives another passphrase, also one set with a sheet', async () => {
    await add()
    expect(await changePassphrase({ name, current: 'tea', next: 'cake', cost })).toMatchObject({ ok: true })
    expect(await openIt()).toEqual({ ok: true, value: rootKey })
    const sheet = await addRecovery({ name, passphrase: 'cake', cost })
    if (!sheet.ok) throw new Error(sheet.error)
    await setPassphraseWithRecovery({ name, words: sheet.value.words.join(' '), next: 'bread', cost })
    expect(await openIt()).toEqual({ ok: true, value: rootKey })
    expect(await types()).toEqual(['keychain', 'recovery', 'passphrase'])
  })

  it('leaves with its wrapper, and nothing else does', async () => {
    await add()
    await addRecovery({ name, passphrase: 'tea', cost })
    expect(await removeKeychain({ name, keeper })).toEqual({ ok: true, value: undefined })
    expect(await types()).toEqual(['passphrase', 'recovery'])
    expect(kept.size).toBe(0)
    await opensWithPassphrase()
    expect(await removeKeychain({ name, keeper })).toEqual({ ok: true, value: undefined })
  })

  it('lies nowhere in the keyring', async () => {
    await add()
    for (const key of kept.values()) expect(await text()).not.toContain(toHex(key))
    expect(await text()).not.toContain(toHex(rootKey))
  })
})

describe('what a system can do wrong', () => {
  it.each(['weak', 'unavailable', 'changed', 'not-saved'] as const)('%s: nothing was changed', async (problem) => {
    const before = await text()
    refusing = problem
    expect(await add()).toMatchObject({ error: problem })
    expect(await text()).toBe(before)
    refusing = undefined
    await add()
    const after = await text()
    refusing = problem
    expect(await openIt()).toMatchObject({ error: problem })
    expect(await add()).toMatchObject({ error: problem })
    expect(await text()).toBe(after)
    refusing = undefined
    expect(await openIt()).toEqual({ ok: true, value: rootKey })
  })

  it('gives back another key: it does not count as made, and an older one stays', async () => {
    const before = await text()
    giving = new Uint8Array(32).fill(7)
    expect(await add()).toMatchObject({ error: 'changed' })
    expect(await text()).toBe(before)
    expect(kept.size).toBe(0)
    giving = undefined
    await add()
    const after = await text()
    giving = new Uint8Array(32).fill(7)
    expect(await openIt()).toMatchObject({ error: 'changed' })
    expect(await add()).toMatchObject({ error: 'changed' })
    giving = undefined
    expect(await text()).toBe(after)
    expect(await openIt()).toEqual({ ok: true, value: rootKey })
    await opensWithPassphrase()
  })

  it('has lost what it kept: the passphrase opens, and a new one takes its place', async () => {
    await add()
    kept.clear()
    expect(await openIt()).toMatchObject({ error: 'changed' })
    await opensWithPassphrase()
    expect(await add()).toMatchObject({ ok: true })
    expect(await openIt()).toEqual({ ok: true, value: rootKey })
    expect(await types()).toEqual(['passphrase', 'keychain'])
  })
})

describe('a disk that is full', () => {
  it.each([1, 2])('at the %s. writing: what was there opens', async (at) => {
    await add()
    // Called with its own `this` below.
    // oxlint-disable-next-line typescript/unbound-method
    const real = IDBObjectStore.prototype.put
    let puts = 0
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...row) {
      if (++puts >= at) throw new DOMException('The disk is full.', 'QuotaExceededError')
      return real.apply(this, row)
    })
    expect(await add()).toMatchObject({ error: 'storage-failed' })
    put.mockRestore()
    await opensWithPassphrase()
    expect(await openIt()).toEqual({ ok: true, value: rootKey })
    expect((await types()).filter((type) => type === 'keychain')).toHaveLength(at)
    // Whatever was half done, the next time makes one of it.
    expect(await add()).toMatchObject({ ok: true })
    expect((await types()).filter((type) => type === 'keychain')).toHaveLength(1)
    expect(kept.size).toBe(1)
    expect(await openIt()).toEqual({ ok: true, value: rootKey })
  })
})

describe('in a backup', () => {
  it('there is none of it', async () => {
    const before = await text()
    await add()
    expect(withoutKeychain(await text())).toBe(before)
    expect(await openKeyringText(withoutKeychain(await text()), { passphrase: 'tea' })).toMatchObject({
      value: { rootKey },
    })
  })

  it('what cannot be read is left as it lies', async () => {
    await add()
    for (const odd of ['nonsense', (await text()).replace('teatray-keyring 1 ', 'teatray-keyring 2 ')])
      expect(withoutKeychain(odd)).toBe(odd)
  })
})

it('a wrapper of another shape is damage, as with every wrapper that is known', async () => {
  await add()
  const keyring = decodeKeyring(await text())
  if (!keyring.ok) throw new Error(keyring.error)
  const wrappers = keyring.value.wrappers.map((wrapper) =>
    isKeychainWrapper(wrapper) ? { ...wrapper, sealed: new Uint8Array(10) } : wrapper,
  )
  expect(decodeKeyring(encodeKeyring({ ...keyring.value, wrappers }))).toMatchObject({ error: 'damaged' })
})

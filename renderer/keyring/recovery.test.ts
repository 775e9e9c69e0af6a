import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { fromHex, toHex, type Bytes } from '../../shared/base/bytes.ts'
import {
  changePassphrase,
  keyringText,
  readKeyring,
  setPassphraseWithRecovery,
  setUpKeyring,
  unlockKeyring,
} from './keyring.ts'
import { openKeyringText, readKeyringText } from './open-text.ts'
import { checkSheetWords, readSheetWords, sheetWordsOf } from './recovery-words.ts'
import { addRecovery, listRecoveries, MOST_SHEETS, revokeRecovery, tryRecovery, type MadeSheet } from './recovery.ts'

const cost = { memoryKiB: 64, passes: 1 }
let databases = 0
let name: string
let rootKey: Bytes

beforeEach(async () => {
  name = `recovery-test-${++databases}`
  const made = await setUpKeyring({ name, passphrase: 'tea', label: '', cost })
  if (!made.ok) throw new Error(made.error)
  rootKey = made.value
})

async function addSheet(passphrase = 'tea'): Promise<MadeSheet> {
  const made = await addRecovery({ name, passphrase, cost })
  if (!made.ok) throw new Error(made.error)
  return made.value
}

async function text(): Promise<string> {
  const read = await keyringText({ name })
  if (!read.ok || read.value === undefined) throw new Error('no keyring')
  return read.value
}

const another = sheetWordsOf(new Uint8Array(16).fill(9)).join(' ')

describe('the words of a sheet', () => {
  // The reference implementation's vectors, listed in BIP 39.
  it.each([
    ['00000000000000000000000000000000', `${'abandon '.repeat(11)}about`],
    ['7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f', 'legal winner thank year wave sausage worth useful legal winner thank yellow'],
    [
      '9e885d952ad362caeb4efe34a8e91bd2',
      'ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic',
    ],
  ])('are those of BIP 39: %s', (hex, words) => {
    expect(sheetWordsOf(fromHex(hex)).join(' ')).toBe(words)
    expect(readSheetWords(words)).toEqual({ ok: true, value: fromHex(hex) })
  })

  it('are read however they are typed', () => {
    const typed = '1. OZONE, 2. dríll\n3.grab fiber-curtain grac pudding thank crui elder eight picnic'
    expect(readSheetWords(typed)).toMatchObject({ ok: true })
  })

  it('are found wrong before anything is opened', () => {
    expect(checkSheetWords(' ')).toEqual({ problem: 'empty' })
    expect(checkSheetWords('ozone drill grab fibre')).toMatchObject({
      problem: 'word-unknown',
      word: 'fibre',
      position: 4,
      suggestions: expect.arrayContaining(['fiber']),
    })
    expect(checkSheetWords('ozone drill')).toEqual({ problem: 'word-count', expected: 12, found: 2 })
    expect(checkSheetWords('abandon '.repeat(12))).toEqual({ problem: 'checksum' })
  })
})

describe('a recovery sheet', () => {
  it('opens the same root key, and the passphrase goes on opening it', async () => {
    const { words, ...facts } = await addSheet()
    expect(words).toHaveLength(12)
    expect(await openKeyringText(await text(), { words: words.join(' ') })).toEqual({
      ok: true,
      value: { label: '', sheets: [facts], rootKey, sheet: facts },
    })
    expect(await openKeyringText(await text(), { passphrase: 'tea' })).toMatchObject({ ok: true, value: { rootKey } })
    expect(await unlockKeyring({ name, passphrase: 'tea' })).toEqual({ ok: true, value: rootKey })
    expect(await listRecoveries({ name })).toEqual({ ok: true, value: [facts] })
    expect(await readKeyring({ name })).toEqual({ ok: true, value: { label: '', sheets: [facts] } })
    expect(readKeyringText(await text())).toEqual({ ok: true, value: { label: '', sheets: [facts] } })
  })

  it('is made only for somebody who has the passphrase', async () => {
    const before = await text()
    expect(await addRecovery({ name, passphrase: 'cake', cost })).toMatchObject({ error: 'wrong-passphrase' })
    expect(await text()).toBe(before)
  })

  it('names what is wrong', async () => {
    expect(await openKeyringText(await text(), { words: another })).toMatchObject({ error: 'wrong-words' })
    await addSheet()
    expect(await openKeyringText(await text(), { words: another })).toMatchObject({ error: 'wrong-words' })
    expect(await openKeyringText(await text(), { words: 'tea' })).toMatchObject({ error: 'words-mistyped' })
    expect(await openKeyringText(await text(), { passphrase: 'x' })).toMatchObject({ error: 'wrong-passphrase' })
    expect(await openKeyringText('nonsense', { words: another })).toMatchObject({ error: 'damaged' })
    const newer = (await text()).replace('teatray-keyring 1 ', 'teatray-keyring 2 ')
    expect(await openKeyringText(newer, { words: another })).toMatchObject({ error: 'newer-version' })
    expect(await tryRecovery({ name: `${name}-none`, words: another })).toMatchObject({ error: 'not-set-up' })
  })

  it('can be tried, which changes nothing', async () => {
    const first = await addSheet()
    const second = await addSheet()
    const before = await text()
    expect(await tryRecovery({ name, words: second.words.join(' ') })).toMatchObject({ value: { id: second.id } })
    expect(await tryRecovery({ name, words: first.words.join(' ') })).toMatchObject({ value: { id: first.id } })
    expect(await tryRecovery({ name, words: another })).toMatchObject({ error: 'wrong-words' })
    expect(await text()).toBe(before)
  })

  it('opens nothing once it is revoked, but what was copied before', async () => {
    const lost = await addSheet()
    const kept = await addSheet()
    const backup = await text()
    expect(await revokeRecovery({ name, id: lost.id })).toEqual({ ok: true, value: undefined })
    expect(await tryRecovery({ name, words: lost.words.join(' ') })).toMatchObject({ error: 'wrong-words' })
    expect(await tryRecovery({ name, words: kept.words.join(' ') })).toMatchObject({ ok: true })
    expect(await openKeyringText(backup, { words: lost.words.join(' ') })).toMatchObject({ ok: true })
    expect(await revokeRecovery({ name, id: lost.id })).toMatchObject({ ok: true })
  })

  it('sets a new passphrase, and the forgotten one opens nothing any more', async () => {
    const { words } = await addSheet()
    const before = await text()
    const refused = await setPassphraseWithRecovery({ name, words: another, next: 'cake', cost })
    expect(refused).toMatchObject({ error: 'wrong-words' })
    expect(await text()).toBe(before)
    expect(await setPassphraseWithRecovery({ name, words: words.join(' '), next: 'cake', cost })).toEqual({
      ok: true,
      value: rootKey,
    })
    expect(await unlockKeyring({ name, passphrase: 'cake' })).toEqual({ ok: true, value: rootKey })
    expect(await unlockKeyring({ name, passphrase: 'tea' })).toMatchObject({ error: 'wrong-passphrase' })
    expect(await tryRecovery({ name, words: words.join(' ') })).toMatchObject({ ok: true })
  })

  it('outlives another passphrase', async () => {
    const { words } = await addSheet()
    expect(await changePassphrase({ name, current: 'tea', next: 'cake', cost })).toMatchObject({ ok: true })
    expect(await tryRecovery({ name, words: words.join(' ') })).toMatchObject({ ok: true })
  })

  it('is handed out only after it was stored', async () => {
    const before = await text()
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('The disk is full.', 'QuotaExceededError')
    })
    expect(await addRecovery({ name, passphrase: 'tea', cost })).toMatchObject({ error: 'storage-failed' })
    put.mockRestore()
    expect(await text()).toBe(before)
  })

  it('does not get lost where two are made at once', async () => {
    const made = await Promise.all([addSheet(), addSheet()])
    const listed = await listRecoveries({ name })
    expect(listed.ok && listed.value.map(({ id }) => id).toSorted()).toEqual(made.map(({ id }) => id).toSorted())
  })

  it('is one of a few', async () => {
    for (let sheet = 0; sheet < MOST_SHEETS; sheet++) await addSheet()
    expect(await addRecovery({ name, passphrase: 'tea', cost })).toMatchObject({ error: 'too-many-sheets' })
  }, 20_000)

  it('leaves neither its words nor the root key on the disk', async () => {
    const { words } = await addSheet()
    const stored = await text()
    const secret = readSheetWords(words.join(' '))
    expect(stored).not.toContain(words.slice(0, 2).join(' '))
    expect(stored).not.toContain(toHex(secret.ok ? secret.value : new Uint8Array(1)))
    expect(stored).not.toContain(toHex(rootKey))
  })
})

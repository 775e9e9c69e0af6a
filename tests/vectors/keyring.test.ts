/** Keyrings that were made once and never again: each sheet on somebody's shelf, and what a system keeps, must open for ever. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeKept, encodeKept, keptText, keyIn } from '../../electron/services/keychain/kept-file.ts'
import { decodeKeyring, encodeKeyring, isKeychainWrapper } from '../../renderer/keyring/format.ts'
import { withoutKeychain } from '../../renderer/keyring/keychain.ts'
import { unwrapWithKey } from '../../renderer/keyring/wrapper.ts'
import { fromHex, toHex, utf8 } from '../../shared/base/bytes.ts'
import { openKeyringText, readKeyringText } from '../../renderer/keyring/open-text.ts'

interface Sample {
  readonly passphrase: string
  readonly rootKey: string
  readonly sheets: readonly { readonly id: string; readonly createdAt: number; readonly words: string }[]
  readonly text: string
}

const read = <Kind extends Sample>(name: string): Kind =>
  JSON.parse(readFileSync(resolve(import.meta.dirname, '../fixtures/keyring', name), 'utf8')) as Kind

const sample = read('recovery-1.json')
const oneMore = read<Sample & { readonly kept: readonly [{ readonly id: string; readonly key: string }] }>(
  'keychain-1.json',
)

// Each opening costs what it costs on the real thing, and on a busy machine more.
describe('a keyring with recovery sheets', { timeout: 60_000 }, () => {
  const facts = sample.sheets.map(({ id, createdAt }) => ({ id, createdAt }))

  it('says which sheets there are without any secret', () => {
    expect(readKeyringText(sample.text)).toEqual({ ok: true, value: { label: '', sheets: facts } })
  })

  it('opens with the passphrase', async () => {
    const opened = await openKeyringText(sample.text, { passphrase: sample.passphrase })
    expect(opened.ok && toHex(opened.value.rootKey)).toBe(sample.rootKey)
  })

  it.each(sample.sheets)('opens with the words of $id', async ({ id, createdAt, words }) => {
    const opened = await openKeyringText(sample.text, { words })
    expect(opened.ok && toHex(opened.value.rootKey)).toBe(sample.rootKey)
    expect(opened.ok && opened.value.sheet).toEqual({ id, createdAt })
  })

  it('does not open with other words', async () => {
    const words = 'ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic'
    expect(await openKeyringText(sample.text, { words })).toMatchObject({ ok: false, error: 'wrong-words' })
  })

  it('is of version 1, so that a Teatray that knows no sheets opens it and keeps them', () => {
    // That version reads wrappers of unknown kinds as they are (renderer/keyring/keyring.test.ts).
    expect(sample.text).toMatch(/^teatray-keyring 1 /)
  })
})

describe('a keyring that a system may open, too', { timeout: 60_000 }, () => {
  const [{ id, key }] = oneMore.kept
  const keyring = decodeKeyring(oneMore.text)
  const wrapper = keyring.ok ? keyring.value.wrappers.find(isKeychainWrapper) : undefined
  if (!keyring.ok || wrapper === undefined) throw new Error('no such wrapper')

  it('opens with what the system keeps', () => {
    expect(toHex(wrapper.id)).toBe(id)
    expect(toHex(unwrapWithKey(wrapper, fromHex(key)) ?? utf8('not opened'))).toBe(oneMore.rootKey)
  })

  it('opens with the passphrase and the sheet as ever', async () => {
    for (const secret of [{ passphrase: oneMore.passphrase }, { words: oneMore.sheets[0]?.words ?? '' }]) {
      const opened = await openKeyringText(oneMore.text, secret)
      expect(opened.ok && toHex(opened.value.rootKey)).toBe(oneMore.rootKey)
    }
  })

  it('does not open with another key, under another name, or with a byte changed', () => {
    expect(unwrapWithKey(wrapper, new Uint8Array(32))).toBeUndefined()
    expect(unwrapWithKey({ ...wrapper, id: new Uint8Array(16) }, fromHex(key))).toBeUndefined()
    const sealed = wrapper.sealed.slice()
    sealed[30] = (sealed[30] ?? 0) ^ 1
    expect(unwrapWithKey({ ...wrapper, sealed }, fromHex(key))).toBeUndefined()
    expect(unwrapWithKey({ ...wrapper, sealed: wrapper.sealed.slice(0, 20) }, fromHex(key))).toBeUndefined()
  })

  it('is written as it was, and without that wrapper goes into a backup', () => {
    expect(encodeKeyring(keyring.value)).toBe(oneMore.text)
    expect(withoutKeychain(oneMore.text)).not.toContain('keychain"')
    expect(oneMore.text).toMatch(/^teatray-keyring 1 /)
  })

  it('has its key in the profile in this form, inside what the system sealed', () => {
    const text = `teatray keychain 1 ${id} ${key}`
    expect(keptText(id, fromHex(key))).toBe(text)
    expect(toHex(keyIn(text, id) ?? utf8('none'))).toBe(key)
    for (const other of [
      text.replace(' 1 ', ' 2 '),
      text.slice(0, -2),
      `${text} `,
      text.replace(id, 'f'.repeat(32)),
      '',
    ])
      expect(keyIn(other, id)).toBeUndefined()
    const file = utf8('{"version":1,"sealed":"763131c0ffee"}\n')
    expect(Buffer.from(encodeKept(fromHex('763131c0ffee'))).toString()).toBe(Buffer.from(file).toString())
    expect(Buffer.from(decodeKept(file) ?? []).toString('hex')).toBe('763131c0ffee')
    for (const other of ['{"version":2,"sealed":"76"}', '{"version":1,"sealed":"7"}', '{"version":1}', '[]', '', '{'])
      expect(decodeKept(utf8(other))).toBeUndefined()
  })
})

/** A keyring with two recovery sheets, made once and never again: each sheet on somebody's shelf must open for ever. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../shared/base/bytes.ts'
import { openKeyringText, readKeyringText } from '../../renderer/keyring/open-text.ts'

interface Sample {
  readonly passphrase: string
  readonly rootKey: string
  readonly sheets: readonly { readonly id: string; readonly createdAt: number; readonly words: string }[]
  readonly text: string
}

const sample = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../fixtures/keyring/recovery-1.json'), 'utf8'),
) as Sample

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

import { describe, expect, it } from 'vitest'
import { concat, randomBytes, utf8 } from '../../shared/base/bytes.ts'
import { seal } from '../../shared/crypto/seal.ts'
import { createRowKeys, openRow, sealRow } from './sealed-row.ts'

const key = randomBytes(32)

describe('a sealed row', () => {
  it('opens at its place', () => {
    const sealed = sealRow(key, 'notes/1', utf8('tea'))
    expect(openRow(key, 'notes/1', sealed)).toEqual({ ok: true, value: utf8('tea') })
    expect(openRow(key, 'notes/1', sealRow(key, 'notes/1', new Uint8Array(0)))).toMatchObject({ ok: true })
  })

  it('does not open at another place, under another key, or changed by a bit', () => {
    const sealed = sealRow(key, 'notes/1', utf8('tea'))
    const unreadable = { ok: false, error: 'row-unreadable' }
    for (const place of ['notes/2', 'notes/', 'notes/11', '', 'other/1'])
      expect(openRow(key, place, sealed)).toMatchObject(unreadable)
    expect(openRow(randomBytes(32), 'notes/1', sealed)).toMatchObject(unreadable)
    for (let at = 0; at < sealed.length; at++)
      expect(openRow(key, 'notes/1', sealed.with(at, (sealed[at] ?? 0) ^ 1))).toMatchObject(unreadable)
    for (const odd of [undefined, null, 'text', 7, {}, new Uint8Array(0), sealed.subarray(1)])
      expect(openRow(key, 'notes/1', odd)).toMatchObject(unreadable)
  })

  it('cannot pass a part of its place for content', () => {
    expect(openRow(key, 'a', sealRow(key, 'ab', utf8('c')))).toMatchObject({ error: 'row-unreadable' })
  })

  it('names a newer version', () => {
    const newer = seal(key, concat(Uint8Array.of(2, 0, 1), utf8('a'), utf8('tea')))
    expect(openRow(key, 'a', newer)).toMatchObject({ ok: false, error: 'newer-version' })
  })
})

describe('names of rows', () => {
  it('are the same for the same parts and key, and say nothing without it', () => {
    const [one, two] = [createRowKeys(key), createRowKeys(randomBytes(32))]
    expect(one.name('circle', 'c1')).toMatch(/^[0-9a-f]{32}$/)
    expect(one.name('circle', 'c1')).toBe(createRowKeys(key).name('circle', 'c1'))
    expect(one.name('circle', 'c1')).not.toBe(two.name('circle', 'c1'))
    expect(one.name('log', 'a', 11)).not.toBe(one.name('log', 'a1', 1))
  })

  it('and boxes are gone once the keys are wiped', () => {
    const keys = createRowKeys(key)
    const sealed = keys.seal('a', utf8('tea'))
    keys.wipe()
    expect(() => keys.seal('a', utf8('tea'))).toThrow('locked')
    expect(() => keys.open('a', sealed)).toThrow('locked')
    expect(() => keys.name('a')).toThrow('locked')
  })
})

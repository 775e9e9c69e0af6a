import { argon2id } from 'hash-wasm'
import { describe, expect, it } from 'vitest'
import { toHex } from '../base/bytes.ts'
import { checkCode, CODE_WORDS, formatCode, newCode, readCode, stretchCode, type Argon2id } from './code.ts'
import { quickStretch } from './testing.ts'
import { suggestionsFor, WORDS } from '../words/words.ts'

const code = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)
const text = formatCode(code)
const words = text.split(' ')

const realArgon2id: Argon2id = ({ password, salt, memoryKiB, iterations, parallelism, length }) =>
  argon2id({ password, salt, memorySize: memoryKiB, iterations, parallelism, hashLength: length, outputType: 'binary' })

describe('a code', () => {
  it('is seven words that read back', () => {
    for (let round = 0; round < 200; round++) {
      const fresh = newCode()
      expect(formatCode(fresh).split(' ')).toHaveLength(CODE_WORDS)
      expect(readCode(formatCode(fresh))).toEqual({ ok: true, value: fresh })
    }
  })

  it.each([
    text.toUpperCase(),
    `  ${words.join('\n')} `,
    words.join(', '),
    words.join('-'),
    words.join(' – '),
    words.map((word, index) => `${index + 1}. ${word}`).join('\n'),
    words.map((word, index) => `${index + 1}) ${word}`).join(' '),
    words.map((word) => word.slice(0, 4)).join(' '),
    words.map((word) => word.slice(0, 5)).join(' '),
    words.map((word) => `“${word[0]!.toUpperCase()}${word.slice(1)}”`).join('; '),
    text.normalize('NFKD').replaceAll('a', 'á'),
  ])('may be typed as %j', (typed) => {
    expect(checkCode(typed)).toBeUndefined()
    expect(readCode(typed)).toEqual({ ok: true, value: code })
  })

  it('says what is wrong with it', () => {
    expect(checkCode('')).toEqual({ problem: 'empty' })
    expect(checkCode(' 1. 2. ')).toEqual({ problem: 'empty' })
    expect(checkCode(words.slice(0, 6).join(' '))).toEqual({ problem: 'word-count', expected: 7, found: 6 })
    expect(checkCode(`${text} ${words[0]}`)).toEqual({ problem: 'word-count', expected: 7, found: 8 })
    expect(checkCode([...words.slice(0, 2), 'butterfly', ...words.slice(3)].join(' '))).toEqual({
      problem: 'word-unknown',
      word: 'butterfly',
      position: 3,
      suggestions: ['butter'],
    })
    expect(checkCode('öäü')).toMatchObject({ problem: 'word-unknown', word: 'oau' })
    expect(checkCode('слово')).toMatchObject({ problem: 'word-unknown', suggestions: [] })
    expect(checkCode('x'.repeat(100_000))).toMatchObject({ problem: 'word-unknown', suggestions: [] })
  })

  it('suggests what was meant', () => {
    expect(suggestionsFor('abandom')).toEqual(['abandon', 'random'])
    expect(suggestionsFor('recieve')).toContain('receive')
    expect(suggestionsFor('aba')).toContain('abandon')
    expect(suggestionsFor('zo')).toContain('zoo')
    expect(suggestionsFor('qqqqq')).toEqual([])
  })

  it('with a real but wrong word, or two words swapped, is caught far more often than 1 in 4,000 is missed', () => {
    let missed = 0
    let tried = 0
    for (let place = 0; place < CODE_WORDS; place++) {
      for (let index = place; index < WORDS.length; index += 5) {
        const word = WORDS[index]!
        if (word === words[place]) continue
        tried++
        if (checkCode(words.with(place, word).join(' ')) === undefined) missed++
      }
    }
    expect(tried).toBeGreaterThan(2_800)
    expect(missed).toBeLessThanOrEqual(2)
    for (let place = 0; place + 1 < CODE_WORDS; place++) {
      const swapped = words.with(place, words[place + 1]!).with(place + 1, words[place]!)
      expect(checkCode(swapped.join(' '))).toEqual({ problem: 'checksum' })
    }
  })
})

describe('what a code is stretched to', () => {
  it('is fixed for version 1', async () => {
    const secrets = await stretchCode(code, realArgon2id)
    expect({
      id: secrets.id,
      publicKey: toHex(secrets.keys.publicKey),
      roomKey: toHex(secrets.roomKey),
    }).toMatchInlineSnapshot(`
      {
        "id": "93d234a3d84dfa34b013211c5e28c311",
        "publicKey": "9dd2a5e3b8d62a99a4dbb986998aa59b549e33fc5f88d9197c1a3cdfd4d7d2fc",
        "roomKey": "853a03630030c4162d618eca2dd5342eb7110afeef3f4c4349a1b89f9bf20197",
      }
    `)
  })

  it('differs from code to code, and the room from the key', async () => {
    const [a, b] = [await stretchCode(newCode(), quickStretch), await stretchCode(newCode(), quickStretch)]
    expect(a.id).not.toBe(b.id)
    expect(toHex(a.roomKey)).not.toBe(toHex(b.roomKey))
    expect(toHex(a.roomKey)).not.toBe(toHex(a.keys.seed))
  })
})

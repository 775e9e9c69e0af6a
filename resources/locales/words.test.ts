import { describe, expect, test } from 'vitest'
import { enGB } from './en-GB/index.ts'

/** Words that belong to the machinery, that blame, or that hurry people. */
const BANNED: readonly [RegExp, string][] = [
  [/\bpeers?\b(?!-)/i, 'people, or their computers'],
  [/\bnodes?\b/i, 'computer'],
  [/\bCRDTs?\b/i, 'leave it out'],
  [/\bepochs?\b/i, 'leave it out'],
  [/\bkeys?\b/i, 'passphrase, code, or leave it out'],
  [/\bsynced\b/i, 'say who has what'],
  [/\bsync\b(?! and safety)/i, 'say who has what'],
  [/\busers?\b/i, 'people, you'],
  [/\bclick\b/i, 'press, choose'],
  [/\berrors?\b/i, 'say what happened'],
  [/\binvalid\b/i, 'say what to change'],
  [/\bplease wait\b/i, 'say what is happening'],
  [/\bfail(?:s|ed|ure)?\b/i, 'say what happened'],
  [/\boops\b/i, 'say what happened'],
  [/\b(?:hurry|urgent|overdue|immediately)\b/i, 'nobody is hurried'],
  [/\bencrypt(?:s|ed|ion)?\b/i, 'scrambled, or who can read it'],
  [/\bsignalling|\bsignaling/i, 'meeting place'],
]

// In the editor, keys are those of the keyboard.
const BANNED_IN_EDITOR = BANNED.filter(([banned]) => !banned.test('key'))

function strings(value: unknown, path: string): readonly [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => strings(inner, path === '' ? name : `${path}.${name}`))
}

const all = strings(enGB, '')

describe('words of the interface', () => {
  test('there are some', () => {
    expect(all.length).toBeGreaterThan(100)
  })

  test.each(all)('%s', (path, text) => {
    for (const [banned, instead] of path.startsWith('editor.') ? BANNED_IN_EDITOR : BANNED)
      expect(banned.test(text) ? `say: ${instead}` : '').toBe('')
  })

  test('British spelling, and typographer’s quotes', () => {
    const offending = all.filter(([, text]) => /\b(?:organiz|color|center|recogniz|favorite)|\w'\w|"/i.test(text))
    expect(offending).toEqual([])
  })

  test('sentences are short enough for a tired day', () => {
    const sentences = all.flatMap(([path, text]) => text.split(/(?<=[.?!])\s/).map((one) => ({ path, one })))
    expect(sentences.filter(({ one }) => one.split(/\s+/).length > 28)).toEqual([])
  })
})

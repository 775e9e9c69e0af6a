import { describe, expect, test } from 'vitest'
import type { JoiningProblem, LookingWhere } from '../../../../shared/model/contexts.ts'
import { createI18n } from '../../../app/i18n.ts'
import { codeProblemSentence, replaceWord, worthSayingWhileTyping } from './code-problem.ts'
import { lookingLines } from './looking.ts'

const i18n = createI18n()

describe('lookingLines', () => {
  const states = ['looking', 'unavailable', 'off'] as const
  const places: readonly LookingWhere[] = states.flatMap((lan) => states.map((internet) => ({ lan, internet })))
  test.each(places)('says what is waited for with $lan and $internet', (where) => {
    for (const line of lookingLines(i18n, where)) expect(line).toMatch(/^[A-Z].*\.$/)
  })
  test('says what to do when there is nowhere left to look', () => {
    expect(lookingLines(i18n, { lan: 'off', internet: 'off' })).toEqual([
      'Both are switched off, so nobody can be found. Switch one on in Sync and safety.',
    ])
  })
})

describe('codes', () => {
  test('each slip has its own sentence', () => {
    expect(codeProblemSentence(i18n, { problem: 'word-unknown', word: 'gerden', position: 1, suggestions: [] })).toBe(
      'Word 1, “gerden”, is not one of the words used in codes',
    )
    expect(codeProblemSentence(i18n, { problem: 'word-count', expected: 6, found: 1 })).toBe(
      'The code has 6 words. 1 word so far',
    )
    expect(codeProblemSentence(i18n, { problem: 'checksum' })).toContain('do not fit together')
    expect(codeProblemSentence(i18n, { problem: 'empty' })).toBe('Type the words of the code')
  })

  test('a word is left in peace until it is finished', () => {
    const unknown = { problem: 'word-unknown', word: 'ket', position: 2, suggestions: [] } as const
    expect(worthSayingWhileTyping(unknown, 'garden ket')).toBe(false)
    expect(worthSayingWhileTyping(unknown, 'garden ket ')).toBe(true)
    expect(worthSayingWhileTyping(unknown, 'garden ket lemon')).toBe(true)
    expect(worthSayingWhileTyping({ problem: 'word-count', expected: 6, found: 2 }, 'garden kettle ')).toBe(false)
  })

  test('a suggestion replaces one word and leaves the others alone', () => {
    expect(replaceWord('garden  ketle lemon', 2, 'kettle')).toBe('garden  kettle lemon')
  })
})

test('every way joining can stop has a sentence on both sides', () => {
  const problems: Record<JoiningProblem, true> = {
    'code-used': true,
    'code-expired': true,
    'code-cancelled': true,
    'code-unknown': true,
    'words-differ': true,
    'cancelled-here': true,
    'cancelled-there': true,
    'connection-lost': true,
    'not-allowed': true,
    'storage-failed': true,
    'other-version': true,
  }
  const t = i18n.getFixedT('en-GB', 'people')
  for (const problem of Object.keys(problems) as JoiningProblem[])
    for (const side of ['inviting', 'joining'] as const) expect(t(`${side}.problem.${problem}`)).toMatch(/^[A-Z].*\.$/)
})

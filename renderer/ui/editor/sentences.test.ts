import { describe, expect, it } from 'vitest'
import { editorSchema } from './schema.ts'
import { sentenceAgain, sentenceAt, sentencesOf } from './sentences.ts'

const schema = editorSchema()
const line = (text: string) => schema.node('paragraph', null, text === '' ? [] : schema.text(text))
const doc = (...blocks: readonly ReturnType<typeof line>[]) => schema.node('doc', null, blocks)
const heading = schema.node('heading', { level: 1 }, schema.text('Who we are'))

describe('sentences', () => {
  it('say what a picture shows, and nothing of decoration', () => {
    const picture = (attrs: object) => schema.node('picture', attrs)
    const whole = doc(line('Look.'), picture({ alt: 'The lake' }), picture({ alt: 'x', decoration: true }), line('Go.'))
    expect(sentencesOf(whole, 'en-GB').map(({ text, from }) => [text, from])).toEqual([
      ['Look.', 1],
      ['The lake', 7],
      ['Go.', 10],
    ])
  })

  it('end with a full stop, a heading, a line; each is where it says', () => {
    const whole = doc(heading, line('We meet. All are welcome!  Are you?'), line(''), line('– – –'), line('Tea'))
    const sentences = sentencesOf(whole, 'en-GB')
    expect(sentences.map(({ text }) => text)).toEqual(['Who we are', 'We meet.', 'All are welcome!', 'Are you?', 'Tea'])
    for (const { from, to, text } of sentences) expect(whole.textBetween(from, to)).toBe(text)
  })

  it('that are very long are read in parts, and no word is lost', () => {
    const long = Array.from({ length: 120 }, (_, index) => `word${index}${index % 9 === 0 ? ',' : ''}`).join(' ')
    for (const text of [long, 'x'.repeat(1000)]) {
      const parts = sentencesOf(doc(line(text)), 'en-GB')
      expect(parts.length).toBeGreaterThan(2)
      expect(Math.max(...parts.map((part) => part.text.length))).toBeLessThanOrEqual(250)
      expect(
        parts
          .map((part) => part.text)
          .join('')
          .replaceAll(' ', ''),
      ).toBe(text.replaceAll(' ', ''))
    }
  })

  it('are found by a place in or before them, and again after others wrote', () => {
    const before = sentencesOf(doc(line('One. Two. Two.')), 'en-GB')
    expect(sentenceAt(before, 7)?.text).toBe('Two.')
    expect(sentenceAt(before, 999)).toBeUndefined()
    const later = sentencesOf(doc(line('Zero. One. Two. Two.')), 'en-GB')
    expect(sentenceAgain(later, before[2]!)).toBe(later[2])
    expect(sentenceAgain(later, { from: 1, to: 2, text: 'Gone.' })).toBeUndefined()
  })
})

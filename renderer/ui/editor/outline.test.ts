import { describe, expect, it } from 'vitest'
import { factsOf, findAgain, minutesToRead } from './outline.ts'
import { editorSchema } from './schema.ts'

const schema = editorSchema()
const line = (text: string) => schema.node('paragraph', null, text === '' ? [] : schema.text(text))
const heading = (text: string, level = 1) => schema.node('heading', { level }, text === '' ? [] : schema.text(text))
const doc = (...blocks: readonly ReturnType<typeof line>[]) => schema.node('doc', null, blocks)

describe('what is said of a whole text', () => {
  it('counts words in every kind of block, and not what stands between them', () => {
    const list = schema.node('bulletList', null, [schema.node('listItem', null, [line('self-led, 7.30 pm')])])
    expect(factsOf(doc(heading('Our group’s plan'), line('We  don’t – ever'), list, line(''))).words).toBe(9)
    expect(factsOf(doc(line(''))).words).toBe(0)
  })

  it('counts words on both sides of a line break', () => {
    const broken = schema.node('paragraph', null, [schema.text('one'), schema.node('hardBreak'), schema.text('two')])
    expect(factsOf(doc(broken)).words).toBe(2)
  })

  it('lists headings with their level and where their words begin', () => {
    const whole = doc(heading('One'), line('x'), heading(' ', 2), heading('Two', 3))
    const { outline } = factsOf(whole)
    expect(outline.map(({ text, level }) => [text, level])).toEqual([
      ['One', 1],
      ['Two', 3],
    ])
    for (const { position, text } of outline) expect(whole.textBetween(position, position + text.length)).toBe(text)
  })

  it('finds a heading again after words came before it, the nearest of two that are alike', () => {
    const before = factsOf(doc(heading('Tea'), heading('Tea'))).outline[1]!
    const later = doc(line('x'), heading('Tea'), heading('Tea'))
    expect(findAgain(later, before)).toBe(factsOf(later).outline[0]?.position)
    expect(findAgain(doc(line('x')), before)).toBeUndefined()
  })

  it('says minutes in whole ones', () => {
    expect([0, 89, 90, 1000].map(minutesToRead)).toEqual([0, 0, 1, 6])
  })
})

import { EditorState } from '@tiptap/pm/state'
import { describe, expect, it } from 'vitest'
import { findMatches, matchAfter, matchBefore, replaceMatches } from './find.ts'
import { editorSchema } from './schema.ts'

const schema = editorSchema()
const bold = schema.marks['bold']!.create()
const line = (...parts: readonly (string | readonly [string])[]) =>
  schema.node(
    'paragraph',
    null,
    parts.map((part) => (typeof part === 'string' ? schema.text(part) : schema.text(part[0], [bold]))),
  )
const doc = (...lines: readonly ReturnType<typeof line>[]) => schema.node('doc', null, lines)
const wordsOf = (whole: ReturnType<typeof doc>, wanted: string): readonly string[] =>
  findMatches(whole, wanted).map(({ from, to }) => whole.textBetween(from, to))

describe('finding', () => {
  it('counts capital letters as small ones, and finds words that are bold in part', () => {
    expect(wordsOf(doc(line('Tea, t', ['ea'], ' and TEA')), 'tea')).toEqual(['Tea', 'tea', 'TEA'])
    expect(wordsOf(doc(line('Straße und STRASSE, Éa')), 'éa')).toEqual(['Éa'])
  })

  it('takes the signs of a pattern as they are typed', () => {
    for (const wanted of ['a.b', '(a)', '[a]', 'a+', '\\d', '$1', '^', 'a|b', '{2}', '/'])
      expect(wordsOf(doc(line(`x${wanted}x axb`)), wanted)).toEqual([wanted])
  })

  it('finds the quotes and dashes of a word processor by those of a keyboard', () => {
    expect(wordsOf(doc(line('We don’t say “no” – ever')), `don't`)).toEqual(['don’t'])
    expect(wordsOf(doc(line('We don’t say “no” – ever')), '"no" - ever')).toEqual(['“no” – ever'])
  })

  it('finds nothing over the end of a paragraph, and nothing for nothing', () => {
    expect(wordsOf(doc(line('one'), line('two')), 'onetwo')).toEqual([])
    expect(wordsOf(doc(line('one')), '  ')).toEqual([])
  })

  it('gives places that are right behind a line break, and in a table', () => {
    const broken = doc(schema.node('paragraph', null, [schema.text('a'), schema.node('hardBreak'), schema.text('tea')]))
    expect(wordsOf(broken, 'tea')).toEqual(['tea'])
    const table = schema.node('table', null, [
      schema.node('tableRow', null, [schema.node('tableCell', null, [line('tea')])]),
    ])
    expect(wordsOf(schema.node('doc', null, [table]), 'tea')).toEqual(['tea'])
  })

  it('goes round at both ends', () => {
    const matches = findMatches(doc(line('tea tea')), 'tea')
    expect([matchAfter(matches, 0), matchAfter(matches, 2), matchAfter(matches, 99)]).toEqual([0, 1, 0])
    expect([matchBefore(matches, 5), matchBefore(matches, 1), matchBefore([], 1), matchAfter([], 1)]).toEqual([
      0, 1, -1, -1,
    ])
  })
})

describe('replacing', () => {
  const replaced = (whole: ReturnType<typeof doc>, wanted: string, words: string) => {
    const state = EditorState.create({ doc: whole })
    return replaceMatches(state.tr, findMatches(whole, wanted), words).doc
  }

  it('replaces all, longer, shorter and by nothing, and keeps what is bold', () => {
    const whole = doc(line('tea ', ['tea'], ' tea'), line('no'), line('tea'))
    expect(
      replaced(whole, 'tea', 'coffee').eq(doc(line('coffee ', ['coffee'], ' coffee'), line('no'), line('coffee'))),
    ).toBe(true)
    expect(replaced(whole, 'tea', '').textContent).toBe('  no')
    expect(() => replaced(whole, 'tea', '').check()).not.toThrow()
  })

  it('puts dollar signs in as they are typed', () => {
    expect(replaced(doc(line('tea')), 'tea', '$& £1').textContent).toBe('$& £1')
  })
})

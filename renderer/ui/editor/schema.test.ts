import { describe, expect, it } from 'vitest'
import { editorSchema } from './schema.ts'
import { isSafeLink, linkFromText } from './links.ts'

describe('what a paper can hold', () => {
  it('is these kinds and no others, because an unknown one could be deleted by an older app', () => {
    const schema = editorSchema()
    expect(Object.keys(schema.nodes).toSorted()).toEqual(
      'bulletList doc hardBreak heading listItem orderedList paragraph picture summary table tableCell tableHeader tableRow taskItem taskList text'.split(
        ' ',
      ),
    )
    expect(Object.keys(schema.marks).toSorted()).toEqual(['bold', 'italic', 'link'])
  })

  it('lets a list item hold what two people left of it, in any order', () => {
    const schema = editorSchema()
    const item = (text: string) =>
      schema.node('listItem', null, [
        schema.node('bulletList', null, [
          schema.node('listItem', null, [schema.node('paragraph', null, schema.text(text))]),
        ]),
      ])
    expect(() => schema.node('bulletList', null, [item('kept')]).check()).not.toThrow()
    expect(() =>
      schema.node('taskItem', null, [schema.node('heading', null, schema.text('kept'))]).check(),
    ).not.toThrow()
  })

  it('gives headings a level below the page title, for those who listen', () => {
    const schema = editorSchema()
    const spec = schema.nodes['heading']?.spec.toDOM?.(schema.node('heading', { level: 2 }))
    expect(spec).toEqual(['h2', { 'aria-level': '3' }, 0])
  })

  it('renders an unsafe link that somebody else wrote as plain text', () => {
    const schema = editorSchema()
    const link = schema.marks['link']!
    expect(link.spec.toDOM?.(link.create({ href: 'javascript:alert(1)' }), true)).toEqual(['span', {}, 0])
    expect(link.spec.toDOM?.(link.create({ href: 'https://example.org' }), true)).toEqual([
      'a',
      { href: 'https://example.org', rel: 'noopener noreferrer nofollow', target: '_blank' },
      0,
    ])
  })
})

describe('links', () => {
  it.each(['https://example.org', 'https://example.org/a?b=c#d', 'mailto:ann@example.org', 'tel:+442079460000'])(
    'allows %s',
    (address) => expect(isSafeLink(address)).toBe(true),
  )

  it.each([
    'javascript:alert(1)',
    'http://example.org',
    'data:text/html,x',
    'file:///etc/passwd',
    '/papers',
    '//example.org',
    'java\nscript:alert(1)',
    'https://',
    ' https://example.org',
    'vbscript:x',
    'HTTPS:example.org',
    'mailto:',
  ])('refuses %j', (address) => expect(isSafeLink(address)).toBe(false))

  it.each([
    ['example.org', 'https://example.org'],
    ['  www.example.org/venue ', 'https://www.example.org/venue'],
    ['ann@example.org', 'mailto:ann@example.org'],
    ['020 7946 0000', 'tel:02079460000'],
    ['https://example.org/x', 'https://example.org/x'],
    ['example.org:8080/x', 'https://example.org:8080/x'],
  ])('makes %j into %s', (typed, address) => expect(linkFromText(typed)).toEqual({ ok: true, value: address }))

  it.each([
    ['', 'empty'],
    ['javascript:alert(1)', 'not-allowed'],
    ['http://example.org', 'not-allowed'],
    ['the venue', 'not-a-link'],
    ['hello', 'not-a-link'],
  ])('says why not: %j is %s', (typed, error) => expect(linkFromText(typed)).toMatchObject({ ok: false, error }))
})

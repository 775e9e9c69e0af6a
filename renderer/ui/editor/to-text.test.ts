import { prosemirrorJSONToYXmlFragment } from '@tiptap/y-tiptap'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { editorSchema } from './schema.ts'
import { toText } from './to-text.ts'

const text = (words: string, ...marks: object[]) => ({ type: 'text', text: words, marks })
const paragraph = (...content: object[]) => ({ type: 'paragraph', content })
const item = (...content: object[]) => ({ type: 'listItem', content })

function fragmentOf(...content: object[]): Y.XmlFragment {
  const fragment = new Y.Doc().getXmlFragment('content')
  prosemirrorJSONToYXmlFragment(editorSchema(), { type: 'doc', content }, fragment)
  return fragment
}

const everything = fragmentOf(
  { type: 'heading', attrs: { level: 2 }, content: [text('How we decide')] },
  paragraph(
    text('We '),
    text('all ', { type: 'bold' }),
    text('decide, '),
    text('kindly', { type: 'italic' }),
    { type: 'hardBreak' },
    text('and *slowly*.'),
  ),
  { type: 'paragraph', attrs: { prompt: 'Say how' } },
  paragraph(text('See '), text('our site', { type: 'link', attrs: { href: 'https://example.org' } })),
  {
    type: 'bulletList',
    content: [
      item(paragraph(text('tea')), { type: 'orderedList', content: [item(paragraph(text('green')))] }),
      item(paragraph(text('cake'))),
    ],
  },
  {
    type: 'taskList',
    content: [
      { type: 'taskItem', attrs: { checked: true }, content: [paragraph(text('Book the hall'))] },
      { type: 'taskItem', attrs: { checked: false }, content: [paragraph(text('Buy milk'))] },
    ],
  },
  {
    type: 'table',
    content: [
      {
        type: 'tableRow',
        content: ['Who', 'What'].map((cell) => ({ type: 'tableHeader', content: [paragraph(text(cell))] })),
      },
      {
        type: 'tableRow',
        content: ['Ann', 'a|b'].map((cell) => ({ type: 'tableCell', content: [paragraph(text(cell))] })),
      },
    ],
  },
)

it('gives plain words', () => {
  expect(toText(everything)).toBe(`How we decide

We all decide, kindly
and *slowly*.

See our site (https://example.org)

- tea
  1. green
- cake

[x] Book the hall
[ ] Buy milk

Who\tWhat
Ann\ta|b
`)
})

it('gives Markdown that says the same', () => {
  expect(toText(everything, 'markdown')).toBe(`## How we decide

We **all** decide, *kindly*\\
and \\*slowly\\*.

See [our site](https://example.org)

- tea
  1. green
- cake

<!-- -->

- [x] Book the hall
- [ ] Buy milk

| Who | What |
| --- | --- |
| Ann | a\\|b |
`)
})

it('gives WhatsApp its own marks, where they work there', () => {
  expect(toText(everything, 'whatsapp')).toBe(`*How we decide*

We *all* decide, _kindly_
and *slowly*.

See our site (https://example.org)

- tea
  1. green
- cake

[x] Book the hall
[ ] Buy milk

Who | What
Ann | a|b
`)
  const both = text('both', { type: 'bold' }, { type: 'italic' })
  expect(toText(fragmentOf(paragraph(both, text('! half'), text('bold', { type: 'bold' }))), 'whatsapp')).toBe(
    '*_both_*! halfbold\n',
  )
})

it('says what a summary is at its beginning, where it is given a name', () => {
  const box = (...content: object[]) => ({ type: 'summary', content })
  const fragment = fragmentOf(
    box(paragraph(text('We meet.')), { type: 'bulletList', content: [item(paragraph(text('by the river')))] }),
    paragraph(text('The rest.')),
  )
  const inShort = 'In short'
  expect(toText(fragment, 'markdown', { inShort })).toBe(
    '> **In short**\n>\n> We meet.\n>\n> - by the river\n\nThe rest.\n',
  )
  expect(toText(fragment, 'whatsapp', { inShort })).toBe('*In short*\nWe meet.\n\n- by the river\n\nThe rest.\n')
  expect(toText(fragment, 'plain', { inShort })).toBe('In short\nWe meet.\n\n- by the river\n\nThe rest.\n')
  expect(toText(fragment)).toBe('We meet.\n\n- by the river\n\nThe rest.\n')
  for (const kind of ['plain', 'markdown'] as const)
    expect(toText(fragmentOf(box({ type: 'paragraph', attrs: { prompt: 'Say it' } })), kind, { inShort })).toBe('')
})

it('is empty for an empty paper', () => {
  expect(toText(new Y.Doc().getXmlFragment('content'))).toBe('')
  expect(toText(fragmentOf({ type: 'paragraph', attrs: { prompt: 'Say how' } }))).toBe('')
})

it('keeps the words of a kind of block that it does not know', () => {
  const fragment = new Y.Doc().getXmlFragment('content')
  const strange = new Y.XmlElement('fromTheFuture')
  const words = new Y.XmlText()
  words.insert(0, 'still here')
  strange.insert(0, [words])
  fragment.insert(0, [strange])
  expect(toText(fragment)).toBe('still here\n')
})

it('Markdown: addresses end where they end, breaks at an end are none, a list that begins late is a list', () => {
  const link = (words: string, href: string) => text(words, { type: 'link', attrs: { href } })
  const written = toText(
    fragmentOf(
      paragraph(text('See https://example.org/a_b~c_ and (https://example.org/x_y)'), { type: 'hardBreak' }),
      paragraph(text('https://example.org/1'), { type: 'hardBreak' }, text('then')),
      paragraph(link('a_b', 'https://example.org/b_(c)'), text(' '), link('https://a.org/_b_/', 'https://a.org/_b_/')),
      {
        type: 'bulletList',
        content: [
          item(paragraph(text('one')), {
            type: 'orderedList',
            attrs: { start: 4 },
            content: [item(paragraph(text('four')))],
          }),
        ],
      },
    ),
    'markdown',
  )
  expect(written).toBe(`See <https://example.org/a_b~c>\\_ and (<https://example.org/x_y>)

<https://example.org/1>\\
then

[a\\_b](<https://example.org/b_(c)>) [https://a.org/\\_b\\_/](https://a.org/_b_/)

- one
  
  4. four
`)
})

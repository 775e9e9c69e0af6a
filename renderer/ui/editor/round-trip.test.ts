/** What leaves as Markdown and as HTML says the same as the paper: read back by marked, and compared structure by structure. */
import { prosemirrorJSONToYXmlFragment } from '@tiptap/y-tiptap'
import fc from 'fast-check'
import { marked } from 'marked'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { editorSchema } from './schema.ts'
import { toHtml } from './to-html.ts'
import { toText } from './to-text.ts'

const text = (words: string, ...marks: object[]) => ({ type: 'text', text: words, marks })
const [bold, italic] = [{ type: 'bold' }, { type: 'italic' }]
const link = (href: string) => ({ type: 'link', attrs: { href } })
const paragraph = (...content: object[]) => ({ type: 'paragraph', content })
const say = (words: string) => paragraph(text(words))
const heading = (level: number, words: string) => ({ type: 'heading', attrs: { level }, content: [text(words)] })
const item = (...content: object[]) => ({ type: 'listItem', content })
const bullets = (...content: object[]) => ({ type: 'bulletList', content })
const numbers = (start: number, ...content: object[]) => ({ type: 'orderedList', attrs: { start }, content })
const task = (checked: boolean, ...content: object[]) => ({ type: 'taskItem', attrs: { checked }, content })
const tasks = (...content: object[]) => ({ type: 'taskList', content })
const cell = (type: 'tableHeader' | 'tableCell', ...content: object[]) => ({ type, content })
const row = (...content: object[]) => ({ type: 'tableRow', content })

const htmlOf = (fragment: Y.XmlFragment): string =>
  toHtml(fragment, { done: 'done', toDo: 'to do', inShort: 'In short', noPicture: (alt) => `no picture: ${alt}` })

function fragmentOf(...content: object[]): Y.XmlFragment {
  const fragment = new Y.Doc().getXmlFragment('content')
  prosemirrorJSONToYXmlFragment(editorSchema(), { type: 'doc', content }, fragment)
  return fragment
}

const decoded = (html: string): string =>
  html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')

/** Tags with what matters of them, and words; the rows of a table without the parts that Markdown makes of them. */
function outline(html: string): readonly string[] {
  return html
    .replaceAll(/<\/(strong|em)><\1>|<\/a><a [^>]*>/g, '')
    .replaceAll(/<(\/?)(\w+)([^>]*)>/g, (_, end: string, tag: string, attributes: string) => {
      if (['thead', 'tbody', 'p'].includes(tag)) return '\n'
      const kept = [...attributes.matchAll(/(?<=\s)(href|start|checked)(="[^"]*")?/g)].map(([, name, value]) =>
        name === 'checked' ? ' checked' : ` ${name}${value}`,
      )
      return `\n<${end}${tag}${kept.join('')}>\n`
    })
    .replaceAll(/<!--.*?-->/g, '')
    .split('\n')
    .map((line) => decoded(line).replaceAll(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
}

/** Under the page's own title, as the file has them. */
const lower = (html: string): string =>
  html.replaceAll(/(<\/?h)(\d)/g, (_, tag: string, level: string) => `${tag}${Number(level) + 1}`)

const viaMarkdown = (fragment: Y.XmlFragment): readonly string[] =>
  outline(lower(marked.parse(toText(fragment, 'markdown'), { async: false })))

const same = (...content: object[]): readonly string[] => {
  const fragment = fragmentOf(...content)
  const html = outline(htmlOf(fragment))
  expect(viaMarkdown(fragment)).toEqual(html)
  return html
}

describe('Markdown and HTML of a paper', () => {
  test('headings, marks, links, breaks', () => {
    const address = 'https://example.org/a_(b)?x=1&y=2'
    expect(
      same(
        heading(1, 'What we are'),
        paragraph(
          text('We '),
          text('all ', bold),
          text('really', bold, italic),
          text(' decide', bold),
          text(', see '),
          text('our ', link('https://example.org/?x=1&y=2')),
          text('site', bold, link('https://example.org/?x=1&y=2')),
          { type: 'hardBreak' },
          text('- not a list'),
        ),
        heading(3, 'Room 101 #'),
      ),
    ).toEqual([
      '<h2>',
      'What we are',
      '</h2>',
      'We',
      '<strong>',
      'all',
      '<em>',
      'really',
      '</em>',
      'decide',
      '</strong>',
      ', see',
      '<a href="https://example.org/?x=1&y=2">',
      'our',
      '<strong>',
      'site',
      '</strong>',
      '</a>',
      '<br>',
      '- not a list',
      '<h4>',
      'Room 101 #',
      '</h4>',
    ])
    // Brackets would end the address.
    const fragment = fragmentOf(paragraph(text('here', link(address))))
    expect(htmlOf(fragment)).toBe(
      '<p><a href="https://example.org/a_(b)?x=1&amp;y=2" rel="noopener noreferrer">here</a></p>\n',
    )
    expect(toText(fragment, 'markdown')).toBe('[here](<https://example.org/a_(b)?x=1&y=2>)\n')
  })

  test('lists in lists, two lists in a row, a list that begins at 4', () => {
    const html = same(
      bullets(
        item(
          say('tea'),
          numbers(1, item(say('green'), bullets(item(say('leaf')), item(say('bag')))), item(say('black'))),
        ),
        item(say('cake')),
      ),
      bullets(item(say('another list'))),
      numbers(4, item(say('four'), say('and more of four')), item(say('five'))),
    )
    expect(html.filter((part) => /^<[uo]l/.test(part))).toEqual(['<ul>', '<ol>', '<ul>', '<ul>', '<ol start="4">'])
    expect(html).toContain('and more of four')
  })

  test('task lists, also in each other', () => {
    const html = same(tasks(task(true, say('Book the hall'), tasks(task(false, say('Ask for the key'))))), say('End'))
    expect(html.filter((part) => part.startsWith('<input'))).toEqual(['<input checked>', '<input>'])
  })

  test('tables, with signs that Markdown needs for itself', () => {
    const html = same({
      type: 'table',
      content: [
        row(cell('tableHeader', say('Who')), cell('tableHeader', say('What'))),
        row(
          cell('tableCell', say('Ann | Bob')),
          cell('tableCell', paragraph(text('tea', bold), { type: 'hardBreak' }, text('and *cake*'))),
        ),
        row(cell('tableCell', paragraph()), cell('tableCell', say('nothing'))),
      ],
    })
    expect(html.filter((part) => part === '<tr>')).toHaveLength(3)
    expect(html.filter((part) => part === '<td>')).toHaveLength(4)
    expect(html).toContain('Ann | Bob')
  })

  test('a link that may not be one is words', () => {
    const html = htmlOf(fragmentOf(paragraph(text('press', link('javascript:alert(1)')))))
    expect(html).toBe('<p>press</p>\n')
  })

  test('whatever is typed comes back from Markdown as it was, and HTML holds no tag of it', () => {
    const signs = fc.constantFrom(...'ab 1.)(-+=#*_~`<>[]!|\\&;"\'/:'.split(''), 'é', '&lt;', '<b>', '---', '> ', '1. ')
    const typed = fc.array(signs, { minLength: 1, maxLength: 14 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(typed, (words) => {
        fc.pre(words.trim() !== '')
        const fragment = fragmentOf(say(words))
        const read = outline(marked.parse(toText(fragment, 'markdown'), { async: false })).join(' ')
        expect(read).toBe(words.replaceAll(/\s+/g, ' ').trim())
        expect(outline(htmlOf(fragment)).join(' ')).toBe(read)
      }),
      { numRuns: 2000 },
    )
  })

  test('any mixture of marks says the same words', () => {
    const run = fc.record({
      words: fc.array(fc.constantFrom('a', 'b', ' ', '.', '(', ')', '“', '*'), { minLength: 1, maxLength: 4 }),
      marks: fc.subarray([bold, italic]),
    })
    fc.assert(
      fc.property(fc.array(run, { minLength: 1, maxLength: 5 }), (runs) => {
        const fragment = fragmentOf(paragraph(...runs.map(({ words, marks }) => text(words.join(''), ...marks))))
        const wordsOf = (html: string): string =>
          decoded(html.replaceAll(/<[^>]*>/g, ''))
            .replaceAll(/\s+/g, ' ')
            .trim()
        expect(wordsOf(marked.parse(toText(fragment, 'markdown'), { async: false }))).toBe(wordsOf(htmlOf(fragment)))
      }),
      {
        numRuns: 2000,
        // Between two signs a mark might as well end something.
        examples: [
          [
            [
              { words: ['.'], marks: [] },
              { words: ['.', ' '], marks: [bold] },
              { words: ['a'], marks: [bold, italic] },
              { words: [' ', 'a'], marks: [bold] },
            ],
          ],
        ],
      },
    )
  })
})

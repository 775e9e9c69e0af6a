import { prosemirrorJSONToYXmlFragment } from '@tiptap/y-tiptap'
import { strFromU8, unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { templates } from '../../../../../resources/templates/index.ts'
import { pictureFile } from '../../../../../tests/fixtures/pictures/read.ts'
import { addPicture } from '../../../../ui/editor/pictures/kept.ts'
import { editorSchema } from '../../../../ui/editor/schema.ts'
import { toHtml } from '../../../../ui/editor/to-html.ts'
import { readText } from '../import/read-text.ts'
import { simpleHtml } from '../import/simple-html.ts'
import { toWord } from './to-word.ts'

type Json = Readonly<Record<string, unknown>>
const words = (text: string, ...marks: readonly Json[]): Json => ({
  type: 'text',
  text,
  ...(marks.length > 0 ? { marks } : {}),
})
const node = (type: string, content: readonly Json[], attrs: Json = {}): Json => ({ type, attrs, content })
const p = (text: string): Json => node('paragraph', [words(text)])
const item = (...content: readonly Json[]): Json => node('listItem', content)

function fragmentOf(content: readonly Json[]): Y.XmlFragment {
  const fragment = new Y.Doc().getXmlFragment('content')
  prosemirrorJSONToYXmlFragment(editorSchema(), { type: 'doc', content }, fragment)
  return fragment
}

/** What matters of a structure: in Word's HTML an item's words stand in no paragraph, in ours in one. */
const shape = (html: string): string => {
  const simple = simpleHtml(html)
  if (!simple.ok) throw new Error(simple.error)
  return simple.value.html
    .replaceAll(/<h1 class="title">.*?<\/h1>|<\/?(?:thead|tbody)>|\n/g, '')
    .replaceAll(/<p>(.*?)<\/p>/g, '¶$1')
    .replaceAll('<li>¶', '<li>')
    .replaceAll(/<a href="#[^"]*">(.*?)<\/a>/g, '$1')
}

async function back(fragment: Y.XmlFragment, title = 'Title'): Promise<string> {
  const asked = { title, words: fragment, language: 'en-GB', inShort: 'In short', noPicture }
  const read = await readText(await toWord(asked), 'a.docx')
  if (!read.ok) throw new Error(`${read.error} ${read.detail}`)
  return read.value.html
}

const noPicture = (alt: string): string => `no picture: ${alt}`

/** Our own HTML, with headings where Word has them. */
const own = (fragment: Y.XmlFragment): string =>
  toHtml(fragment, { done: '', toDo: '', inShort: 'In short', noPicture }).replaceAll(
    /<(\/?)h([234])>/g,
    (_, end: string, level: string) => `<${end}h${Number(level) - 1}>`,
  )

test('headings, marks, breaks, links and nested lists come back as they were', async () => {
  const fragment = fragmentOf([
    node('heading', [words('One')], { level: 1 }),
    node('paragraph', [
      words('plain '),
      words('bold', { type: 'bold' }),
      words(' '),
      words('both', { type: 'bold' }, { type: 'italic' }),
      { type: 'hardBreak' },
      words('a & b <c>', { type: 'link', attrs: { href: 'https://example.org/?a=1&b="2"' } }),
    ]),
    node('heading', [words('Two')], { level: 2 }),
    node('heading', [words('Three')], { level: 3 }),
    node('bulletList', [
      item(
        p('a'),
        p('more of a'),
        node('orderedList', [item(p('one')), item(p('two'), p('more of two'), node('bulletList', [item(p('deep'))]))]),
      ),
      item(p('b')),
    ]),
    node('bulletList', [item(p('another list'))]),
    node('orderedList', [item(p('first')), item(p('second'))]),
    node('orderedList', [item(p('begins anew'))]),
    p('end'),
  ])
  expect(shape(await back(fragment))).toBe(shape(own(fragment)))
})

test('tables: headings, wide and tall cells, lists in cells, two tables in a row', async () => {
  const cell = (content: readonly Json[], attrs: Json = {}): Json => node('tableCell', content, attrs)
  const head = (text: string): Json => node('tableHeader', [p(text)])
  const fragment = fragmentOf([
    node('table', [
      node('tableRow', [head('x'), head('y'), head('z')]),
      node('tableRow', [
        cell([p('tall')], { rowspan: 2 }),
        cell([p('a'), node('bulletList', [item(p('in a cell'))])]),
        cell([p('b')]),
      ]),
      node('tableRow', [cell([p('wide')], { colspan: 2 })]),
    ]),
    node('table', [node('tableRow', [cell([p('1')]), cell([p('2'), p('3')])])]),
  ])
  expect(shape(await back(fragment)).replaceAll(' scope="col"', '')).toBe(shape(own(fragment)))
})

test('a heading stays bold, and the number of the page is no words', async () => {
  const fragment = fragmentOf([node('heading', [words('One')], { level: 1 }), p('plain')])
  const asked = { title: 'Title', words: fragment, language: 'en-GB', inShort: 'In short', noPicture }
  const file = await toWord(asked)
  const parts = unzipSync(file)
  expect(strFromU8(parts['word/document.xml'] ?? new Uint8Array())).not.toMatch(/w:val="(?:false|0)"/)
  expect(Object.keys(parts).filter((name) => name.startsWith('word/footer'))).toHaveLength(1)
  const read = await readText(file, 'a.docx')
  expect(read.ok && read.value.leftOut.headers).toBe(0)
})

test('a summary has its name above it and a border around it; lists in it stay lists', async () => {
  const fragment = fragmentOf([
    node('summary', [p('We meet on Tuesdays.'), node('bulletList', [item(p('by the river'))]), p('Ask Ann.')]),
    p('The rest.'),
  ])
  expect(shape(await back(fragment))).toBe(
    '¶<strong>In short</strong>¶We meet on Tuesdays.<ul><li>by the river</li></ul>¶Ask Ann.¶The rest.',
  )
  const file = unzipSync(
    await toWord({ title: 'Title', words: fragment, language: 'en-GB', inShort: 'In short', noPicture }),
  )
  const xml = (name: string): string => strFromU8(file[name] ?? new Uint8Array())
  expect(xml('word/styles.xml')).toMatch(/w:styleId="Summary".*?<w:pBdr>/)
  expect(xml('word/document.xml').match(/<w:pStyle w:val="Summary"\/>/g)).toHaveLength(3)
})

test('boxes to tick become their signs', async () => {
  const tasks = node('taskList', [
    node('taskItem', [p('done')], { checked: true }),
    node('taskItem', [p('not yet'), node('taskList', [node('taskItem', [p('below')], { checked: false })])], {
      checked: false,
    }),
  ])
  expect(shape(await back(fragmentOf([tasks])))).toBe(
    '<ul><li>☒ done</li><li>☐ not yet<ul><li>☐ below</li></ul></li></ul>',
  )
})

test('deep lists, signs that XML does not know, an empty paper, and what a later version may write', async () => {
  const deep = Array.from({ length: 8 }).reduce<Json>(
    (inner) => node('bulletList', [item(p('x'), inner)]),
    node('bulletList', [item(p('x'))]),
  )
  const fragment = fragmentOf([deep])
  expect(shape(await back(fragment))).toBe(shape(own(fragment)))
  expect(await back(fragmentOf([p('a\u0000b\ud800c')]), 'T\u0001 & <t>')).toBe(
    '<h1 class="title">T &amp; &lt;t&gt;</h1><p>abc</p>',
  )
  expect(await back(fragmentOf([]))).toBe('<h1 class="title">Title</h1>')
  const later = fragmentOf([p('known')])
  const strange = new Y.XmlElement('fromTheFuture')
  strange.insert(0, [new Y.XmlText('still here')])
  later.insert(0, [strange])
  expect(shape(await back(later))).toBe('¶still here¶known')
})

test.each(templates.map(({ id, content }) => [id, content] as const))('the template %s', async (_id, content) => {
  const fragment = new Y.Doc().getXmlFragment('content')
  prosemirrorJSONToYXmlFragment(editorSchema(), content, fragment)
  const unticked = (html: string): string => html.replaceAll(/<input[^>]*>/g, '☐ ').replaceAll('<li>☐ ¶', '<li>☐ ')
  const rowless = (html: string): string => html.replaceAll(/<(\/?)th>/g, '<$1td>')
  const empties = (html: string): string => html.replaceAll('¶<', '<')
  const same = (html: string): string => empties(rowless(unticked(shape(html))))
  expect(same(await back(fragment))).toBe(same(own(fragment)))
})

test('pictures keep what they show and their proportions, and fit the page; one that is not here is named', async () => {
  const fragment = fragmentOf([])
  const lake = pictureFile('lake.jpg')
  const added = await addPicture(fragment.doc!, lake)
  if (!added.ok) throw new Error(added.error)
  const pictureOf = (attrs: Json): Json => ({ type: 'picture', attrs: { hash: added.value, ...attrs } })
  const content = [
    p('Before'),
    pictureOf({ alt: 'The "lake" & more' }),
    pictureOf({ alt: '', decoration: true }),
    { type: 'picture', attrs: { hash: 'f'.repeat(64), alt: 'gone' } },
  ]
  prosemirrorJSONToYXmlFragment(editorSchema(), { type: 'doc', content }, fragment)
  const bytes = await toWord({ title: 'Title', words: fragment, language: 'en-GB', inShort: 'In short', noPicture })
  const read = await readText(bytes, 'a.docx')
  if (!read.ok) throw new Error(read.error)
  expect(read.value.pictures).toEqual([lake, lake])
  expect(read.value.html).toContain(
    '<p>Before</p><p><img data-picture="waiting-0" alt="The &quot;lake&quot; &amp; more"></p><p><img data-picture="waiting-1" alt=""></p><p>no picture: gone</p>',
  )
  // 60 by 40 pixels, in the units that Word counts in.
  expect(strFromU8(unzipSync(bytes)['word/document.xml']!)).toMatch(/<wp:extent cx="571500" cy="381000"\/>/)
})

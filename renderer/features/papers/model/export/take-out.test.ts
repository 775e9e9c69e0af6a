import { prosemirrorJSONToYXmlFragment } from '@tiptap/y-tiptap'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { pictureFile } from '../../../../../tests/fixtures/pictures/read.ts'
import { createI18n } from '../../../../app/i18n.ts'
import { addPicture } from '../../../../ui/editor/pictures/kept.ts'
import { editorSchema } from '../../../../ui/editor/schema.ts'
import { readText } from '../import/read-text.ts'
import { type FileKind, takeOut } from './take-out.ts'

const i18n = createI18n()

async function taken(kind: FileKind) {
  const words = new Y.Doc({ gc: false }).getXmlFragment('content')
  const lake = pictureFile('lake.jpg')
  const added = await addPicture(words.doc!, lake)
  if (!added.ok) throw new Error(added.error)
  const content = [
    { type: 'paragraph', content: [{ type: 'text', text: 'Where we go' }] },
    { type: 'picture', attrs: { hash: added.value, alt: 'The [lake] *now*' } },
    { type: 'picture', attrs: { hash: added.value, alt: '', decoration: true, size: 'small' } },
    { type: 'picture', attrs: { hash: 'f'.repeat(64), alt: 'not here' } },
  ]
  prosemirrorJSONToYXmlFragment(editorSchema(), { type: 'doc', content }, words)
  const { name, bytes } = await takeOut(kind, 'Outing', words, i18n)
  const read = await readText(bytes, name)
  if (!read.ok) throw new Error(read.error)
  return { lake, text: new TextDecoder().decode(bytes), ...read.value }
}

test('Markdown holds its pictures at its end, and the words before them can be read', async () => {
  const { lake, text, pictures, html } = await taken('markdown')
  expect(text.slice(0, text.indexOf('base64'))).toBe(
    '# Outing\n\nWhere we go\n\n![The \\[lake\\] \\*now\\*][picture-1]\n\n![][picture-1]\n\nPicture: not here\n\n[picture-1]: data:image/jpeg;',
  )
  expect(pictures).toEqual([lake, lake])
  expect(html).toContain('<img data-picture="waiting-0" alt="The [lake] *now*">')
})

test('a web page holds its pictures itself, and lets none be fetched', async () => {
  const { lake, text, pictures, html } = await taken('html')
  expect(pictures).toEqual([lake, lake])
  expect(html).toContain('<img data-picture="waiting-0" alt="The [lake] *now*">')
  expect(html).toContain('<p>Picture: not here</p>')
  expect(text).toContain('img-src data:;')
  expect(text).not.toMatch(/src="(?!data:)/)
})

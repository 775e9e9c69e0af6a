/** What a document holds besides words: samples are opened for ever. */
import { yXmlFragmentToProsemirrorJSON } from '@tiptap/y-tiptap'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { isKnownContent } from '../../renderer/ui/editor/content-guard.ts'
import { picturesOf, readPicture } from '../../renderer/ui/editor/pictures/kept.ts'
import { editorSchema } from '../../renderer/ui/editor/schema.ts'
import { toText } from '../../renderer/ui/editor/to-text.ts'
import { pictureFile } from '../fixtures/pictures/read.ts'

interface Sample {
  readonly update: string
  readonly text: string
  /** Names of files by the hashes of their bytes. */
  readonly pictures: Readonly<Record<string, string>>
  readonly content: readonly object[]
}
const sample: Sample = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../fixtures/document/with-pictures.json'), 'utf8'),
)

const opened = (): Y.XmlFragment => {
  const doc = new Y.Doc({ gc: false })
  Y.applyUpdateV2(doc, Buffer.from(sample.update, 'base64'))
  return doc.getXmlFragment('content')
}

test('a document with pictures opens whole', async () => {
  const words = opened()
  expect(isKnownContent(words)).toBe(true)
  const node = editorSchema().nodeFromJSON(yXmlFragmentToProsemirrorJSON(words))
  node.check()
  expect(node.toJSON()).toMatchObject({ content: sample.content })
  expect(toText(words)).toBe(sample.text)
  const pictures = await picturesOf(words)
  expect([...pictures].map(([hash, { bytes }]) => [hash, bytes])).toEqual(
    Object.entries(sample.pictures).map(([hash, name]) => [hash, pictureFile(name)]),
  )
})

test('a picture with one bit of it changed is named, and not shown', async () => {
  const { doc } = opened()
  if (doc === null) throw new Error('no document')
  for (const hash of Object.keys(sample.pictures)) {
    const other = new Y.Doc({ gc: false })
    const bytes = doc.getMap<Uint8Array>('pictures').get(hash)!.slice()
    bytes[bytes.length - 5]! ^= 1
    other.getMap('pictures').set(hash, bytes)
    expect(await readPicture(other, hash)).toMatchObject({ ok: false, error: 'unfit' })
    expect(await readPicture(new Y.Doc(), hash)).toMatchObject({ ok: false, error: 'not-here' })
  }
})

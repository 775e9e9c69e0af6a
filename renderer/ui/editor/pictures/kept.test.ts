import { prosemirrorJSONToYXmlFragment } from '@tiptap/y-tiptap'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { pictureFile } from '../../../../tests/fixtures/pictures/read.ts'
import { editorSchema } from '../schema.ts'
import {
  addPicture,
  copyPictures,
  fitPicture,
  forgetUnshown,
  hashOf,
  LONGEST_SIDE,
  MOST_BYTES,
  MOST_IN_ALL,
  picturesOf,
  readPicture,
  roomTaken,
} from './kept.ts'
import { attributesOf, pictureOf, picturesIn } from './picture.ts'

const lake = pictureFile('lake.jpg')
const cup = pictureFile('cup.png')

async function added(doc: Y.Doc, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const result = await addPicture(doc, bytes)
  if (!result.ok) throw new Error(result.error)
  return result.value
}

/** The same picture in more bytes: what follows a picture's end is passed over. */
function longer(bytes: Uint8Array, length: number, mark = 0): Uint8Array<ArrayBuffer> {
  const long = new Uint8Array(length)
  long.set(bytes)
  long[length - 1] = mark
  return long
}

function wordsWith(doc: Y.Doc, ...hashes: readonly string[]): Y.XmlFragment {
  const words = doc.getXmlFragment('content')
  const content = hashes.map((hash) => ({ type: 'picture', attrs: { hash, alt: 'The lake' } }))
  prosemirrorJSONToYXmlFragment(editorSchema(), { type: 'doc', content }, words)
  return words
}

describe('pictures in a document', () => {
  test('are there under the hash of their bytes, once, and travel with it', async () => {
    const doc = new Y.Doc({ gc: false })
    const hash = await added(doc, lake)
    expect(hash).toBe(await hashOf(lake))
    const before = Y.encodeStateVector(doc)
    expect(await added(doc, lake)).toBe(hash)
    expect(Y.encodeStateVector(doc)).toEqual(before)
    const other = new Y.Doc({ gc: false })
    Y.applyUpdateV2(other, Y.encodeStateAsUpdateV2(doc))
    expect(await readPicture(other, hash)).toMatchObject({ ok: true, value: { kind: 'jpeg', width: 60, height: 40 } })
    expect(await readPicture(new Y.Doc(), hash)).toMatchObject({ ok: false, error: 'not-here' })
    expect(await readPicture(other, 'no hash')).toMatchObject({ ok: false, error: 'unfit' })
  })

  test('another picture, or anything else, under a hash is not believed; nor does it hide the one that was there', async () => {
    for (const wrong of [cup, 'words', 1, null, new Uint8Array(), [lake]]) {
      const doc = new Y.Doc({ gc: false })
      doc.getMap('pictures').set(await hashOf(lake), wrong)
      expect(await readPicture(doc, await hashOf(lake))).toMatchObject({ ok: false, error: 'unfit' })
    }
    const doc = new Y.Doc({ gc: false })
    const hash = await added(doc, lake)
    const mallory = new Y.Doc({ gc: false })
    Y.applyUpdate(mallory, Y.encodeStateAsUpdate(doc))
    mallory.getMap('pictures').set(hash, cup)
    mallory.getMap('pictures').delete(hash)
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(mallory))
    expect(await readPicture(doc, hash)).toMatchObject({ ok: true, value: { bytes: lake } })
  })

  test('no more than there is room for; what others add on top is shown', async () => {
    const doc = new Y.Doc({ gc: false })
    for (let index = 0; index < MOST_IN_ALL / MOST_BYTES; index++) await added(doc, longer(lake, MOST_BYTES, index))
    expect(roomTaken(doc)).toBe(MOST_IN_ALL)
    expect(await addPicture(doc, cup)).toMatchObject({ ok: false, error: 'full' })
    const hash = await hashOf(cup)
    doc.getMap('pictures').set(hash, cup)
    expect(await readPicture(doc, hash)).toMatchObject({ ok: true })
  })

  test('what would ask for much memory, moves, or is of another kind is not shown', () => {
    const wide = cup.slice()
    new DataView(wide.buffer).setUint32(16, LONGEST_SIDE + 1)
    const unfit = [wide, longer(lake, MOST_BYTES + 1), pictureFile('lossy.webp'), pictureFile('moving.gif')]
    expect(unfit.map(fitPicture)).toEqual([undefined, undefined, undefined, undefined])
    expect(fitPicture(longer(lake, MOST_BYTES))).toMatchObject({ kind: 'jpeg' })
  })

  test('those that the words show go with a copy, and no others', async () => {
    const from = new Y.Doc({ gc: false })
    const [one, two] = [await added(from, lake), await added(from, cup)]
    const words = wordsWith(new Y.Doc({ gc: false }), one, one, 'f'.repeat(64))
    await copyPictures(from, words)
    expect([...(words.doc?.getMap('pictures').keys() ?? [])]).toEqual([one])
    expect([...(await picturesOf(words)).keys()]).toEqual([one])
    expect(two).not.toBe(one)
  })
})

test('a private text forgets what it no longer shows, but not what it cannot read, and a paper nothing', async () => {
  for (const { gc, strange, left } of [
    { gc: true, strange: false, left: 1 },
    { gc: true, strange: true, left: 2 },
    { gc: false, strange: false, left: 2 },
  ]) {
    const doc = new Y.Doc({ gc })
    const [one] = [await added(doc, lake), await added(doc, cup)]
    const words = wordsWith(doc, one)
    if (strange) words.insert(0, [new Y.XmlElement('gallery')])
    forgetUnshown(words)
    expect(doc.getMap('pictures').size).toBe(left)
    expect(await readPicture(doc, one)).toMatchObject({ ok: true })
    const isHeld = Buffer.from(Y.encodeStateAsUpdate(doc)).includes(Buffer.from(cup))
    expect(isHeld).toBe(left === 2)
  }
})

test('whatever somebody’s program wrote into a picture’s element, it is read as one', () => {
  const strange = fc.oneof(fc.anything(), fc.constantFrom('true', true, 'small', 'x'.repeat(5000)))
  fc.assert(
    fc.property(fc.record({ hash: strange, alt: strange, decoration: strange, size: strange }), (attributes) => {
      const picture = pictureOf(attributes)
      expect(pictureOf(attributesOf(picture))).toEqual(picture)
      expect(picture.alt.length).toBeLessThanOrEqual(500)
      expect(['wide', 'small']).toContain(picture.size)
    }),
  )
})

test('pictures are found in items and cells, too', () => {
  const words = new Y.Doc().getXmlFragment('content')
  const picture = (hash: string) => ({ type: 'picture', attrs: { hash } })
  const cell = { type: 'tableCell', content: [picture('b'.repeat(64))] }
  const content = [
    { type: 'bulletList', content: [{ type: 'listItem', content: [picture('a'.repeat(64))] }] },
    { type: 'table', content: [{ type: 'tableRow', content: [cell] }] },
  ]
  prosemirrorJSONToYXmlFragment(editorSchema(), { type: 'doc', content }, words)
  expect(picturesIn(words).map(({ hash }) => hash[0])).toEqual(['a', 'b'])
})

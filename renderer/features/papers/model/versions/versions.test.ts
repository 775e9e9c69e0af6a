import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { toText } from '../../../../ui/editor/to-text.ts'
import { countWords, onBigDeletion } from './big-deletion.ts'
import { keepVersion, MOST_BY_ITSELF, MOST_VERSIONS } from './keep.ts'
import { openVersion } from './open.ts'
import { addAfter, remove, writers } from './testing.ts'
import { entriesOf } from '../entries.ts'
import { ENTRIES, versionsOf } from './version.ts'

function two() {
  const world = writers('ann', 'bob')
  const [ann, bob] = world.people
  if (ann === undefined || bob === undefined) throw new Error('two people')
  const list = (writer: typeof ann) => versionsOf(writer.doc, world.attribution).list
  return { ...world, ann, bob, list }
}

const wordsOf = (doc: Y.Doc, version: { readonly snapshot: Uint8Array }): string | undefined => {
  const opened = openVersion(doc, version)
  return opened.state === 'not-here' ? undefined : toText(opened.words)
}

describe('keeping a version', () => {
  it('is the paper as it was, with its name, for everybody, and changes with nothing that comes after', () => {
    const { ann, bob, meet, list } = two()
    ann.write('We meet on Tuesdays.', 'Everybody has a voice.')
    keepVersion(ann.doc, { why: 'kept', at: 10, name: '  As   sent ', note: 'to the library ' })
    ann.edit(remove('Everybody'))
    meet()
    bob.write('All new.')
    meet()
    for (const writer of [ann, bob]) {
      const [version] = list(writer)
      expect(version).toMatchObject({ by: 'ann', at: 10, why: 'kept', name: 'As sent', note: 'to the library' })
      expect(wordsOf(writer.doc, version!)).toBe('We meet on Tuesdays.\n\nEverybody has a voice.\n')
      expect(writer.text()).toBe('All new.\n')
    }
  })

  it('holds none of the words, so it brings them to nobody who could not read them', () => {
    const { ann } = two()
    ann.write('A secret of last year')
    const before = Y.encodeStateVector(ann.doc)
    keepVersion(ann.doc, { why: 'kept', at: 1, name: 'v' })
    expect(new TextDecoder().decode(Y.encodeStateAsUpdate(ann.doc, before))).not.toMatch(/secret|last|year/)
  })

  it('loses none that are kept apart, and lists the newest first', () => {
    const { ann, bob, meet, list } = two()
    ann.write('one')
    meet()
    ann.edit(addAfter('one', ' ann'))
    keepVersion(ann.doc, { why: 'kept', at: 2, name: 'of ann' })
    bob.edit(addAfter('one', ' bob'))
    keepVersion(bob.doc, { why: 'kept', at: 3, name: 'of bob' })
    meet()
    for (const writer of [ann, bob]) {
      expect(list(writer).map(({ name, by }) => [name, by])).toEqual([
        ['of bob', 'bob'],
        ['of ann', 'ann'],
      ])
      expect(list(writer).map((version) => wordsOf(writer.doc, version))).toEqual(['one bob\n', 'one ann\n'])
    }
  })

  it('cannot be taken out or replaced by a program that tries', () => {
    const { ann, bob, meet, list } = two()
    ann.write('words')
    const kept = keepVersion(ann.doc, { why: 'kept', at: 2, name: 'mine' })
    meet()
    entriesOf(bob.doc, ENTRIES).delete(0, 1)
    entriesOf(bob.doc, ENTRIES).insert(0, [{ ...list(ann)[0], format: 1, kind: 'version', name: 'forged', by: 'ann' }])
    meet()
    const again = new Y.Doc({ gc: false })
    Y.applyUpdate(again, Y.encodeStateAsUpdate(ann.doc))
    const there = versionsOf(again, { insertedBy: (client) => (client === 1 ? ann.name : bob.name) }).list
    expect(there.find(({ id }) => kept.ok && id === kept.value)).toMatchObject({ name: 'mine', by: 'ann' })
    expect(there.find(({ name }) => name === 'forged')).toMatchObject({ by: 'bob' })
  })

  it('says when there is no more room, and takes none away', () => {
    const { ann, bob, meet, list } = two()
    ann.write('words')
    meet()
    for (let at = 0; at < MOST_BY_ITSELF; at++) expect(keepVersion(ann.doc, { why: 'deleting', at }).ok).toBe(true)
    expect(keepVersion(ann.doc, { why: 'deleting', at: 500 })).toMatchObject({ ok: false, error: 'full' })
    for (let at = 0; at < MOST_VERSIONS - MOST_BY_ITSELF; at++)
      expect(keepVersion(ann.doc, { why: 'kept', at, name: 'v' }).ok).toBe(true)
    expect(keepVersion(ann.doc, { why: 'kept', at: 1, name: 'v' })).toMatchObject({ ok: false, error: 'full' })
    expect(keepVersion(bob.doc, { why: 'kept', at: 1, name: 'meanwhile' }).ok).toBe(true)
    meet()
    expect(list(ann)).toHaveLength(MOST_VERSIONS + 1)
  })
})

describe('what is read', () => {
  it('counts what it does not know, and is not thrown by rubbish', () => {
    const { ann, attribution } = two()
    ann.write('words')
    const rubbish = [
      null,
      7,
      'text',
      [],
      { format: 2, kind: 'version' },
      { format: 1, kind: 'version', at: 1e300, snapshot: new Uint8Array() },
      { format: 1, kind: 'version', at: 1, snapshot: 'no' },
    ]
    entriesOf(ann.doc, ENTRIES).push(rubbish as never[])
    entriesOf(ann.doc, ENTRIES).push([
      { format: 1, kind: 'version', at: 1, name: 9, why: 'of 2031', snapshot: new Uint8Array() },
    ])
    const { list, unknown } = versionsOf(ann.doc, attribution)
    expect(unknown).toBe(rubbish.length)
    expect(list).toMatchObject([{ why: 'other', name: '', note: '' }])
    expect(openVersion(ann.doc, list[0]!).state).toBe('not-here')
  })

  it('opens whatever bytes are given as a snapshot without throwing or changing the paper', () => {
    const { ann } = two()
    ann.write('some words', 'and more')
    ann.edit(remove('more'))
    const now = Y.encodeStateAsUpdate(ann.doc)
    const good = Y.encodeSnapshotV2(Y.snapshot(ann.doc))
    const bent = fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })).map(([at, byte]) => {
      const bytes = good.slice()
      bytes[at] = byte
      return bytes
    })
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 40 }), bent), (snapshot) => {
        openVersion(ann.doc, { snapshot })
        expect(Y.encodeStateAsUpdate(ann.doc)).toEqual(now)
      }),
      { numRuns: 500 },
    )
  })

  it('says that a version is not here as long as words of it are missing', () => {
    const { ann, bob, list, meet } = two()
    ann.write('first')
    const early = Y.encodeStateAsUpdate(ann.doc)
    ann.edit(addAfter('first', ' second'))
    keepVersion(ann.doc, { why: 'kept', at: 1, name: 'v' })
    const [version] = list(ann)
    Y.applyUpdate(bob.doc, early)
    expect(openVersion(bob.doc, version!).state).toBe('not-here')
    meet()
    expect(wordsOf(bob.doc, version!)).toBe('first second\n')
  })

  it('keeps what a newer Teatray wrote, and shows its words', () => {
    const { ann, list } = two()
    ann.write('known')
    const box = new Y.XmlElement('summaryBox')
    box.insert(0, [new Y.XmlText('from the future')])
    ann.words.insert(1, [box])
    keepVersion(ann.doc, { why: 'kept', at: 1, name: 'v' })
    const opened = openVersion(ann.doc, list(ann)[0]!)
    expect(opened.state).toBe('words')
    expect(wordsOf(ann.doc, list(ann)[0]!)).toContain('from the future')
  })
})

describe('a big deletion', () => {
  const LONG = Array.from({ length: 30 }, (_, index) => `word${index}`).join(' ')
  const OTHER = Array.from({ length: 30 }, (_, index) => `other${index}`).join(' ')

  async function watched(change: (world: ReturnType<typeof two>) => void) {
    const world = two()
    world.ann.write(LONG, OTHER)
    world.ann.edit(remove('word3 '))
    world.meet()
    const before = world.ann.text()
    const found: Y.Snapshot[] = []
    const stop = onBigDeletion(world.ann.doc, (snapshot) => found.push(snapshot))
    change(world)
    await Promise.resolve()
    stop()
    const texts = found.map((snapshot) => wordsOf(world.ann.doc, { snapshot: Y.encodeSnapshotV2(snapshot) }))
    return { before, texts }
  }

  it('is noticed, with how the paper was before it', async () => {
    const { before, texts } = await watched(({ ann }) => ann.edit(remove(OTHER)))
    expect(texts).toEqual([before])
  })

  it('is not said of a small one, of words that are written anew, or of one by somebody else', async () => {
    expect((await watched(({ ann }) => ann.edit(remove('word4 word5')))).texts).toEqual([])
    expect((await watched(({ ann }) => ann.write(`${LONG} new`, OTHER, 'more'))).texts).toEqual([])
    const byBob = await watched(({ bob, meet }) => {
      bob.edit(remove(OTHER))
      meet()
    })
    expect(byBob.texts).toEqual([])
  })

  it('counts words as people do', () => {
    const { ann } = two()
    ann.write('Bob’s “well-known” tea, at 2', '', '—')
    expect(countWords(ann.words)).toBe(5)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { entriesOf } from '../entries.ts'
import { keepVersion } from '../versions/keep.ts'
import { restoreVersion } from '../versions/restore.ts'
import { addAfter, paragraph, positionOf, remove, schema, type Writer, writers } from '../versions/testing.ts'
import { versionsOf } from '../versions/version.ts'
import { addToTalk, MOST_ENTRIES } from './add.ts'
import { anchorAt, placesOf, readAnchor } from './anchor.ts'
import { initProseMirrorDoc } from '@tiptap/y-tiptap'
import { ENTRIES, LONGEST_SAID, talkOf } from './talk.ts'

function two() {
  const world = writers('ann', 'bob')
  const [ann, bob] = world.people
  if (ann === undefined || bob === undefined) throw new Error('two people')
  return { ...world, ann, bob, talk: (writer: Writer) => talkOf(writer.doc, world.attribution) }
}

/** Where words stand in the editor's document. */
function rangeOf({ words }: Writer, text: string) {
  const { doc } = initProseMirrorDoc(words, schema)
  let from = -1
  doc.descendants((node, position) => {
    const index = node.isText ? (node.text?.indexOf(text) ?? -1) : -1
    if (index >= 0 && from < 0) from = position + index
  })
  if (from < 0) throw new Error(`no ${text}`)
  return { from, to: from + text.length }
}

const commentOn = (writer: Writer, words: string, text = 'Is that right?', at = 1): string => {
  const added = addToTalk(
    writer.doc,
    { kind: 'comment', text, about: anchorAt(writer.words, rangeOf(writer, words)) },
    at,
  )
  if (!added.ok) throw new Error(added.error)
  return added.value
}

/** Where the comments of a paper stand. */
const places = ({ words, doc }: Writer) => {
  const { comments } = talkOf(doc, { insertedBy: () => undefined })
  const found = placesOf(
    words,
    comments.flatMap(({ id, anchor }) => (anchor === undefined ? [] : [[id, anchor] as const])),
  )
  return comments.map(({ id }) => found.get(id))
}

const shownWords = (writer: Writer): string => {
  const [place] = places(writer)
  if (place?.state !== 'here') return `(${place?.state})`
  const { doc } = initProseMirrorDoc(writer.words, schema)
  // What is marked in the text is what is said to be marked.
  expect(doc.textBetween(place.from, place.to, '\n', '\n')).toBe(place.words)
  return place.words
}

describe('the words that a comment is about', () => {
  it('are found after edits before, inside and around them, on every computer', () => {
    const { ann, bob, meet } = two()
    ann.write('First things first.', 'We meet on Tuesdays at two.')
    meet()
    commentOn(ann, 'on Tuesdays')
    bob.edit(addAfter('First things', ' always come'))
    bob.edit(addAfter('We meet', ' again'))
    bob.edit(addAfter('on', ' most'))
    meet()
    for (const writer of [ann, bob]) expect(shownWords(writer)).toBe('on most Tuesdays')
    bob.edit(remove('on most Tues'))
    meet()
    for (const writer of [ann, bob]) expect(shownWords(writer)).toBe('days')
  })

  it('may be in several paragraphs, and lose one of them', () => {
    const { ann } = two()
    ann.write('one two', 'three four', 'five six')
    const { from } = rangeOf(ann, 'two')
    const { to } = rangeOf(ann, 'five')
    addToTalk(ann.doc, { kind: 'comment', text: 'All this', about: anchorAt(ann.words, { from, to }) }, 1)
    expect(shownWords(ann)).toBe('two\nthree four\nfive')
    ann.edit((transform) => {
      const found = transform.doc.resolve(positionOf(transform, 'three'))
      transform.delete(found.before(), found.after())
    })
    expect(shownWords(ann)).toBe('two\nfive')
    ann.edit((transform) => {
      const found = transform.doc.resolve(positionOf(transform, 'one'))
      transform.delete(found.before(), found.after())
    })
    expect(shownWords(ann)).toBe('five')
  })

  it('are said to be taken out when they are, and can still be read; the same words elsewhere are not taken for them', () => {
    const { ann, bob, meet } = two()
    ann.write('We meet on Tuesdays.', 'Soup on Tuesdays.')
    meet()
    commentOn(ann, 'on Tuesdays')
    bob.edit(remove(' on Tuesdays'))
    meet()
    for (const writer of [ann, bob]) expect(places(writer)).toEqual([{ state: 'taken-out', words: 'on Tuesdays' }])
  })

  it('are found again where a paragraph was split, made a heading or put into a list, or an older version was brought back', () => {
    const { ann, attribution } = two()
    ann.write('We meet on Tuesdays at two.')
    keepVersion(ann.doc, { why: 'kept', at: 1, name: 'v' })
    commentOn(ann, 'Tuesdays at')
    ann.edit((transform) => transform.split(positionOf(transform, 'on Tue')))
    expect(shownWords(ann)).toBe('Tuesdays at')
    ann.edit((transform) => {
      const found = transform.doc.resolve(positionOf(transform, 'Tuesdays'))
      transform.setNodeMarkup(found.before(), schema.nodes['heading'], { level: 1 })
    })
    expect(shownWords(ann)).toBe('Tuesdays at')
    const [version] = versionsOf(ann.doc, attribution).list
    expect(restoreVersion(ann.doc, version!, 2).ok).toBe(true)
    expect(shownWords(ann)).toBe('Tuesdays at')
    ann.write('We meet.', 'Tuesdays at noon, Tuesdays at two.')
    expect(places(ann)).toEqual([{ state: 'taken-out', words: 'Tuesdays at' }])
  })

  it('are not copied: who came in later gets none that were there before', () => {
    const { ann } = two()
    ann.write('A secret of last year')
    const before = Y.encodeStateVector(ann.doc)
    commentOn(ann, 'secret of last', 'Hm')
    expect(new TextDecoder().decode(Y.encodeStateAsUpdate(ann.doc, before))).not.toMatch(/secret|last|year/)
  })

  it('not here, or garbage, leave a comment without a place', () => {
    const { ann, bob } = two()
    ann.write('words')
    const id = commentOn(ann, 'words')
    const entry = entriesOf(ann.doc, ENTRIES).get(0)
    entriesOf(bob.doc, ENTRIES).push([entry])
    expect(places(bob)).toEqual([{ state: 'not-here' }])
    expect(id).toMatch(/^1-\d+$/)
    for (const letters of [
      'x',
      [],
      [1],
      [1, 2, -3],
      [1.5, 2, 3],
      [1, 2, Number.NaN],
      Array.from({ length: 3000 }, () => 1),
    ])
      expect(readAnchor({ letters, since: Y.encodeStateVector(ann.doc) })).toBeUndefined()
    expect(readAnchor({ letters: [1, 2, 3], since: new Uint8Array([255, 255]) })).toBeUndefined()
    expect(readAnchor({ letters: [1, 2, 3], since: 'x' })).toBeUndefined()
  })

  it('stay marked as they are said, whatever two people write at once', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            who: fc.nat({ max: 1 }),
            at: fc.nat({ max: 60 }),
            length: fc.nat({ max: 8 }),
            meets: fc.boolean(),
          }),
          { maxLength: 12 },
        ),
        (edits) => {
          const { ann, bob, meet } = two()
          ann.write('We meet on Tuesdays at two.', 'Everybody has a voice.')
          meet()
          commentOn(ann, 'Tuesdays')
          commentOn(bob, 'has a')
          for (const { who, at, length, meets } of edits) {
            const writer = [ann, bob][who]!
            writer.edit((transform) => {
              const position = Math.min(at, transform.doc.content.size - 1)
              const found = transform.doc.resolve(position)
              if (!found.parent.isTextblock) return
              const end = Math.min(position + length, found.end())
              if (length % 3 === 0) transform.insert(position, schema.text('x '))
              else if (length % 3 === 1) transform.delete(position, end)
              else transform.split(position)
            })
            if (meets) meet()
          }
          meet()
          expect(places(ann)).toEqual(places(bob))
          shownWords(ann)
          shownWords(bob)
        },
      ),
    )
  })
})

describe('what is said', () => {
  it('is answered, settled and opened again; all of it is there whoever wrote apart', () => {
    const { ann, bob, meet, talk } = two()
    ann.write('We meet on Tuesdays.')
    meet()
    const first = commentOn(ann, 'Tuesdays', '  Why not Mondays? ', 5)
    meet()
    addToTalk(bob.doc, { kind: 'reply', to: first, text: 'The hall is taken.' }, 6)
    addToTalk(ann.doc, { kind: 'reply', to: first, text: 'Or Fridays?' }, 6)
    commentOn(bob, 'We', 'Who?', 7)
    meet()
    for (const writer of [ann, bob]) {
      const { comments, unknown } = talk(writer)
      expect(unknown).toBe(0)
      expect(comments.map(({ by, text, at, settled }) => [by, text, at, settled])).toEqual([
        ['ann', 'Why not Mondays?', 5, undefined],
        ['bob', 'Who?', 7, undefined],
      ])
      expect(new Set(comments[0]?.replies.map(({ by, text }) => `${by}: ${text}`))).toEqual(
        new Set(['ann: Or Fridays?', 'bob: The hall is taken.']),
      )
    }
    addToTalk(bob.doc, { kind: 'settled', to: first }, 8)
    meet()
    expect(talk(ann).comments[0]?.settled).toMatchObject({ by: 'bob', at: 8 })
    addToTalk(ann.doc, { kind: 'reopened', to: first }, 2)
    expect(talk(ann).comments[0]?.settled).toBeUndefined()
    addToTalk(bob.doc, { kind: 'settled', to: first }, 9)
    meet()
    expect(talk(ann).comments[0]?.settled).toEqual(talk(bob).comments[0]?.settled)
  })

  it('can be changed and taken back by its author and nobody else; answers stay', () => {
    const { ann, bob, meet, talk } = two()
    ann.write('We meet.')
    const first = commentOn(ann, 'meet', 'Helo')
    meet()
    const answer = addToTalk(bob.doc, { kind: 'reply', to: first, text: 'Hello' }, 2)
    addToTalk(bob.doc, { kind: 'rewritten', to: first, text: 'I am silly' }, 3)
    addToTalk(bob.doc, { kind: 'taken-back', to: first }, 4)
    meet()
    expect(talk(ann).comments[0]).toMatchObject({ text: 'Helo', isRewritten: false, isTakenBack: false })
    addToTalk(ann.doc, { kind: 'rewritten', to: first, text: 'Hello' }, 5)
    expect(talk(ann).comments[0]).toMatchObject({ text: 'Hello', isRewritten: true, isTakenBack: false })
    addToTalk(ann.doc, { kind: 'taken-back', to: first }, 6)
    meet()
    expect(talk(bob).comments[0]).toMatchObject({ isTakenBack: true, replies: [{ text: 'Hello', isTakenBack: false }] })
    if (answer.ok) addToTalk(bob.doc, { kind: 'taken-back', to: answer.value }, 7)
    expect(talk(bob).comments[0]?.replies[0]?.isTakenBack).toBe(true)
  })

  it('is read also where a program took it out, put another in its place, or signed nothing', () => {
    const { ann, bob, meet, talk } = two()
    ann.write('We meet.')
    commentOn(ann, 'meet', 'Mine')
    meet()
    const entry = entriesOf(bob.doc, ENTRIES).get(0)
    entriesOf(bob.doc, ENTRIES).delete(0, 1)
    entriesOf(bob.doc, ENTRIES).insert(0, [{ ...entry, text: 'forged', by: 'ann' }])
    meet()
    expect(new Set(talk(ann).comments.map(({ by, text }) => `${by}: ${text}`))).toEqual(
      new Set(['ann: Mine', 'bob: forged']),
    )
    const unsigned = talkOf(ann.doc, { insertedBy: () => undefined })
    expect(unsigned.comments.every(({ by }) => by === undefined)).toBe(true)
  })

  it('of a kind or form that is not known is counted and left alone', () => {
    const { ann, talk } = two()
    const rubbish = [
      null,
      7,
      'x',
      [],
      { format: 2, kind: 'comment', at: 1, text: 'later' },
      { format: 1, kind: 'poll', at: 1 },
    ]
    entriesOf(ann.doc, ENTRIES).push(rubbish as never[])
    entriesOf(ann.doc, ENTRIES).push([
      { format: 1, kind: 'comment', at: 9e15, text: 'x' },
      { format: 1, kind: 'comment', at: 1, text: ' ' },
      { format: 1, kind: 'reply', at: 1, text: 'x' },
      { format: 1, kind: 'comment', at: 1, text: 'x'.repeat(LONGEST_SAID + 1), letters: 'no' },
    ])
    expect(talk(ann).unknown).toBe(rubbish.length + 3)
    expect(talk(ann).comments).toMatchObject([{ isAboutWords: true, anchor: undefined }])
    expect(talk(ann).comments[0]?.text).toHaveLength(LONGEST_SAID)
    expect(entriesOf(ann.doc, ENTRIES).length).toBe(rubbish.length + 4)
  })

  it('is refused, with nothing written, where there are no words or there is no room', () => {
    const { ann } = two()
    expect(addToTalk(ann.doc, { kind: 'comment', text: ' \n', about: undefined }, 1)).toMatchObject({ error: 'empty' })
    expect(entriesOf(ann.doc, ENTRIES).length).toBe(0)
    entriesOf(ann.doc, ENTRIES).push(Array.from({ length: MOST_ENTRIES }, () => ({})))
    expect(addToTalk(ann.doc, { kind: 'comment', text: 'x', about: undefined }, 1)).toMatchObject({ error: 'full' })
    expect(entriesOf(ann.doc, ENTRIES).length).toBe(MOST_ENTRIES)
  })

  it('can be about the whole paper', () => {
    const { ann, talk } = two()
    expect(anchorAt(ann.words, { from: 0, to: 5 })).toBeUndefined()
    ann.edit((transform) => transform.insert(0, paragraph('')))
    addToTalk(ann.doc, { kind: 'comment', text: 'Good', about: undefined }, 1)
    expect(talk(ann).comments).toMatchObject([{ isAboutWords: false, anchor: undefined, text: 'Good' }])
  })
})

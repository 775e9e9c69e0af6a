import { initProseMirrorDoc } from '@tiptap/y-tiptap'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { editorSchema } from '../../../../ui/editor/schema.ts'
import { entriesOf } from '../entries.ts'
import { nodeOf } from '../versions/open.ts'
import { addAfter, paragraph, positionOf, remove, schema, type Writer, writers } from '../versions/testing.ts'
import { acceptProposal } from './accept.ts'
import { addToTalk } from './add.ts'
import { mendDoubled } from './mend.ts'
import { proposalsOf } from './proposal.ts'
import { paragraphAt, propose, type ProposeProblem } from './propose.ts'
import { readBy } from './reading.ts'
import { fits, reworded, rewording } from './rewording.ts'
import { ENTRIES, talkOf } from './talk.ts'

function world(...names: readonly string[]) {
  const made = writers(...names)
  const [ann, bob] = made.people
  if (ann === undefined || bob === undefined) throw new Error('two people')
  const proposals = ({ doc, words }: Writer) => proposalsOf(words, talkOf(doc, made.attribution))
  const only = (writer: Writer) => {
    const [one] = proposals(writer)
    if (one === undefined) throw new Error('no proposal')
    return one
  }
  const mendAll = (): void => {
    for (const { doc, words } of made.people) mendDoubled(doc, words)
  }
  return { ...made, ann, bob, proposals, only, mendAll }
}

function paragraphOf({ words }: Writer, text: string) {
  const { doc } = initProseMirrorDoc(words, schema)
  let from = -1
  doc.descendants((node, position) => {
    const index = node.isText ? (node.text?.indexOf(text) ?? -1) : -1
    if (index >= 0 && from < 0) from = position + index
  })
  const found = paragraphAt(words, { from, to: from + 1 })
  if (found === undefined) throw new Error(`no ${text}`)
  return found
}

function proposeFor(writer: Writer, old: string, text: string, instead?: string): string {
  const proposed = propose(writer.doc, { paragraph: paragraphOf(writer, old), text, reason: '', instead }, 1)
  if (!proposed.ok) throw new Error(proposed.error)
  return proposed.value
}

const accept = ({ doc, words }: Writer, id: string) => acceptProposal(doc, words, id, 5)

describe('what differs between two lines', () => {
  it('is told by whole words', () => {
    expect(rewording('We meet on Tuesdays at two.', 'We meet on Mondays at three.')).toEqual([
      { at: 11, remove: 8, insert: 'Mondays' },
      { at: 23, remove: 3, insert: 'three' },
    ])
    expect(rewording('One line', 'One line\nand another')).toBeUndefined()
    expect(rewording('a\n\nb', 'a\nx\nb')).toBeUndefined()
    expect(rewording('one\ntwo', 'one\nthree')).toEqual([{ at: 4, remove: 3, insert: 'three' }])
  })

  it('makes the one of the other, and never cuts a sign in two', () => {
    const word = fc.constantFrom('we', 'meet', 'meets', 'on', 'a', '😀', '😁', '👩‍👧', 'ä', ' ', '. ', '\n')
    const line = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(''))
    fc.assert(
      fc.property(line, line, (before, after) => {
        const found = rewording(before, after)
        if (found === undefined) return
        expect(reworded(before, found)).toBe(after)
        expect(before === after || fits(before, found)).toBe(true)
        for (const { at, remove: count, insert } of found) {
          for (const part of [insert, before.slice(at, at + count), before.slice(0, at)])
            expect(() => encodeURIComponent(part)).not.toThrow()
          expect(before.slice(at, at + count) + insert).not.toContain('\n')
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('what others wrote as replacements', () => {
  it('is only done where it takes out and puts in what a line can hold', () => {
    const [before] = ['We 😀 meet\non Mondays']
    expect(fits(before, [{ at: 0, remove: 2, insert: 'They' }])).toBe(true)
    for (const rubbish of [
      [],
      [{ at: 0, remove: 0, insert: '' }],
      [{ at: 0, remove: 99, insert: 'x' }],
      [{ at: 99, remove: 0, insert: 'x' }],
      [{ at: 4, remove: 0, insert: 'x' }],
      [{ at: 3, remove: 1, insert: 'x' }],
      [{ at: 0, remove: 0, insert: '\uD83D' }],
      [{ at: 0, remove: 0, insert: 'x\ny' }],
      [{ at: 9, remove: 4, insert: 'x' }],
      [
        { at: 5, remove: 1, insert: 'x' },
        { at: 0, remove: 1, insert: 'x' },
      ],
    ])
      expect(fits(before, rubbish)).toBe(false)
  })
})

describe('a proposal', () => {
  it('holds none of the words that stay, so it brings them to nobody who could not read them', () => {
    const { ann } = world('ann', 'bob')
    ann.write('A secret of last year, told today.')
    const before = Y.encodeStateVector(ann.doc)
    proposeFor(ann, 'secret', 'A secret of last year, told tomorrow.')
    const update = new TextDecoder().decode(Y.encodeStateAsUpdate(ann.doc, before))
    expect(update).toContain('tomorrow')
    expect(update).not.toMatch(/secret|last|year/)
  })

  it('is shown with what it takes out and puts in, and accepting it writes only that, in the name of who accepts', () => {
    const { ann, bob, meet, only, attribution } = world('ann', 'bob')
    ann.write('We meet on Tuesdays at two.', 'Everybody has a voice.')
    ann.edit((transform) => {
      const from = positionOf(transform, 'two')
      transform.addMark(from, from + 3, editorSchema().mark('bold'))
      transform.addMark(3, 8, editorSchema().mark('link', { href: 'https://example.org' }))
    })
    meet()
    const id = proposeFor(bob, 'on Tuesdays', 'We meet on Mondays at three.')
    meet()
    expect(only(ann)).toMatchObject({
      state: 'open',
      by: 'bob',
      paragraph: 'same',
      stretches: [
        { kind: 'kept', text: 'We meet on ' },
        { kind: 'out', text: 'Tuesdays' },
        { kind: 'in', text: 'Mondays' },
        { kind: 'kept', text: ' at ' },
        { kind: 'out', text: 'two' },
        { kind: 'in', text: 'three' },
        { kind: 'kept', text: '.' },
      ],
    })
    expect(accept(ann, id).ok).toBe(true)
    meet()
    for (const writer of [ann, bob]) {
      expect(writer.text()).toBe('We meet (https://example.org) on Mondays at three.\n\nEverybody has a voice.\n')
      expect(only(writer)).toMatchObject({ state: 'accepted', done: { by: 'ann' } })
      const html = writer.words.toJSON()
      expect(html).toContain('<bold>three</bold>')
      expect(html).toMatch(/<link [^>]*> meet<\/link>/)
    }
    expect(attribution.insertedBy(ann.doc.clientID)).toBe('ann')
    expect(accept(bob, id)).toMatchObject({ error: 'gone' })
  })

  it('keeps what others wrote in the paragraph since, and says how it would then read', () => {
    const { ann, bob, meet, only } = world('ann', 'bob')
    ann.write('We meet on Tuesdays at two.')
    meet()
    const id = proposeFor(bob, 'We', 'We meet on Mondays at two.')
    ann.edit(addAfter('We', ' always'))
    ann.edit(addAfter('two', ' or three'))
    meet()
    expect(only(bob)).toMatchObject({
      paragraph: 'changed',
      now: 'We always meet on Tuesdays at two or three.',
      afterwards: 'We always meet on Mondays at two or three.',
    })
    ann.edit(addAfter('Tues', 'X'))
    const { afterwards } = only(ann)
    expect(accept(ann, id).ok).toBe(true)
    expect(ann.text()).toBe(`${afterwards}\n`)
    expect(afterwards).toContain('X')
  })

  it('can be amended, declined with a reason, and taken back; accepting wins over all of it', () => {
    const { ann, bob, meet, proposals } = world('ann', 'bob')
    ann.write('We meet.', 'We talk.', 'We go.')
    meet()
    const first = proposeFor(ann, 'We meet', 'We meet often.')
    const second = proposeFor(ann, 'We talk', 'We talk and listen.')
    const third = proposeFor(ann, 'We go', 'We go home.')
    meet()
    const better = proposeFor(bob, 'We meet', 'We meet now and then.', first)
    addToTalk(bob.doc, { kind: 'declined', to: second, reason: ' Too long ' }, 3)
    addToTalk(bob.doc, { kind: 'taken-back', to: third }, 3)
    meet()
    const states = (writer: Writer) => new Map(proposals(writer).map(({ id, state }) => [id, state]))
    expect(states(ann).get(first)).toBe('amended')
    expect(states(ann).get(second)).toBe('declined')
    expect(states(ann).get(third)).toBe('open')
    expect(proposals(ann).find(({ id }) => id === second)?.declined).toMatchObject([{ by: 'bob', reason: 'Too long' }])
    addToTalk(ann.doc, { kind: 'taken-back', to: third }, 4)
    expect(states(ann).get(third)).toBe('taken-back')
    // Apart: Bob takes the amended one back, Ann accepts what was declined.
    addToTalk(bob.doc, { kind: 'taken-back', to: better }, 5)
    expect(accept(ann, second).ok).toBe(true)
    meet()
    for (const writer of [ann, bob]) {
      expect(states(writer).get(first)).toBe('open')
      expect(states(writer).get(second)).toBe('accepted')
      expect(writer.text()).toContain('We talk and listen.')
    }
  })

  it('says when its paragraph is gone or set out anew, and does nothing then', () => {
    const { ann, only } = world('ann', 'bob')
    ann.write('We meet.', 'We talk.')
    const id = proposeFor(ann, 'We talk', 'We talk and listen.')
    ann.edit((transform) => {
      const found = transform.doc.resolve(positionOf(transform, 'talk'))
      transform.delete(found.before(), found.after())
    })
    expect(only(ann).paragraph).toBe('gone')
    expect(accept(ann, id)).toMatchObject({ error: 'gone' })
    expect(ann.text()).toBe('We meet.\n')
    const stranger = new Y.Doc({ gc: false })
    entriesOf(stranger, ENTRIES).push([entriesOf(ann.doc, ENTRIES).get(0)])
    const [there] = proposalsOf(stranger.getXmlFragment('content'), talkOf(stranger, { insertedBy: () => undefined }))
    expect(there).toMatchObject({ paragraph: 'not-here', state: 'open' })
  })

  it('is refused where it says nothing new, nothing at all, or has other lines', () => {
    const { ann } = world('ann', 'bob')
    ann.write('We meet.')
    const problem = (text: string): ProposeProblem | undefined => {
      const found = propose(ann.doc, { paragraph: paragraphOf(ann, 'We'), text, reason: '', instead: undefined }, 1)
      return found.ok ? undefined : found.error
    }
    expect(problem(' ')).toBe('empty')
    expect(problem('We meet.\n')).toBe('same')
    ann.edit((transform) => {
      transform.insert(positionOf(transform, 'meet'), editorSchema().node('hardBreak'))
    })
    expect(problem('We meet.')).toBe('lines')
    expect(problem('We \ntalk.')).toBeUndefined()
    ann.edit((transform) => transform.insert(0, paragraph('')))
    expect(paragraphAt(ann.words, { from: 1, to: 1 })).toBeUndefined()
  })
})

describe('two who accept one proposal apart', () => {
  it('have its words once, whoever mends it and however often', () => {
    const { ann, bob, meet, mendAll, only } = world('ann', 'bob')
    ann.write('We meet on Tuesdays at two.')
    meet()
    const id = proposeFor(ann, 'We', 'We meet on Mondays at three, mostly.')
    meet()
    expect(accept(ann, id).ok).toBe(true)
    expect(accept(bob, id).ok).toBe(true)
    meet()
    expect(ann.text()).not.toBe('We meet on Mondays at three, mostly.\n')
    mendAll()
    meet()
    mendAll()
    for (const writer of [ann, bob]) {
      expect(writer.text()).toBe('We meet on Mondays at three, mostly.\n')
      expect(only(writer)).toMatchObject({ state: 'accepted', done: { by: 'ann' } })
      expect(mendDoubled(writer.doc, writer.words)).toBe(false)
    }
  })

  it('never lose the words that one of them went on changing, nor words that they typed beside them', () => {
    const { ann, bob, meet, mendAll } = world('ann', 'bob')
    ann.write('We meet on Tuesdays.')
    meet()
    const id = proposeFor(ann, 'We', 'We meet on Mondays.')
    meet()
    accept(ann, id)
    accept(bob, id)
    bob.edit(addAfter('Mondays', ' and Fridays'))
    meet()
    mendAll()
    meet()
    expect(ann.text()).toBe(bob.text())
    expect(ann.text()).toContain('and Fridays')
    expect(ann.text().match(/Mondays/g)).toHaveLength(1)
  })

  it('a claim that is not true counts for nothing: nobody is kept from accepting, and no words are taken out', () => {
    const { ann, bob, meet, mendAll, only } = world('ann', 'bob')
    ann.write('We meet on Tuesdays.', 'Bob’s own words, on Mondays.')
    meet()
    const id = proposeFor(bob, 'We', 'We meet on Mondays.')
    meet()
    const forge = (from: number): void =>
      entriesOf(ann.doc, ENTRIES).push([{ format: 1, kind: 'accepted', at: 1, to: id, from }])
    forge(Y.getState(ann.doc.store, ann.doc.clientID))
    forge(0)
    meet()
    expect(only(bob).state).toBe('open')
    expect(accept(bob, id).ok).toBe(true)
    meet()
    mendAll()
    expect(bob.text()).toBe('We meet on Mondays.\n\nBob’s own words, on Mondays.\n')
    // One who wrote the words and took them out again, to have those of others go.
    const other = proposeFor(ann, 'own words', 'Bob’s own words, on Fridays.')
    meet()
    accept(ann, other)
    accept(bob, other)
    ann.edit(remove('Fridays'))
    meet()
    mendAll()
    meet()
    expect(ann.text()).toContain('Fridays')
  })

  type Step = {
    readonly who: number
    readonly does: 'accept' | 'decline' | 'write' | 'elsewhere' | 'drop' | 'mend' | 'meet' | 'hear'
    readonly at: number
  }
  const step: fc.Arbitrary<Step> = fc.record({
    who: fc.nat({ max: 2 }),
    does: fc.constantFrom('accept', 'accept', 'decline', 'write', 'elsewhere', 'drop', 'mend', 'meet', 'hear'),
    at: fc.nat({ max: 40 }),
  })

  it('whatever three people accept, decline and write apart: one text, each proposed word once, nobody’s words lost, and the editor can hold it', () => {
    const proposed = 'We gather on Mondays at three with cake.'
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 2, maxLength: 14 }),
        fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
        (steps, order) => {
          const { people, ann, meet, only } = world('ann', 'bob', 'cat')
          ann.write('We meet on Tuesdays at two.', 'Everybody has a voice.', 'Bring a friend.')
          meet()
          const id = proposeFor(ann, 'We', proposed)
          meet()
          const written: string[] = []
          let isAccepted = false
          const hear = (to: Writer, from: Writer): void =>
            Y.applyUpdate(to.doc, Y.encodeStateAsUpdate(from.doc), 'others')
          for (const [index, { who, does, at }] of steps.entries()) {
            const writer = people[who]!
            if (does === 'meet') meet()
            else if (does === 'hear') hear(writer, people[(who + 1 + (at % 2)) % 3]!)
            else if (does === 'accept') isAccepted = accept(writer, id).ok || isAccepted
            else if (does === 'decline') addToTalk(writer.doc, { kind: 'declined', to: id, reason: '' }, index)
            else if (does === 'mend') mendDoubled(writer.doc, writer.words)
            else if (does === 'drop') {
              writer.edit((transform) => {
                if (!transform.doc.textContent.includes('Bring a')) return
                const found = transform.doc.resolve(positionOf(transform, 'Bring a'))
                if (transform.doc.childCount > 1) transform.delete(found.before(), found.after())
              })
            } else {
              const word = `<${index}>`
              const block = does === 'write' ? 0 : 1
              writer.edit((transform) => {
                const start = 1 + (block === 1 ? transform.doc.child(0).nodeSize : 0)
                transform.insert(start + (at % (transform.doc.child(block).content.size + 1)), schema.text(word))
              })
              written.push(word)
            }
          }
          meet()
          for (const who of order) {
            const { doc, words } = people[who]!
            mendDoubled(doc, words)
            if (who === 1) meet()
          }
          meet()
          for (const { doc, words } of people) expect(mendDoubled(doc, words)).toBe(false)
          expect(new Set(people.map(({ words }) => words.toJSON())).size).toBe(1)
          const text = ann.text()
          for (const letter of written.join('').replaceAll(/[<>]/g, '')) expect(text).toContain(letter)
          // What somebody typed may stand in the middle of a word.
          const [first = ''] = text.replaceAll(/<|>|\d/g, '').split('\n')
          expect(first).toBe(isAccepted ? proposed : 'We meet on Tuesdays at two.')
          expect(only(ann).state).toBe(isAccepted ? 'accepted' : only(ann).declined.length > 0 ? 'declined' : 'open')
          for (const { words } of people) expect(nodeOf(words)).toBeDefined()
        },
      ),
      { numRuns: 150 },
    )
  }, 120_000)
})

describe('“I’ve read this”', () => {
  it('is the last that each person said of themselves, with whether the words are still those; it can be taken back', () => {
    const { ann, bob, meet, attribution } = world('ann', 'bob')
    const readers = ({ doc, words }: Writer) =>
      readBy(words, talkOf(doc, attribution).readings).map(({ by, at, since }) => [by, at, since])
    ann.write('We meet on Tuesdays.')
    meet()
    addToTalk(bob.doc, { kind: 'read' }, 3)
    meet()
    expect(readers(ann)).toEqual([['bob', 3, 'same']])
    ann.edit(addAfter('on', ' most'))
    expect(readers(ann)).toEqual([['bob', 3, 'changed']])
    ann.edit(remove(' most'))
    expect(readers(ann)).toEqual([['bob', 3, 'same']])
    ann.edit((transform) => transform.split(positionOf(transform, 'Tuesdays')))
    expect(readers(ann)).toEqual([['bob', 3, 'changed']])
    meet()
    addToTalk(bob.doc, { kind: 'read' }, 9)
    const mine = addToTalk(ann.doc, { kind: 'read' }, 8)
    meet()
    expect(new Map(readers(bob).map(([by, at]) => [by, at]))).toEqual(
      new Map([
        ['bob', 9],
        ['ann', 8],
      ]),
    )
    if (mine.ok) addToTalk(ann.doc, { kind: 'taken-back', to: mine.value }, 10)
    meet()
    expect(readers(bob)).toEqual([['bob', 9, 'same']])
    const stranger = new Y.Doc({ gc: false })
    stranger.clientID = 2
    entriesOf(stranger, ENTRIES).push([
      { format: 1, kind: 'read', at: 1, snapshot: new Uint8Array([1, 2, 3]) },
      { format: 1, kind: 'read', at: 1, snapshot: Y.encodeSnapshotV2(Y.snapshot(ann.doc)) },
    ])
    const talk = talkOf(stranger, attribution)
    expect(readBy(stranger.getXmlFragment('content'), talk.readings)).toMatchObject([{ by: 'bob', since: 'unknown' }])
  })
})

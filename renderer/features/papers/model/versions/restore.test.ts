import { initProseMirrorDoc } from '@tiptap/y-tiptap'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { toText } from '../../../../ui/editor/to-text.ts'
import { keepVersion, MOST_VERSIONS } from './keep.ts'
import { openVersion } from './open.ts'
import { restoreVersion, type Restored } from './restore.ts'
import { addAfter, paragraph, schema, type Writer, writers } from './testing.ts'
import { versionsOf } from './version.ts'

function world(...names: readonly string[]) {
  const made = writers(...names)
  const list = (writer: Writer) => versionsOf(writer.doc, made.attribution).list
  const wordsOf = (writer: Writer, version: { readonly snapshot: Uint8Array }) => {
    const opened = openVersion(writer.doc, version)
    return opened.state === 'not-here' ? undefined : toText(opened.words)
  }
  return { ...made, list, wordsOf }
}

function two() {
  const made = world('ann', 'bob')
  const [ann, bob] = made.people
  if (ann === undefined || bob === undefined) throw new Error('two people')
  return { ...made, ann, bob }
}

describe('bringing a version back', () => {
  it('writes its words again, after keeping what is there now', () => {
    const { ann, bob, meet, list, wordsOf } = two()
    ann.write('as agreed', 'and signed')
    keepVersion(ann.doc, { why: 'kept', at: 1, name: 'agreed' })
    const [agreed] = list(ann)
    ann.write('something else')
    meet()
    expect(restoreVersion(bob.doc, agreed!, 5).ok).toBe(true)
    meet()
    for (const writer of [ann, bob]) {
      expect(writer.text()).toBe('as agreed\n\nand signed\n')
      expect(list(writer)[0]).toMatchObject({ why: 'restoring', by: 'bob', at: 5 })
      expect(wordsOf(writer, list(writer)[0]!)).toBe('something else\n')
    }
  })

  it('keeps what somebody else writes at the same time readable, and can be taken back around it', () => {
    const { ann, bob, meet, list } = two()
    ann.write('first line', 'second line')
    keepVersion(ann.doc, { why: 'kept', at: 1, name: 'v' })
    const [version] = list(ann)
    ann.edit(addAfter('second line', ' and a slip'))
    meet()
    const restored = restoreVersion(ann.doc, version!, 2)
    bob.edit(addAfter('first line', ' of bob'))
    meet()
    expect(ann.text()).toBe('first line of bob\n\nsecond line\n')
    if (restored.ok) restored.value.undo()
    meet()
    for (const writer of [ann, bob]) expect(writer.text()).toBe('first line of bob\n\nsecond line and a slip\n')
  })

  it('of an empty paper leaves an empty paragraph', () => {
    const { ann, list } = two()
    keepVersion(ann.doc, { why: 'kept', at: 1, name: 'empty' })
    const [version] = list(ann)
    ann.write('words')
    expect(restoreVersion(ann.doc, version!, 2).ok).toBe(true)
    expect(ann.text()).toBe('')
    initProseMirrorDoc(ann.words, schema).doc.check()
  })

  it('is refused, with nothing done, where a newer Teatray wrote some of it or there is no room to keep what is there', () => {
    const { ann, list } = two()
    ann.write('plain')
    keepVersion(ann.doc, { why: 'kept', at: 1, name: 'plain' })
    const [plain] = list(ann)
    const box = new Y.XmlElement('summaryBox')
    box.insert(0, [new Y.XmlText('from the future')])
    ann.words.insert(1, [box])
    keepVersion(ann.doc, { why: 'kept', at: 2, name: 'with box' })
    const [withBox] = list(ann)
    const before = Y.encodeStateAsUpdate(ann.doc)
    expect(restoreVersion(ann.doc, plain!, 3)).toMatchObject({ ok: false, error: 'newer' })
    expect(restoreVersion(ann.doc, withBox!, 3)).toMatchObject({ ok: false, error: 'newer' })
    expect(Y.encodeStateAsUpdate(ann.doc)).toEqual(before)
    ann.words.delete(1, 1)
    for (let at = 2; at < MOST_VERSIONS; at++) keepVersion(ann.doc, { why: 'kept', at, name: 'v' })
    const full = Y.encodeStateAsUpdate(ann.doc)
    expect(restoreVersion(ann.doc, withBox!, 3)).toMatchObject({ ok: false, error: 'newer' })
    expect(restoreVersion(ann.doc, plain!, 3)).toMatchObject({ ok: false, error: 'full' })
    expect(Y.encodeStateAsUpdate(ann.doc)).toEqual(full)
  })
})

type Act =
  | {
      readonly does: 'write' | 'remove' | 'split' | 'list' | 'table' | 'drop' | 'keep' | 'restore' | 'undo'
      readonly who: number
      readonly at: number
    }
  | { readonly does: 'meet' }

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constantFrom('write', 'remove', 'split', 'list', 'table', 'drop', 'keep', 'restore', 'restore', 'undo'),
      who: fc.nat({ max: 2 }),
      at: fc.nat({ max: 1000 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ does: 'meet' } as const) },
)

function perform(writer: Writer, does: string, at: number): void {
  writer.edit((transform) => {
    const blocks: { from: number; to: number }[] = []
    transform.doc.descendants((node, position) => {
      if (node.isTextblock) blocks.push({ from: position + 1, to: position + 1 + node.content.size })
    })
    const block = blocks[at % Math.max(blocks.length, 1)]
    if (block === undefined) return void transform.insert(0, paragraph('again'))
    const inside = block.from + (at % (block.to - block.from + 1))
    const found = transform.doc.resolve(block.from)
    if (does === 'write') transform.insert(inside, schema.text(`w${at} `))
    else if (does === 'remove') transform.delete(block.from, inside)
    else if (does === 'split') transform.split(inside)
    else if (does === 'drop' && transform.doc.childCount > 1) transform.delete(found.before(1), found.after(1))
    else if (does === 'list' && found.depth === 1) {
      const item = schema.node('listItem', null, [found.parent])
      transform.replaceWith(found.before(), found.after(), schema.node('bulletList', null, [item]))
    } else if (does === 'table' && found.depth === 1) {
      const cell = schema.node('tableCell', null, [found.parent])
      const table = schema.node('table', null, [schema.node('tableRow', null, [cell])])
      transform.replaceWith(found.before(), found.after(), table)
    }
  })
}

it('whatever three people write, keep, bring back and undo, every version stays as it was and the editor can hold the paper', () => {
  fc.assert(
    fc.property(fc.array(act, { minLength: 1, maxLength: 16 }), (acts) => {
      const { people, meet, list, wordsOf } = world('ann', 'bob', 'cat')
      people[0]!.write('first words here', 'second words there')
      meet()
      const kept = new Map<string, string>()
      const misread: string[] = []
      const undos = people.map((): Restored[] => [])
      for (const one of acts) {
        if (one.does === 'meet') {
          meet()
          continue
        }
        const writer = people[one.who]!
        if (one.does === 'keep') {
          const added = keepVersion(writer.doc, { why: 'kept', at: one.at, name: 'v' })
          if (added.ok) kept.set(added.value, writer.text())
        } else if (one.does === 'restore') {
          const versions = list(writer)
          const version = versions[one.at % Math.max(1, versions.length)]
          if (version === undefined) continue
          const before = writer.text()
          const restored = restoreVersion(writer.doc, version, one.at)
          if (!restored.ok) continue
          misread.push(...(writer.text() === wordsOf(writer, version) ? [] : [version.id]))
          undos[one.who]!.push(restored.value)
          const fresh = list(writer).find(({ id }) => !versions.some((known) => known.id === id))
          kept.set(fresh!.id, before)
        } else if (one.does === 'undo') undos[one.who]!.pop()?.undo()
        else perform(writer, one.does, one.at)
      }
      expect(misread).toEqual([])
      meet()
      meet()
      expect(new Set(people.map(({ words }) => words.toJSON())).size).toBe(1)
      for (const writer of people) {
        expect(new Map(list(writer).map((version) => [version.id, wordsOf(writer, version)]))).toEqual(kept)
        for (const version of list(writer)) {
          const opened = openVersion(writer.doc, version)
          if (opened.state === 'whole') opened.node.check()
        }
        const shown = initProseMirrorDoc(writer.words, schema).doc
        if (shown.childCount > 0) shown.check()
      }
    }),
    { numRuns: 200 },
  )
}, 120_000)

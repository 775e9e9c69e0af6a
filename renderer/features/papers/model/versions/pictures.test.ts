/** Pictures among the words: what is told of them, and that earlier versions show them again. */
import type { Transform } from '@tiptap/pm/transform'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { pictureFile } from '../../../../../tests/fixtures/pictures/read.ts'
import { addPicture, picturesOf } from '../../../../ui/editor/pictures/kept.ts'
import { changesSince } from '../changes.ts'
import { compare } from './compare.ts'
import { keepVersion } from './keep.ts'
import { nodeOf, openNow, openVersion, type OpenedVersion } from './open.ts'
import { restoreVersion } from './restore.ts'
import { paragraph, schema, writers } from './testing.ts'
import { versionsOf } from './version.ts'

function whole(opened: OpenedVersion) {
  if (opened.state !== 'whole') throw new Error(opened.state)
  return opened
}

const [LAKE, CUP] = ['a'.repeat(64), 'b'.repeat(64)]
const picture = (hash: string, alt: string, more: object = {}) => schema.node('picture', { hash, alt, ...more })
const put = (hash: string, alt: string, at: number) => (transform: Transform) => {
  transform.insert(at, picture(hash, alt))
}
function placeOf({ doc }: Transform, hash: string): number {
  let found = -1
  doc.descendants((node, position) => {
    if (node.attrs['hash'] === hash) found = position
  })
  return found
}
const takeOut = (hash: string) => (transform: Transform) => {
  const at = placeOf(transform, hash)
  transform.delete(at, at + 1)
}
const say = (hash: string, attrs: object) => (transform: Transform) => {
  const at = placeOf(transform, hash)
  transform.setNodeMarkup(at, undefined, { ...transform.doc.nodeAt(at)?.attrs, ...attrs })
}

function two() {
  const world = writers('ann', 'bob')
  const [ann, bob] = world.people
  if (ann === undefined || bob === undefined) throw new Error('two people')
  const told = (since: Y.Snapshot) =>
    changesSince(ann.words, since, world.attribution).map(({ kind, by, text }) => `${by} ${kind} ${text}`)
  const keep = (at: number): void => void keepVersion(ann.doc, { why: 'kept', at, name: String(at) })
  const at = (time: number) => {
    const { list } = versionsOf(ann.doc, world.attribution)
    return list.find((one) => one.at === time)!
  }
  const between = (time: number) => {
    const now = whole(openNow(ann.doc))
    const { result, differences } = compare(whole(openVersion(ann.doc, at(time))), now, world.attribution)
    return { result, told: differences.map(({ kind, by, text }) => `${by} ${kind} ${text}`), differences, now }
  }
  return { ...world, ann, bob, told, keep, at, between }
}

describe('what changed', () => {
  it('names a picture that somebody added, took out, or said anew, and where it stands', () => {
    const { ann, bob, meet, told, keep, between } = two()
    ann.write('Where we go', 'What we bring')
    ann.edit(put(CUP, 'A cup', 0))
    const before = Y.snapshot(ann.doc)
    keep(1)
    meet()
    bob.edit(put(LAKE, 'The lake', bob.words.length === 3 ? 14 : 0))
    meet()
    expect(told(before)).toEqual(['bob picture-added The lake'])
    const added = between(1)
    expect(added).toMatchObject({ result: 'differ', told: ['bob picture-added The lake'] })
    for (const { from } of added.differences) expect(added.now.node.nodeAt(from)?.attrs['hash']).toBe(LAKE)

    const later = Y.snapshot(ann.doc)
    keep(2)
    ann.edit(say(LAKE, { alt: 'The lake, with ice' }))
    bob.edit(takeOut(CUP))
    meet()
    expect(told(later)).toEqual(['bob picture-removed A cup', 'ann picture-described The lake, with ice'])
    expect(between(2).told.toSorted()).toEqual([
      'ann picture-described The lake, with ice',
      'bob picture-removed A cup',
    ])
    expect(between(1).told.toSorted()).toEqual(['bob picture-added The lake, with ice', 'bob picture-removed A cup'])
  })

  it('tells one picture in the place of another, also where both show the same', () => {
    const { ann, keep, between, told } = two()
    ann.write('Words')
    ann.edit(put(LAKE, 'The lake', 0))
    keep(1)
    const before = Y.snapshot(ann.doc)
    ann.edit((transform) => {
      transform.replaceWith(0, 1, picture(CUP, 'The lake'))
    })
    expect(between(1)).toMatchObject({
      result: 'differ',
      told: ['ann picture-removed The lake', 'ann picture-added The lake'],
    })
    expect(told(before)).toEqual(['ann picture-removed The lake', 'ann picture-added The lake'])
  })

  it('calls a picture moved that one person put elsewhere, and says nothing of one that is back', () => {
    const { ann, told } = two()
    ann.write('One', 'Two', 'Three')
    ann.edit(put(LAKE, 'The lake', 0))
    const before = Y.snapshot(ann.doc)
    ann.edit(takeOut(LAKE))
    ann.edit(put(LAKE, 'The lake', 5))
    expect(told(before)).toEqual(['ann picture-moved The lake'])
    ann.edit(takeOut(LAKE))
    ann.edit(put(LAKE, 'The lake', 0))
    expect(told(before)).toEqual([])
  })
})

it('a version that is brought back shows its pictures', async () => {
  const { ann, keep, at } = two()
  const added = await addPicture(ann.doc, pictureFile('lake.jpg'))
  if (!added.ok) throw new Error(added.error)
  ann.write('Where we go')
  ann.edit(put(added.value, 'The lake', 0))
  keep(1)
  ann.edit(takeOut(added.value))
  expect((await picturesOf(ann.words)).size).toBe(0)
  const opened = whole(openVersion(ann.doc, at(1)))
  expect([...(await picturesOf(opened.words)).keys()]).toEqual([added.value])
  expect(restoreVersion(ann.doc, at(1), 2)).toMatchObject({ ok: true })
  expect([...(await picturesOf(ann.words)).keys()]).toEqual([added.value])
  expect(ann.text()).toBe('[The lake]\n\nWhere we go\n')
})

it('whatever two people do to pictures and lines at once, both see the same, and the editor can hold it', () => {
  const operation = fc.record({
    who: fc.nat(1),
    what: fc.constantFrom('picture', 'line', 'say', 'size', 'out', 'into-list', 'meet'),
    at: fc.nat(20),
    hash: fc.constantFrom(LAKE, CUP),
  })
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 25 }), (operations) => {
      const { people, ann, bob, meet, told } = two()
      ann.write('One', 'Two')
      meet()
      const before = Y.snapshot(ann.doc)
      for (const [index, { who, what, at, hash }] of operations.entries()) {
        if (what === 'meet') meet()
        else
          people[who]?.edit((transform) => {
            const place = Math.min(at, transform.doc.childCount)
            const position = transform.doc.children.slice(0, place).reduce((sum, { nodeSize }) => sum + nodeSize, 0)
            const there = placeOf(transform, hash)
            if (what === 'picture') transform.insert(position, picture(hash, `p${index}`))
            else if (what === 'line') transform.insert(position, paragraph(`l${index}`))
            else if (what === 'into-list')
              transform.insert(
                position,
                schema.node('bulletList', null, [schema.node('listItem', null, [picture(hash, `i${index}`)])]),
              )
            else if (there < 0) return
            else if (what === 'say') say(hash, { alt: `s${index}` })(transform)
            else if (what === 'size') say(hash, { size: 'small' })(transform)
            // Out of a list, an item would be left that holds nothing, which no editor writes.
            else if (transform.doc.resolve(there).depth === 0) takeOut(hash)(transform)
          })
      }
      meet()
      expect(ann.text()).toBe(bob.text())
      expect(nodeOf(ann.words)?.toJSON()).toEqual(nodeOf(bob.words)?.toJSON())
      expect(nodeOf(ann.words)).toBeDefined()
      expect(() => told(before)).not.toThrow()
    }),
    { numRuns: 80 },
  )
})

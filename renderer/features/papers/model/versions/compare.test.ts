import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type * as Y from 'yjs'
import { compare } from './compare.ts'
import { keepVersion } from './keep.ts'
import { openNow, openVersion, type OpenedVersion } from './open.ts'
import { addAfter, paragraph, remove, schema, writers } from './testing.ts'
import { versionsOf } from './version.ts'

function whole(opened: OpenedVersion) {
  if (opened.state !== 'whole') throw new Error(opened.state)
  return opened
}

function two() {
  const world = writers('ann', 'bob')
  const [ann, bob] = world.people
  if (ann === undefined || bob === undefined) throw new Error('two people')
  const keep = (doc: Y.Doc, at: number) => void keepVersion(doc, { why: 'kept', at, name: String(at) })
  const at = (time: number) =>
    whole(
      openVersion(
        ann.doc,
        versionsOf(ann.doc, world.attribution).list.find((one) => one.at === time)!,
      ),
    )
  const between = (older: OpenedVersion, newer: OpenedVersion = openNow(ann.doc)) => {
    const { result, differences } = compare(whole(older), whole(newer), world.attribution)
    return { result, told: differences.map(({ kind, by, text }) => `${by} ${kind} ${text}`), differences }
  }
  return { ...world, ann, bob, keep, at, between }
}

describe('what changed between two moments', () => {
  it('is told by words, with whose doing it was', () => {
    const { ann, bob, keep, at, between, meet } = two()
    ann.write('We meet on Tuesdays in the library.', 'Bring your own cup.', 'Everybody has a voice.')
    keep(ann.doc, 1)
    meet()
    bob.edit(addAfter('library', ', room two'))
    bob.edit((transform) => {
      const found = transform.doc.child(0).nodeSize
      transform.delete(found, found + transform.doc.child(1).nodeSize)
    })
    meet()
    ann.edit(remove('Everybody '))
    const { result, told, differences } = between(at(1))
    expect(result).toBe('differ')
    expect(told).toEqual(['bob added , room two', 'bob removed Bring your own cup.', 'ann removed Everybody '])
    const { node } = whole(openNow(ann.doc))
    expect(node.textBetween(differences[0]!.from, differences[0]!.to)).toBe(', room two')
  })

  it('is told of a summary’s box, too: its words when it comes, and only they when it goes', () => {
    const { ann, bob, keep, at, between, meet } = two()
    ann.write('We meet on Tuesdays.', 'Everybody has a voice.')
    keep(ann.doc, 1)
    meet()
    bob.edit((transform) => transform.insert(0, schema.node('summary', null, [paragraph('We meet.')])))
    meet()
    expect(between(at(1)).told).toEqual(['bob added We meet.'])
    keep(ann.doc, 2)
    ann.edit(addAfter('We meet.', ' Often.'))
    expect(between(at(2)).told).toEqual(['ann added  Often.'])
    ann.edit((transform) => transform.replaceWith(0, transform.doc.child(0).nodeSize, transform.doc.child(0).content))
    expect(between(at(2)).told.filter((line) => line.includes('removed'))).toEqual([])
  })

  it('tells typing before an equal letter as it was typed', () => {
    const { ann, keep, at, between } = two()
    ann.write('trying to fix one another. The rest.')
    keep(ann.doc, 1)
    let typed = 'fix one '
    for (const letter of 'We laugh. ') {
      ann.edit(addAfter(typed, letter))
      typed += letter
    }
    expect(ann.text()).toBe('trying to fix one We laugh. another. The rest.\n')
    expect(between(at(1)).told).toEqual(['ann added We laugh. '])
    ann.edit(remove('We laugh. '))
    expect(between(at(1)).result).toBe('same')
  })

  it('is nothing where the same words are there again, and says where only their setting differs', () => {
    const { ann, keep, at, between } = two()
    ann.write('one two three')
    keep(ann.doc, 1)
    expect(between(at(1)).result).toBe('same')
    ann.edit(remove('two '))
    ann.edit(addAfter('one ', 'two '))
    expect(between(at(1)).result).toBe('same')
    ann.edit((transform) => transform.addMark(1, 4, schema.mark('bold')))
    expect(between(at(1))).toMatchObject({ result: 'set-out', told: [] })
    ann.edit((transform) => transform.split(5))
    expect(between(at(1))).toMatchObject({ result: 'set-out', told: [] })
  })

  it('can be told of two that were kept apart, without blaming anybody for what the other never had', () => {
    const { ann, bob, keep, at, between, meet } = two()
    ann.write('start')
    meet()
    ann.edit(addAfter('start', ' ann'))
    keep(ann.doc, 1)
    bob.edit(addAfter('start', ' bob'))
    keep(bob.doc, 2)
    meet()
    expect(between(at(1), at(2)).told).toEqual(['undefined removed ann', 'bob added bob'])
  })

  it('never tells a word that both have, nor misses one that only one has, whatever the edits', () => {
    const text = fc.array(fc.constantFrom('tea', 'cup', 'sun', 'day', 'room'), { maxLength: 6 })
    const paper = fc.array(text, { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(paper, paper, (first, second) => {
        const { ann, keep, at, between } = two()
        ann.write(...first.map((words) => words.join(' ')))
        keep(ann.doc, 1)
        ann.write(...second.map((words) => words.join(' ')))
        const { differences, result } = between(at(1))
        const letters = (lines: readonly (readonly string[])[]) => lines.flat().join('').length
        const told = (kind: string) =>
          differences
            .filter((one) => one.kind === kind)
            .map((one) => one.text)
            .join('')
            .replaceAll(/\s/g, '').length
        expect(letters(second) - letters(first)).toBe(told('added') - told('removed'))
        const same = first.flat().join('') === second.flat().join('')
        expect(result === 'differ').toBe(!same)
      }),
      {
        numRuns: 200,
        examples: [
          [
            [[], ['cup', 'day']],
            [['cup', 'day'], []],
          ],
        ],
      },
    )
  })
})

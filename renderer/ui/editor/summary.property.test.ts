/** Whatever three people do to a summary's box apart, the schema holds what comes of it, and the words are on all computers. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Transform } from '@tiptap/pm/transform'
import type { Node } from '@tiptap/pm/model'
import { nodeOf } from '../../features/papers/model/versions/open.ts'
import { paragraph, schema, writers } from '../../features/papers/model/versions/testing.ts'
import { toText } from './to-text.ts'

const DOES = ['add', 'nest', 'takeAway', 'write', 'write', 'line', 'remove', 'join', 'list', 'meet'] as const
interface Act {
  readonly who: number
  readonly does: (typeof DOES)[number]
  readonly at: number
}
const act: fc.Arbitrary<Act> = fc.record({
  who: fc.nat({ max: 2 }),
  does: fc.constantFrom(...DOES),
  at: fc.nat({ max: 1000 }),
})

interface Place {
  readonly node: Node
  readonly position: number
}

const placesOf = (doc: Node, wanted: (node: Node) => boolean): readonly Place[] => {
  const found: Place[] = []
  doc.descendants((node, position) => void (wanted(node) && found.push({ node, position })))
  return found
}

function perform(transform: Transform, { does, at }: Act, word: string): void {
  const { doc } = transform
  const boxes = placesOf(doc, ({ type }) => type.name === 'summary')
  const lines = placesOf(doc, ({ isTextblock }) => isTextblock)
  const box = boxes[at % Math.max(1, boxes.length)]
  const line = lines[at % Math.max(1, lines.length)]
  const made = schema.node('summary', null, [paragraph(word)])
  if (does === 'add') transform.insert(0, made)
  else if (does === 'nest' && box !== undefined) transform.insert(box.position + 1, made)
  else if (does === 'takeAway' && box !== undefined && (box.node.childCount > 0 || doc.childCount > 1))
    transform.replaceWith(box.position, box.position + box.node.nodeSize, box.node.content)
  else if (does === 'write' && line !== undefined)
    transform.insert(line.position + 1 + (at % (line.node.content.size + 1)), schema.text(word))
  else if (does === 'line' && line !== undefined) transform.insert(line.position + line.node.nodeSize, paragraph(word))
  else if (does === 'list' && line !== undefined)
    transform.insert(
      line.position,
      schema.node('bulletList', null, [schema.node('listItem', null, [schema.node('paragraph'), made])]),
    )
  else if (does === 'remove' && line !== undefined) {
    const { parent } = doc.resolve(line.position)
    // The last line of the box may go, so that nothing is in it; a paper and a list have to keep one.
    if (parent.type.name === 'summary' || parent.childCount > 1)
      transform.delete(line.position, line.position + line.node.nodeSize)
  } else if (does === 'join' && line !== undefined) {
    const before = doc.resolve(line.position).nodeBefore
    if (before?.isTextblock === true) transform.join(line.position)
  }
}

describe('a summary', () => {
  it('holds in any shape that two people’s edits can leave', () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 18 }), (acts) => {
        const { people, meet } = writers('ann', 'bob', 'cat')
        people[0]!.write('first words here', 'second words there')
        people[0]!.edit((transform) =>
          transform.insert(0, schema.node('summary', null, [paragraph('a'), paragraph('b')])),
        )
        meet()
        for (const [index, one] of acts.entries())
          if (one.does === 'meet') meet()
          else people[one.who]!.edit((transform) => perform(transform, one, String.fromCodePoint(0xe000 + index)))
        meet()
        meet()
        expect(new Set(people.map(({ words }) => words.toJSON())).size).toBe(1)
        for (const { words } of people) {
          const node = nodeOf(words)
          expect(node === undefined ? toText(words) : 'held').toBe('held')
        }
      }),
      { numRuns: 200 },
    )
  }, 60_000)

  it('that two people empty apart stays, and can be written in again', () => {
    const { people, meet } = writers('ann', 'bob')
    const [ann, bob] = [people[0]!, people[1]!]
    ann.write('The rest.')
    ann.edit((transform) => transform.insert(0, schema.node('summary', null, [paragraph('one'), paragraph('two')])))
    meet()
    ann.edit((transform) => transform.delete(1, 6))
    bob.edit((transform) => transform.delete(6, 11))
    meet()
    expect(ann.words.toJSON()).toBe('<summary></summary><paragraph>The rest.</paragraph>')
    bob.edit((transform) => transform.insert(1, paragraph('three')))
    meet()
    expect(ann.words.toJSON()).toContain('<summary><paragraph>three</paragraph></summary>')
  })
})

/** Whatever somebody's program writes into the list, nobody's paper is harmed by reading it, by mending, or by pressing a button. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { entriesOf } from '../entries.ts'
import { nodeOf } from '../versions/open.ts'
import { type Writer, writers } from '../versions/testing.ts'
import { acceptProposal } from './accept.ts'
import { placesOf } from './anchor.ts'
import { mendDoubled } from './mend.ts'
import { proposalsOf } from './proposal.ts'
import { readBy } from './reading.ts'
import { saidAbout } from './said-about.ts'
import { ENTRIES, talkOf } from './talk.ts'

const rubbish = fc.oneof(
  fc.constant(null),
  fc.integer({ min: -2, max: 50 }),
  fc.double(),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.uint8Array({ maxLength: 12 }),
  fc.array(fc.oneof(fc.integer({ min: -1, max: 40 }), fc.string({ maxLength: 3 })), { maxLength: 6 }),
)

const or = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 12, arbitrary: value }, { weight: 1, arbitrary: rubbish })

const place = fc.integer({ min: 0, max: 60 })
const id = fc.tuple(fc.integer({ min: 1, max: 2 }), place).map(([client, clock]) => `${client}-${clock}`)
const change = fc.tuple(fc.nat({ max: 24 }), fc.nat({ max: 6 }), fc.string({ unit: 'binary', maxLength: 4 }))

interface There {
  readonly snapshot: Uint8Array
  readonly blocks: readonly (readonly number[])[]
}

function entryWith({ snapshot, blocks }: There) {
  const shared = {
    format: or(fc.constant(1)),
    at: or(fc.nat({ max: 100 })),
    to: or(id),
    text: or(fc.string({ maxLength: 6 })),
  }
  return fc.oneof(
    fc.record({
      ...shared,
      kind: or(
        fc.constantFrom('comment', 'reply', 'rewritten', 'settled', 'reopened', 'taken-back', 'declined', 'later'),
      ),
      letters: or(fc.tuple(fc.integer({ min: 1, max: 2 }), place, place)),
      since: or(fc.constant(new Uint8Array([0]))),
    }),
    fc.record({
      ...shared,
      kind: fc.constantFrom('proposal', 'proposal', 'read'),
      block: or(fc.constantFrom(...blocks)),
      snapshot: or(fc.constant(snapshot)),
      changes: or(fc.array(change, { minLength: 1, maxLength: 2 }).map((changes) => changes.flat())),
      instead: or(id),
    }),
    fc.record({ ...shared, kind: fc.constant('accepted'), from: or(place) }),
  )
}

it('reads, mends and uses whatever is there without throwing, and leaves a paper that the editor can hold', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat({ max: 1 }), fc.nat({ max: 9 })), { minLength: 1, maxLength: 8 }),
      fc.gen(),
      (turns, gen) => {
        const { people, meet, attribution } = writers('ann', 'bob')
        const [ann, bob] = people as [Writer, Writer]
        ann.write('We meet 😀 on Tuesdays.', 'Everybody has a voice.')
        meet()
        const there = {
          snapshot: Y.encodeSnapshotV2(Y.snapshot(ann.doc)),
          blocks: ann.words.toArray().map(({ _item: item }) => [item?.id.client ?? 0, item?.id.clock ?? 0]),
        }
        for (const [who] of turns) {
          const { doc } = who === 0 ? ann : bob
          entriesOf(doc, ENTRIES).push([{ ...gen(entryWith, there) }])
        }
        meet()
        const before = ann.text()
        const talk = talkOf(ann.doc, attribution)
        placesOf(
          ann.words,
          talk.comments.flatMap((one) => (one.anchor === undefined ? [] : [[one.id, one.anchor] as const])),
        )
        readBy(ann.words, talk.readings)
        saidAbout({ doc: ann.doc, attribution }, (member) => member)
        expect(mendDoubled(ann.doc, ann.words)).toBe(false)
        expect(ann.text()).toBe(before)
        for (const proposal of proposalsOf(ann.words, talk)) {
          const accepted = acceptProposal(ann.doc, ann.words, proposal.id, 1)
          const now = proposalsOf(ann.words, talkOf(ann.doc, attribution)).find((one) => one.id === proposal.id)
          expect(accepted.ok ? now?.state : 'accepted').toBe('accepted')
        }
        expect(() => encodeURIComponent(ann.text())).not.toThrow()
        expect(ann.text()).not.toContain('\uFFFD')
        expect(nodeOf(ann.words)).toBeDefined()
      },
    ),
    { numRuns: 300 },
  )
}, 60_000)

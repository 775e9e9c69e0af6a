/**
 * Papers with talk as it was written once, which read the same for ever, and entries that must not be read. The file is never
 * regenerated to make a test pass. After adding a sample:
 *   TEATRAY_WRITE_VECTORS=1 npx vitest run --project unit tests/vectors/paper-talk.test.ts
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { fromBase64, toBase64 } from 'lib0/buffer'
import * as Y from 'yjs'
import { CONTENT } from '../../renderer/features/papers/model/commands.ts'
import { entriesOf } from '../../renderer/features/papers/model/entries.ts'
import { writers } from '../../renderer/features/papers/model/versions/testing.ts'
import { acceptProposal } from '../../renderer/features/papers/model/talk/accept.ts'
import { addToTalk } from '../../renderer/features/papers/model/talk/add.ts'
import { anchorAt, placesOf } from '../../renderer/features/papers/model/talk/anchor.ts'
import { mendDoubled } from '../../renderer/features/papers/model/talk/mend.ts'
import { proposalsOf } from '../../renderer/features/papers/model/talk/proposal.ts'
import { paragraphAt, propose } from '../../renderer/features/papers/model/talk/propose.ts'
import { readBy } from '../../renderer/features/papers/model/talk/reading.ts'
import { ENTRIES, talkOf } from '../../renderer/features/papers/model/talk/talk.ts'

const FILE = resolve(import.meta.dirname, 'data/paper-talk.json')

const attribution = { insertedBy: (client: number) => (['ann', 'bob'] as const)[client - 1] as never }

/** What a reader is told, in one piece. */
function told(doc: Y.Doc) {
  const content = doc.getXmlFragment(CONTENT)
  const talk = talkOf(doc, attribution)
  const places = placesOf(
    content,
    talk.comments.flatMap(({ id, anchor }) => (anchor === undefined ? [] : [[id, anchor] as const])),
  )
  return {
    words: content.toJSON(),
    unknown: talk.unknown,
    comments: talk.comments.map(({ id, by, at, text, replies, settled, isRewritten, isTakenBack }) => {
      const said = { id, by, at, text, isRewritten, isTakenBack, replies, place: places.get(id) ?? null }
      return { ...said, settled: settled ?? null }
    }),
    proposals: proposalsOf(content, talk).map(
      ({ id, by, at, text, reason, instead, state, done, stretches, paragraph, declined }) => {
        const said = { id, by, at, text, reason, instead, state, stretches, paragraph, declined }
        return { ...said, done: done?.id ?? null }
      },
    ),
    readers: readBy(content, talk.readings).map(({ by, at, since }) => ({ by, at, since })),
  }
}

/** All kinds of entries, by two people, who also accept one proposal apart. */
function whole(): Y.Doc {
  const { people, meet } = writers('ann', 'bob')
  const [ann, bob] = people
  if (ann === undefined || bob === undefined) throw new Error('two people')
  const id = (added: { readonly ok: boolean; readonly value?: string }): string => added.value ?? ''
  ann.write('We meet on Tuesdays at two.', 'Everybody has a voice.')
  meet()
  const about = anchorAt(ann.words, { from: 9, to: 20 })
  const first = id(addToTalk(ann.doc, { kind: 'comment', text: 'Why not Mondays?', about }, 1))
  const second = id(addToTalk(ann.doc, { kind: 'comment', text: 'Good.', about: undefined }, 2))
  const third = id(addToTalk(ann.doc, { kind: 'comment', text: 'Hm', about: undefined }, 3))
  meet()
  addToTalk(bob.doc, { kind: 'reply', to: first, text: 'The hall is taken.' }, 4)
  addToTalk(bob.doc, { kind: 'settled', to: first }, 5)
  addToTalk(bob.doc, { kind: 'settled', to: second }, 6)
  meet()
  addToTalk(ann.doc, { kind: 'reopened', to: first }, 7)
  addToTalk(ann.doc, { kind: 'rewritten', to: second, text: 'Very good.' }, 8)
  addToTalk(ann.doc, { kind: 'taken-back', to: third }, 9)
  addToTalk(bob.doc, { kind: 'read' }, 10)
  const put = (from: number, text: string, instead?: string): string => {
    const paragraph = paragraphAt(ann.words, { from, to: from + 1 })
    if (paragraph === undefined) throw new Error('no paragraph')
    return id(propose(ann.doc, { paragraph, text, reason: 'Why not?', instead }, 11))
  }
  const used = put(1, 'We gather on Mondays at two.')
  const left = put(30, 'Everybody has a say.')
  put(30, 'Everybody has a voice here.', left)
  meet()
  addToTalk(bob.doc, { kind: 'declined', to: left, reason: 'Too short.' }, 12)
  acceptProposal(ann.doc, ann.words, used, 13)
  acceptProposal(bob.doc, bob.words, used, 14)
  meet()
  return ann.doc
}

/** Each is counted as unknown. */
const REFUSED: readonly object[] = [
  { kind: 'comment', at: 1, text: 'no format' },
  { format: 2, kind: 'comment', at: 1, text: 'a later format' },
  { format: 1, kind: 'poll', at: 1, text: 'a later kind' },
  { format: 1, kind: 'comment', at: -1, text: 'before all time' },
  { format: 1, kind: 'comment', at: 1, text: '  ' },
  { format: 1, kind: 'reply', at: 1, text: 'to nothing' },
  { format: 1, kind: 'settled', at: 1, to: 7 },
  { format: 1, kind: 'read', at: 1 },
  { format: 1, kind: 'proposal', at: 1, changes: [0, 1, 'no paragraph'], snapshot: new Uint8Array(2) },
  { format: 1, kind: 'proposal', at: 1, changes: [0, 1, 'half a place'], block: [1], snapshot: new Uint8Array(2) },
  { format: 1, kind: 'proposal', at: 1, changes: [0, 1, 'no moment'], block: [1, 0] },
  { format: 1, kind: 'proposal', at: 1, changes: [], block: [1, 0], snapshot: new Uint8Array(2) },
  { format: 1, kind: 'proposal', at: 1, changes: [0, 'x'], block: [1, 0], snapshot: new Uint8Array(2) },
  { format: 1, kind: 'accepted', at: 1, to: '1-0', from: -1 },
]

if (process.env['TEATRAY_WRITE_VECTORS'] === '1') {
  const doc = whole()
  const refused = new Y.Doc({ gc: false })
  refused.clientID = 1
  entriesOf(refused, ENTRIES).push(REFUSED as never[])
  const sample = {
    update: toBase64(Y.encodeStateAsUpdateV2(doc)),
    told: told(doc),
    refused: toBase64(Y.encodeStateAsUpdateV2(refused)),
    count: REFUSED.length,
  }
  writeFileSync(FILE, `${JSON.stringify(sample, null, 2)}\n`)
}

interface Sample {
  readonly update: string
  readonly told: ReturnType<typeof told>
  readonly refused: string
  readonly count: number
}

const sample = JSON.parse(readFileSync(FILE, 'utf8')) as Sample

function opened(update: string): Y.Doc {
  const doc = new Y.Doc({ gc: false })
  Y.applyUpdateV2(doc, fromBase64(update))
  return doc
}

it('a paper with all kinds of entries reads as it did', () => {
  const doc = opened(sample.update)
  expect(JSON.parse(JSON.stringify(told(doc)))).toEqual(sample.told)
  expect(mendDoubled(doc, doc.getXmlFragment(CONTENT))).toBe(true)
  expect(doc.getXmlFragment(CONTENT).toJSON()).toBe(
    '<paragraph>We gather on Mondays at two.</paragraph><paragraph>Everybody has a voice.</paragraph>',
  )
})

it('entries that do not hold what they must are counted, and shown as nothing', () => {
  const doc = opened(sample.refused)
  expect(talkOf(doc, attribution)).toEqual({ comments: [], proposed: [], readings: [], unknown: sample.count })
  expect(entriesOf(doc, ENTRIES).length).toBe(sample.count)
})

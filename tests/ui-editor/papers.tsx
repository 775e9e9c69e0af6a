/**
 * The whole interface, with papers and notes that keep what is written in this page, and a second organiser, Bob, who edits
 * his own copies of the same documents on another computer (here: another Y.Doc) when the test says so.
 */
import { updateYFragment, initProseMirrorDoc } from '@tiptap/y-tiptap'
import { Transform } from '@tiptap/pm/transform'
import * as Y from 'yjs'
import { mountApp } from '../../renderer/app/mount.tsx'
import { asha, bob, createFakeSession, fakeGroup, fakeVault, person } from '../../renderer/app/testing/fake-session.ts'
import { toText } from '../../renderer/ui/editor/to-text.ts'
import { noteChange } from '../../renderer/features/papers/model/commands.ts'
import { encodeMove, movedField, paperRecord } from '../../renderer/features/papers/model/paper.ts'
import { paperById } from '../../renderer/features/papers/model/selectors.ts'
import { acceptProposal } from '../../renderer/features/papers/model/talk/accept.ts'
import { addToTalk } from '../../renderer/features/papers/model/talk/add.ts'
import { anchorAt } from '../../renderer/features/papers/model/talk/anchor.ts'
import { paragraphAt, propose } from '../../renderer/features/papers/model/talk/propose.ts'
import { talkOf } from '../../renderer/features/papers/model/talk/talk.ts'
import { editorSchema } from '../../renderer/ui/editor/index.ts'
import type { CircleId, DocumentId, MemberId } from '../../shared/base/ids.ts'
import type {
  CircleContext,
  CircleNotice,
  Departure,
  OpenDocument,
  Person,
  Presence,
  SaveState,
  Standing,
} from '../../shared/model/contexts.ts'
import { putRecord } from '../../shared/model/record.ts'
import { createLive } from '../../shared/base/live.ts'

const ASHA_CLIENT = 1
const BOB_CLIENT = 2

function keeper() {
  const values = new Map<string, Uint8Array>()
  return {
    get: (key: string) => Promise.resolve(values.get(key)),
    set: (key: string, value: Uint8Array) => Promise.resolve(void values.set(key, value)),
  }
}

interface Kept {
  readonly mine: Y.Doc
  readonly bobs: Y.Doc
  readonly deleted: { client: number; clock: number; length: number; by: MemberId }[]
}

const documents = new Map<string, Kept>()

function documentOf(id: DocumentId): Kept {
  const known = documents.get(id)
  if (known !== undefined) return known
  const make = (client: number, by: MemberId, deleted: Kept['deleted']): Y.Doc => {
    const doc = new Y.Doc({ gc: false })
    doc.clientID = client
    doc.on('afterTransaction', (transaction: Y.Transaction) => {
      if (!transaction.local) return
      for (const [from, items] of transaction.deleteSet.clients)
        for (const { clock, len } of items) deleted.push({ client: from, clock, length: len, by })
    })
    return doc
  }
  const deleted: Kept['deleted'] = []
  const kept = { mine: make(ASHA_CLIENT, asha.id, deleted), bobs: make(BOB_CLIENT, bob.id, deleted), deleted }
  documents.set(id, kept)
  return kept
}

const meet = ({ mine, bobs }: Kept): void => {
  Y.applyUpdate(bobs, Y.encodeStateAsUpdate(mine))
  Y.applyUpdate(mine, Y.encodeStateAsUpdate(bobs), 'others')
}

function open(id: DocumentId): Promise<OpenDocument> {
  const { mine, deleted } = documentOf(id)
  return Promise.resolve({
    id,
    doc: mine,
    attribution: {
      insertedBy: (client) => (client === ASHA_CLIENT ? asha.id : client === BOB_CLIENT ? bob.id : undefined),
      deletedBy: (client, clock) =>
        deleted.find((one) => one.client === client && clock >= one.clock && clock < one.clock + one.length)?.by,
    },
    presence: createLive<Presence | undefined>(undefined),
    setPresence: () => undefined,
    flush: () => Promise.resolve(),
    release: () => undefined,
  })
}

/** A circle of this page: its papers are kept here, and its people and how one stands to it are what the test says. */
function circleOf(id: string, scope: CircleContext['scope'], name: string, people: readonly Person[]) {
  const live = {
    name: createLive(name),
    people: createLive(people),
    standing: createLive<Standing>({ state: 'member' }),
    departures: createLive<readonly Departure[]>([]),
    save: createLive<SaveState>({ state: 'saved' }),
  }
  const context: CircleContext = {
    ...fakeGroup().group.circle,
    ...live,
    id: id.repeat(32) as CircleId,
    scope,
    me: asha.id,
    records: new Y.Doc(),
    notices: createLive<readonly CircleNotice[]>([]),
    open,
    local: keeper(),
  }
  return { ...live, context }
}

const cara = person('c3', 'Cara', { role: 'member' })
const dilys = person('d4', 'Dilys', { role: 'member' })
// With ?circles: a group of four, a planning group of three, and another circle.
const withCircles = new URLSearchParams(location.search).has('circles')
const group = circleOf('1', 'group', 'Riverside Pain Group', withCircles ? [asha, bob, cara, dilys] : [asha, bob])
const planning = circleOf('2', 'circle', 'Planning group', [asha, bob, cara])
const welcome = circleOf('3', 'circle', 'Welcome team', [asha, dilys])
const circle = group.context
const circles = createLive<readonly CircleContext[]>(withCircles ? [planning.context, welcome.context] : [])
const vault = { ...fakeVault(), open, local: keeper() }
const session = createFakeSession({
  stage: 'group',
  name: 'Asha',
  vault,
  group: { ...fakeGroup().group, circle, circles },
})

const schema = editorSchema()

function edit(kept: Kept, change: (transform: Transform) => void): void {
  const fragment = kept.bobs.getXmlFragment('content')
  const { doc, meta } = initProseMirrorDoc(fragment, schema)
  const transform = new Transform(doc)
  change(transform)
  kept.bobs.transact(() => updateYFragment(kept.bobs, fragment, transform.doc, meta))
}

function positionOf(transform: Transform, text: string): number {
  let found = -1
  transform.doc.descendants((node, position) => {
    const index = node.isText ? (node.text ?? '').indexOf(text) : -1
    if (index >= 0 && found < 0) found = position + index
  })
  if (found < 0) throw new Error(`no ${text}`)
  return found
}

const byName = { group, planning, welcome }

const harness = {
  setStanding: (name: keyof typeof byName, standing: Standing) => byName[name].standing.set(standing),
  setSave: (name: keyof typeof byName, save: SaveState) => byName[name].save.set(save),
  setDepartures: (name: keyof typeof byName, departures: readonly Departure[]) =>
    byName[name].departures.set(departures),
  /** How many papers a circle's records hold, whatever became of them. */
  count: (name: keyof typeof byName) => byName[name].context.records.getMap('paper').size,
  /** As after a crash between the copy and the mark of the move, or before the copy. */
  interruptMove(id: string, { withCopy }: { readonly withCopy: boolean }) {
    const copy = 'c'.repeat(32) as DocumentId
    const move = { state: 'begun', to: circle.id, by: asha.id, at: Date.now(), changed: new Map() } as const
    putRecord(planning.context.records, paperRecord, id, { [movedField(copy)]: encodeMove(move) })
    const { title, template } = paperById(planning.context.records, id) ?? { title: '', template: '' }
    if (withCopy)
      putRecord(circle.records, paperRecord, copy, { title, template, createdBy: asha.id, createdAt: Date.now() })
  },
  /** Somebody puts a paper with an id of another circle's into the group. */
  squat: (id: string) =>
    void putRecord(circle.records, paperRecord, id, { title: 'Minutes?', createdBy: bob.id, createdAt: Date.now() }),
  text: (id: string) => toText(documentOf(id as DocumentId).mine.getXmlFragment('content'), 'markdown'),
  meet: (id: string) => meet(documentOf(id as DocumentId)),
  bobAdds(id: string, after: string, words: string) {
    edit(documentOf(id as DocumentId), (transform) =>
      transform.insert(positionOf(transform, after) + after.length, schema.text(words)),
    )
    const holder = [group, planning, welcome].find(({ context }) => paperById(context.records, id) !== undefined)
    noteChange({ ...(holder ?? group).context, me: bob.id }, id as DocumentId, Date.now())
  },
  bobRemoves(id: string, words: string) {
    edit(documentOf(id as DocumentId), (transform) => {
      const from = positionOf(transform, words)
      transform.delete(from, from + words.length)
    })
  },
  /** What Bob says about words, or about the whole paper where they are empty. */
  bobComments(id: string, words: string, text: string) {
    const { bobs } = documentOf(id as DocumentId)
    const content = bobs.getXmlFragment('content')
    const from = positionOf(new Transform(initProseMirrorDoc(content, schema).doc), words)
    addToTalk(bobs, { kind: 'comment', text, about: anchorAt(content, { from, to: from + words.length }) }, Date.now())
  },
  /** Bob proposes that the paragraph with these words reads otherwise. */
  bobProposes(id: string, words: string, text: string, reason: string) {
    const { bobs } = documentOf(id as DocumentId)
    const content = bobs.getXmlFragment('content')
    const from = positionOf(new Transform(initProseMirrorDoc(content, schema).doc), words)
    const paragraph = paragraphAt(content, { from, to: from + 1 })
    if (paragraph === undefined) throw new Error(`no ${words}`)
    propose(bobs, { paragraph, text, reason, instead: undefined }, Date.now())
  },
  /** Bob uses the words of the first proposal. */
  bobAccepts(id: string) {
    const { bobs } = documentOf(id as DocumentId)
    const [first] = talkOf(bobs, { insertedBy: () => bob.id }).proposed
    acceptProposal(bobs, bobs.getXmlFragment('content'), first?.id ?? '', Date.now())
  },
  bobRemovesParagraph(id: string, words: string) {
    edit(documentOf(id as DocumentId), (transform) => {
      const found = transform.doc.resolve(positionOf(transform, words))
      transform.delete(found.before(), found.after())
    })
  },
}
export type PapersHarness = typeof harness
Object.assign(window, { papers: harness })

const root = document.querySelector<HTMLElement>('#root')
if (root === null) throw new Error('no root')
mountApp(root, session.session)

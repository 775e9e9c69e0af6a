/**
 * The whole interface, with papers and notes that keep what is written in this page, and a second organiser, Bob, who edits
 * his own copies of the same documents on another computer (here: another Y.Doc) when the test says so.
 */
import { updateYFragment, initProseMirrorDoc } from '@tiptap/y-tiptap'
import { Transform } from '@tiptap/pm/transform'
import * as Y from 'yjs'
import { mountApp } from '../../renderer/app/mount.tsx'
import { asha, bob, createFakeSession, fakeGroup, fakeVault } from '../../renderer/app/testing/fake-session.ts'
import { toText } from '../../renderer/features/papers/model/toText.ts'
import { noteChange } from '../../renderer/features/papers/model/commands.ts'
import { editorSchema } from '../../renderer/ui/editor/index.ts'
import type { DocumentId, MemberId } from '../../shared/base/ids.ts'
import type { OpenDocument, Presence } from '../../shared/model/contexts.ts'
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

const made = fakeGroup([asha, bob])
const circle = { ...made.group.circle, open, local: keeper() }
const vault = { ...fakeVault(), open, local: keeper() }
const session = createFakeSession({ stage: 'group', name: 'Asha', vault, group: { ...made.group, circle } })

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

const harness = {
  text: (id: string) => toText(documentOf(id as DocumentId).mine.getXmlFragment('content'), 'markdown'),
  meet: (id: string) => meet(documentOf(id as DocumentId)),
  bobAdds(id: string, after: string, words: string) {
    edit(documentOf(id as DocumentId), (transform) =>
      transform.insert(positionOf(transform, after) + after.length, schema.text(words)),
    )
    noteChange({ ...circle, me: bob.id }, id as DocumentId, Date.now())
  },
  bobRemoves(id: string, words: string) {
    edit(documentOf(id as DocumentId), (transform) => {
      const from = positionOf(transform, words)
      transform.delete(from, from + words.length)
    })
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

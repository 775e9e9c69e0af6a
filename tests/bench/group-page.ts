/**
 * A group with many papers, as `window.group`: in the product's own store, replica and editor, and as plain Yjs with Dexie and plain
 * Tiptap. Both hold the same words; each is closed, and measured on a page just loaded.
 */
import { prosemirrorJSONToYXmlFragment } from '@tiptap/y-tiptap'
import { Dexie } from 'dexie'
import * as Y from 'yjs'
import { systemClock } from '../../shared/base/clock.ts'
import { createLive } from '../../shared/base/live.ts'
import { defaultSigner } from '../../shared/crypto/sign.ts'
import { setUp } from '../../shared/membership/testing.ts'
import type { LookingWhere } from '../../shared/model/contexts.ts'
import { openChannel } from '../../shared/sync/open-channel.ts'
import { createFinder } from '../../renderer/features/find/model/finder.ts'
import { resultsOf } from '../../renderer/features/find/model/results.ts'
import type { Whose } from '../../renderer/features/find/model/sources.ts'
import { CONTENT, createPaper } from '../../renderer/features/papers/model/commands.ts'
import { paperById, papersInUse } from '../../renderer/features/papers/model/selectors.ts'
import { textsOf } from '../../renderer/features/papers/model/texts.ts'
import { openGroup, type OpenGroup } from '../../renderer/session/group.ts'
import { decodeMe, encodeMe } from '../../renderer/session/me.ts'
import { storeCircle } from '../../renderer/session/store-circle.ts'
import { sortGroups } from '../../renderer/session/stored-circles.ts'
import { openStore, type Store } from '../../renderer/store/store.ts'
import { editorSchema } from '../../renderer/ui/editor/schema.ts'
import { toText } from '../../renderer/ui/editor/to-text.ts'
import { laidOut, openEditor, type Which } from './editors.ts'
import { createWriter } from './words.ts'

const ROOT_KEY = new Uint8Array(32).fill(7)

/** A paper that is open, and what it takes until all that was written in it is on disk. */
interface OpenPaper {
  readonly doc: Y.Doc
  stored(): Promise<unknown>
  close(): Promise<unknown>
}

interface Searching {
  /** Looks through all papers, and resolves once a word can be looked for. */
  look(): Promise<unknown>
  /** How many papers have all words of it. */
  search(typed: string): number
}

interface Held {
  /** Ids of the papers, in the order of the list. */
  list(): readonly string[]
  open(id: string): Promise<OpenPaper>
  searching(): Searching
  close(): Promise<unknown>
}

// --------------------------------------------------------------------------------------------------------------- Teatray

async function openHere(): Promise<Store> {
  const opened = await openStore({ rootKey: ROOT_KEY })
  if (!opened.ok) throw new Error(opened.error)
  return opened.value
}

/** As after unlocking, with nobody to be met. */
async function openOurs(store: Store): Promise<OpenGroup> {
  const identity = await store.identity()
  const me = identity.ok && identity.value !== undefined ? decodeMe(identity.value) : undefined
  const [stored] = sortGroups(await store.listCircles(), 0)
  if (me?.ok !== true || stored === undefined) throw new Error('no group is stored')
  return openGroup({
    ...me.value,
    stored,
    store,
    carriers: { transports: createLive([]), looking: createLive<LookingWhere>({ lan: 'off', internet: 'off' }) },
    clock: systemClock,
    signer: await defaultSigner(),
    openChannel: (link) => openChannel(link),
    log: console.log,
  })
}

function searchOurs({ context }: OpenGroup): Searching {
  const { circle } = context
  const finder = createFinder<Whose>({
    sources: () => [{ id: circle.id, place: circle, list: () => textsOf(context, circle) }],
    pause: () => new Promise((resolve) => setTimeout(resolve)),
  })
  return {
    look: () =>
      new Promise<void>((resolve) => {
        finder.looking.subscribe(() => {
          if (finder.looking.get().now === undefined) resolve()
        })
        finder.look()
      }),
    search: (typed) => resultsOf({ finder, destinations: [], typed, most: 15 }).count,
  }
}

async function openTeatray(): Promise<Held> {
  const store = await openHere()
  const group = await openOurs(store)
  const { circle } = group.context
  return {
    list: () => papersInUse(circle.records).map(({ id }) => id),
    async open(id) {
      const paper = paperById(circle.records, id)
      if (paper === undefined) throw new Error(`no paper ${id}`)
      const opened = await circle.open(paper.id)
      return {
        doc: opened.doc,
        stored: () => opened.flush(),
        close: () => {
          opened.release()
          return group.flush()
        },
      }
    },
    searching: () => searchOurs(group),
    async close() {
      await group.close()
      await store.close()
    },
  }
}

// -------------------------------------------------------------------------------------------- plain Yjs with Dexie

interface PlainRow {
  readonly id: string
  readonly update: Uint8Array
}

const RECORDS = 'records'

/** One row a document; what is written later, one row an edit, without waiting for the disk. */
async function openRows(): Promise<Dexie> {
  const db = new Dexie('plain', { chromeTransactionDurability: 'relaxed', cache: 'disabled' })
  db.version(1).stores({ documents: 'id', edits: '++, id' })
  return db.open()
}

async function readPlain(db: Dexie, id: string): Promise<Y.Doc> {
  const [row, edits] = await Promise.all([
    db.table<PlainRow>('documents').get(id),
    db.table<PlainRow>('edits').where('id').equals(id).toArray(),
  ])
  if (row === undefined) throw new Error(`no document ${id}`)
  const doc = new Y.Doc()
  for (const { update } of [row, ...edits]) Y.applyUpdateV2(doc, update)
  return doc
}

function searchPlain(db: Dexie, ids: readonly string[]): Searching {
  const texts: string[] = []
  return {
    async look() {
      for (const id of ids) {
        const doc = await readPlain(db, id)
        texts.push(toText(doc.getXmlFragment(CONTENT)).toLowerCase())
        doc.destroy()
      }
    },
    search: (typed) => texts.filter((text) => typed.split(' ').every((word) => text.includes(word))).length,
  }
}

async function openPlain(): Promise<Held> {
  const db = await openRows()
  const records = await readPlain(db, RECORDS)
  const list = (): readonly string[] => papersInUse(records).map(({ id }) => id)
  return {
    list,
    async open(id) {
      const doc = await readPlain(db, id)
      let writing: PromiseLike<unknown> = Promise.resolve()
      doc.on('updateV2', (update: Uint8Array) => {
        writing = db.table('edits').add({ id, update })
      })
      const stored = async (): Promise<unknown> => writing
      return {
        doc,
        stored,
        async close() {
          await stored()
          doc.destroy()
        },
      }
    },
    searching: () => searchPlain(db, list()),
    close: () => Promise.resolve(db.close()),
  }
}

// ---------------------------------------------------------------------------------------------------------------- papers

const words = (word: () => string, count: number): object[] => [
  { type: 'text', text: `${Array.from({ length: count }, word).join(' ')}.` },
]
const line = (word: () => string, count: number) => ({ type: 'paragraph', content: words(word, count) })

/** A heading, three paragraphs and a list. */
const section = (word: () => string): readonly object[] => [
  { type: 'heading', attrs: { level: 2 }, content: words(word, 4) },
  ...Array.from({ length: 3 }, () => line(word, 60)),
  {
    type: 'bulletList',
    content: Array.from({ length: 5 }, () => ({ type: 'listItem', content: [line(word, 12)] })),
  },
]

const lettersIn = (content: readonly object[]): number => {
  const doc = new Y.Doc()
  const fragment = doc.getXmlFragment(CONTENT)
  prosemirrorJSONToYXmlFragment(editorSchema(), { type: 'doc', content }, fragment)
  return toText(fragment).length
}

function paperOf(letters: number, word: () => string): object {
  const content: object[] = []
  for (let written = 0; written < letters;) {
    const next = section(word)
    content.push(...next)
    written += lettersIn(next)
  }
  return { type: 'doc', content }
}

// ------------------------------------------------------------------------------------------------------------ measuring

export interface TypingTimes {
  /** Of each keystroke: until it is in the editor, laid out. */
  readonly shown: readonly number[]
  /** Until it is on disk, too. */
  readonly stored: readonly number[]
}

export interface SearchTimes {
  /** The first search: all papers are looked through. */
  readonly look: number
  /** Each later one. */
  readonly searches: readonly number[]
}

const timed = async (work: () => unknown): Promise<number> => {
  const before = performance.now()
  await work()
  return performance.now() - before
}

/** Somebody types fast. */
const PAUSE = 40

let held: Held | undefined
/** Kept until it is closed, as the product keeps it until it is locked. */
let searching: Searching | undefined
const opened = (): Held => {
  if (held === undefined) throw new Error('nothing is open')
  return held
}

async function show(which: Which, id: string) {
  const element = document.body.appendChild(document.createElement('main'))
  const paper = await opened().open(id)
  const { editor, destroy } = openEditor(which, paper.doc.getXmlFragment(CONTENT), element)
  laidOut(editor)
  return {
    editor,
    paper,
    async close() {
      destroy()
      element.remove()
      await paper.close()
    },
  }
}

const group = {
  async write(papers: number, bytes: number): Promise<void> {
    const { actors, circle } = await setUp(['one'])
    const store = await openHere()
    for (const { name, secrets, store: records } of actors) {
      await store.putIdentity(encodeMe({ name, secrets }))
      await storeCircle(store, circle, { kind: 'group' }, [...records.kept.values()])
    }
    const ours = await openOurs(store)
    const rows = await openRows()
    const word = createWriter()
    const put = (id: string, doc: Y.Doc) => rows.table('documents').put({ id, update: Y.encodeStateAsUpdateV2(doc) })
    for (let index = 0; index < papers; index++) {
      const content = paperOf(bytes / papers, word)
      const id = await createPaper(ours.context.circle, { title: `Paper ${index}`, template: 'empty', content }, index)
      const plain = new Y.Doc()
      prosemirrorJSONToYXmlFragment(editorSchema(), content, plain.getXmlFragment(CONTENT))
      await put(id, plain)
    }
    await put(RECORDS, ours.context.circle.records)
    rows.close()
    await ours.close()
    await store.close()
  },
  /** Until all papers are listed. */
  async open(which: Which, papers: number): Promise<number> {
    let listed = 0
    const ms = await timed(async () => {
      held = which === 'teatray' ? await openTeatray() : await openPlain()
      listed = held.list().length
    })
    if (listed !== papers) throw new Error(`${which}: ${listed} papers are listed`)
    return ms
  },
  /** Of each: until it is in the editor, laid out. */
  async papers(which: Which, places: readonly number[]): Promise<readonly number[]> {
    const times: number[] = []
    for (const place of places) {
      const id = opened().list()[place] ?? ''
      const before = performance.now()
      const shown = await show(which, id)
      times.push(performance.now() - before)
      await shown.close()
    }
    return times
  },
  async type(which: Which, place: number, keystrokes: number): Promise<TypingTimes> {
    const id = opened().list()[place] ?? ''
    const { editor, paper, close } = await show(which, id)
    const before = editor.state.doc.textContent
    editor.commands.setTextSelection(Math.floor(editor.state.doc.content.size / 2))
    const stroke = (at: number): void => {
      editor.view.dispatch(editor.state.tr.insertText('kettles '[at % 8] ?? ' '))
      laidOut(editor)
    }
    const shown: number[] = []
    const stored: number[] = []
    for (let at = 0; at < keystrokes; at++) {
      shown.push(await timed(() => stroke(at)))
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
    }
    await paper.stored()
    for (let at = 0; at < keystrokes; at++)
      stored.push(
        await timed(async () => {
          stroke(at)
          await paper.stored()
        }),
      )
    const after = editor.state.doc.textContent
    await close()
    if (after.length !== before.length + 2 * keystrokes) throw new Error(`${which}: letters are missing`)
    const again = await show(which, id)
    const read = again.editor.state.doc.textContent
    await again.close()
    if (read !== after) throw new Error(`${which}: what was typed is not what is stored`)
    return { shown, stored }
  },
  async search(queries: number): Promise<SearchTimes> {
    const { look, search } = (searching ??= opened().searching())
    const word = createWriter()
    const drawn = Array.from({ length: 2 * queries }, word)
    const first = await timed(async () => {
      await look()
      search(drawn[0] ?? '')
    })
    const searches: number[] = []
    let found = 0
    for (let query = 0; query < queries; query++)
      searches.push(
        await timed(() => {
          found += search(`${drawn[2 * query]} ${drawn[2 * query + 1]}`)
        }),
      )
    // The papers' own words: the writer draws the same ones on every run.
    if (found === 0) throw new Error('nothing was found')
    return { look: first, searches }
  },
  async close(): Promise<void> {
    await opened().close()
    held = undefined
    searching = undefined
  },
}

declare global {
  interface Window {
    group: typeof group
  }
}
window.group = group

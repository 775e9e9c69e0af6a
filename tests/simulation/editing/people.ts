/** People with a computer each, who have one paper open in the product's editor. */
import type { Node } from '@tiptap/pm/model'
import { yUndoPluginKey } from '@tiptap/y-tiptap'
import * as Y from 'yjs'
import type { MemberId } from '../../../shared/base/ids.ts'
import type { Attribution } from '../../../shared/model/contexts.ts'
import { CONTENT } from '../../../renderer/features/papers/model/commands.ts'
import { isKnownContent, watchForUnknown } from '../../../renderer/ui/editor/content-guard.ts'
import { toText } from '../../../renderer/ui/editor/to-text.ts'
import { headlessEditor, type HeadlessEditor } from './headless-editor.ts'

export interface Update {
  readonly by: Person
  readonly bytes: Uint8Array
}

/**
 * Each word is one letter that nobody ever types again, so that every one of them can be followed: it is there once, or somebody
 * took it out, or it is lost or doubled.
 */
const FIRST_LETTER = 0x4e00
const LETTER = /[\u4e00-\u9fff]/g

export interface World {
  readonly seed: number
  readonly random: () => number
  readonly people: readonly Person[]
  readonly attribution: Attribution
  readonly removed: Map<string, Set<Person>>
  readonly typedBy: Map<string, Person>
  readonly counts: Record<string, number>
  readonly problems: string[]
  readonly log: (line: string) => void
}

export interface Person {
  readonly name: MemberId
  readonly client: number
  doc: Y.Doc
  words: Y.XmlFragment
  hand: HeadlessEditor
  /** Their program has met what it does not know: they read, and do not write. */
  isReading: boolean
  /** What others wrote and has not come yet, oldest of each author first. */
  readonly inbox: Update[]
  /** Everything this computer has, in the order in which it came. */
  readonly stored: Uint8Array[]
  /** The words as they came, where the binding has joined two texts of one paragraph since. */
  joinedFrom: string | undefined
  /** Undefined: whatever is written now, nobody asked for. */
  doing: string | undefined
}

export const lettersOf = (text: string): readonly string[] => text.match(LETTER) ?? []

export const lettersIn = (words: Y.XmlFragment): readonly string[] => lettersOf(toText(words))

export const shown = (person: Person): Node => person.hand.editor.state.doc

/** New words, never typed before. */
export function newWords(world: World, person: Person, count: number): string {
  let words = ''
  for (let index = 0; index < count; index++) {
    const letter = String.fromCodePoint(FIRST_LETTER + world.typedBy.size)
    world.typedBy.set(letter, person)
    words += letter
  }
  return words
}

function begin(world: World, person: Person, deletions: Deletion[]): void {
  const doc = new Y.Doc({ gc: false })
  for (const bytes of person.stored) Y.applyUpdateV2(doc, bytes, 'stored')
  doc.clientID = person.client
  person.doc = doc
  person.words = doc.getXmlFragment(CONTENT)
  doc.on('afterTransaction', (transaction) => {
    if (!transaction.local) return
    for (const [client, items] of transaction.deleteSet.clients)
      for (const { clock, len } of items) deletions.push({ client, clock, length: len, by: person.name })
  })
  doc.on('updateV2', (bytes, _origin, _doc, transaction) => {
    if (!transaction.local) return
    const before = person.doing === undefined ? wordsStored(person) : undefined
    person.stored.push(bytes)
    for (const other of world.people) if (other !== person) other.inbox.push({ by: person, bytes })
    if (before === undefined || isTidying(transaction)) return
    if (isJoining(transaction)) person.joinedFrom ??= before
    else world.problems.push(`${person.name}'s computer wrote by itself`)
  })
  person.isReading = !isKnownContent(person.words)
  if (person.isReading) return
  person.hand = headlessEditor(person.words)
  watchForUnknown(person.words, () => letGo(person))
  checkJoined(world, person)
}

/** Yjs takes out marks of bold and the like that are there twice, on whichever computer they meet. No words go with them. */
function isTidying(transaction: Y.Transaction): boolean {
  let onlyMarks =
    transaction.afterState.get(transaction.doc.clientID) === transaction.beforeState.get(transaction.doc.clientID)
  Y.iterateDeletedStructs(transaction, transaction.deleteSet, (struct) => {
    if (!(struct instanceof Y.Item && struct.content instanceof Y.ContentFormat)) onlyMarks = false
  })
  return onlyMarks
}

/**
 * The binding joins two texts of one paragraph where it reads them, if the second is its own. That is left to it beside a line break
 * only, which is no letter to it (elsewhere room-for-words.ts sees to it that there is one text), and the words must be the same.
 */
function isJoining({ changed }: Y.Transaction): boolean {
  const parents = new Set<unknown>([...changed.keys()].map((type) => (type instanceof Y.XmlText ? type.parent : type)))
  const hasBreak = (parent: unknown): boolean => {
    if (!(parent instanceof Y.XmlElement)) return false
    for (let item = parent._start; item !== null; item = item.right)
      if (item.content instanceof Y.ContentType && item.content.type instanceof Y.XmlElement) return true
    return false
  }
  return [...parents].every(hasBreak)
}

/** Read from what lies on this computer's disk, with no editor near it. */
function wordsStored({ stored }: Person): string {
  const doc = new Y.Doc({ gc: false })
  for (const bytes of stored) Y.applyUpdateV2(doc, bytes)
  return toText(doc.getXmlFragment(CONTENT))
}

/** After something has come, or a paper was opened: nobody has written, so the words are what came. */
function checkJoined(world: World, person: Person): void {
  const { joinedFrom } = person
  if (joinedFrom === undefined) return
  person.joinedFrom = undefined
  count(world, 'joined')
  const sorted = (text: string): string => text.split('').toSorted().join('')
  if (sorted(toText(person.words)) !== sorted(joinedFrom))
    world.problems.push(`${person.name}'s computer made ${toText(person.words)} of ${joinedFrom} by itself`)
}

interface Deletion {
  readonly client: number
  readonly clock: number
  readonly length: number
  readonly by: MemberId
}

export interface WorldOptions {
  readonly seed: number
  readonly random: () => number
  readonly names: readonly string[]
  readonly log: (line: string) => void
}

export function createWorld({ seed, random, names, log }: WorldOptions): World & { restart(person: Person): void } {
  const deletions: Deletion[] = []
  const people = names.map((name, index): Person => ({
    name: name as MemberId,
    client: index + 1,
    inbox: [],
    stored: [],
    isReading: false,
    joinedFrom: undefined,
    doing: undefined,
    ...({} as Pick<Person, 'doc' | 'words' | 'hand'>),
  }))
  const world: World = {
    seed,
    random,
    people,
    attribution: {
      insertedBy: (client) => people[client - 1]?.name,
      deletedBy: (client, clock) =>
        deletions.find((one) => one.client === client && clock >= one.clock && clock < one.clock + one.length)?.by,
    },
    removed: new Map(),
    typedBy: new Map(),
    counts: {},
    problems: [],
    log,
  }
  for (const person of people) begin(world, person, deletions)
  return {
    ...world,
    restart(person) {
      person.hand.destroy()
      person.doc.destroy()
      begin(world, person, deletions)
    },
  }
}

export const count = (world: World, what: string): void => {
  world.counts[what] = (world.counts[what] ?? 0) + 1
}

function stopCapturing({ hand }: Person): void {
  const { undoManager }: { undoManager?: Y.UndoManager } = yUndoPluginKey.getState(hand.editor.state) ?? {}
  undoManager?.stopCapturing()
}

export function letGo(person: Person): void {
  person.hand.letGo()
  person.hand.destroy()
  person.isReading = true
}

/** One thing that a person does, and knows that they do: what is gone afterwards, they took out. */
export function act(world: World, person: Person, what: string, run: () => void): void {
  const before = new Set(lettersIn(person.words))
  person.doing = what
  try {
    run()
    if (!person.isReading) stopCapturing(person)
  } finally {
    person.doing = undefined
  }
  const after = new Set(lettersIn(person.words))
  for (const letter of before) {
    if (after.has(letter)) continue
    const by = world.removed.get(letter) ?? new Set()
    // Whoever redoes a moving brings back what another has taken out meanwhile, and undoing that takes it out again.
    const wasOut = [...by].some((one) => one !== person)
    world.removed.set(letter, by.add(person))
    if (what === 'undo' && !wasOut && world.typedBy.get(letter) !== person)
      world.problems.push(`${person.name}'s undo took out what ${world.typedBy.get(letter)?.name} wrote`)
  }
  count(world, what)
}

/** Some of what has been written comes to one computer: in order from each author, in any order between them. */
export function deliver(world: World, to: Person, most: number): void {
  for (let done = 0; done < most && to.inbox.length > 0; done++) {
    const authors = [...new Set(to.inbox.map(({ by }) => by))]
    const author = authors[Math.floor(world.random() * authors.length)]
    const at = to.inbox.findIndex(({ by }) => by === author)
    const [update] = to.inbox.splice(at, 1)
    if (update === undefined) continue
    // Also what still waits for another's: it is on the disk like everything else.
    to.stored.push(update.bytes)
    Y.applyUpdateV2(to.doc, update.bytes, 'others')
    checkJoined(world, to)
  }
}

/** One seeded world of people who write in one paper, apart and together; throws an Error with a sentence and the seed. */
import { initProseMirrorDoc } from '@tiptap/y-tiptap'
import { Fragment, type Node } from '@tiptap/pm/model'
import * as Y from 'yjs'
import { CONTENT } from '../../../renderer/features/papers/model/commands.ts'
import { changesSince } from '../../../renderer/features/papers/model/changes.ts'
import { isKnownContent } from '../../../renderer/ui/editor/content-guard.ts'
import { versionsOf } from '../../../renderer/features/papers/model/versions/version.ts'
import { seededRandom } from '../../contracts/faulty-link.ts'
import { type Action, nextAction } from './actions.ts'
import {
  act,
  count,
  createWorld,
  deliver,
  letGo,
  lettersIn,
  lettersOf,
  newWords,
  type Person,
  shown,
  type World,
} from './people.ts'
import { mend, talkDiffers, talkProblem } from './talk.ts'

const NAMES = ['ada', 'ben', 'cleo', 'dov']

export interface EditingOptions {
  readonly seed: number
  readonly actors?: number
  readonly steps?: number
  /** What they do. */
  readonly among?: readonly Action[]
  readonly log?: (line: string) => void
}

export interface EditingResult {
  readonly seed: number
  readonly actors: number
  readonly counts: Readonly<Record<string, number>>
}

function must(holds: boolean, sentence: string): void {
  if (!holds) throw new Error(sentence)
}

/** What the editor would show of these words, read on a copy, and whether reading them wrote anything. */
function readAfresh(person: Person) {
  const copy = new Y.Doc({ gc: false })
  Y.applyUpdateV2(copy, Y.encodeStateAsUpdateV2(person.doc))
  copy.clientID = person.client
  let wrote = false
  copy.on('update', () => {
    wrote = true
  })
  const { doc } = initProseMirrorDoc(copy.getXmlFragment(CONTENT), person.hand.editor.schema)
  return { doc, wrote }
}

/** The shared text has no bold line breaks; in the editor a break can be bold, which nobody can see. */
const withoutBoldBreaks = (node: Node): Node =>
  node.isTextblock || node.childCount > 0
    ? node.copy(Fragment.from(node.children.map((child) => withoutBoldBreaks(child))))
    : node.isText
      ? node
      : node.mark([])

function checkShown(person: Person): void {
  if (person.isReading) return
  const doc = shown(person)
  try {
    doc.check()
  } catch (thrown) {
    throw new Error(`${person.name} is shown what a paper cannot hold: ${String(thrown)}`, { cause: thrown })
  }
}

function checkRead(person: Person): void {
  if (person.isReading) return
  const doc = shown(person)
  const read = readAfresh(person)
  must(!read.wrote, `reading ${person.name}'s copy wrote to it`)
  // An editor has a line to begin in, also where the paper has none yet.
  if (read.doc.childCount === 0) must(doc.textContent === '', `${person.name} is shown words that are not there`)
  else
    must(
      withoutBoldBreaks(read.doc).eq(withoutBoldBreaks(doc)),
      `${person.name} is shown ${doc.toString()} for ${read.doc.toString()}`,
    )
}

/** Also in the middle of it all, on every computer and with half of the updates still on their way. */
const checkAlways = (world: World, person: Person): void => {
  checkShown(person)
  // The costliest of the checks, and what it finds does not go away by itself.
  if (world.random() < 0.3) checkRead(person)
  const problem = person.isReading ? undefined : talkProblem(world, person)
  must(problem === undefined, problem ?? '')
  must(world.problems.length === 0, world.problems.join('; '))
}

function checkSame(world: World): void {
  const [first, ...others] = world.people
  for (const other of others) {
    must(
      JSON.stringify(first!.words.toJSON()) === JSON.stringify(other.words.toJSON()),
      `${first!.name} and ${other.name} have different words \n ${JSON.stringify(first!.words.toJSON())}\n ${JSON.stringify(other.words.toJSON())}`,
    )
    must(Y.equalSnapshots(Y.snapshot(first!.doc), Y.snapshot(other.doc)), 'two copies are not the same')
    const lists = [first!, other].map(({ doc }) =>
      versionsOf(doc, world.attribution)
        .list.map(({ id }) => id)
        .join(' '),
    )
    must(lists[0] === lists[1], 'two copies have different versions')
  }
}

/** Every word is there, or somebody took it out, or it crossed what somebody else did to its paragraph, and that is told. */
function checkWords(world: World): void {
  const [first] = world.people
  const here = new Map<string, number>()
  for (const letter of lettersIn(first!.words)) here.set(letter, (here.get(letter) ?? 0) + 1)
  const told = changesSince(first!.words, Y.emptySnapshot, world.attribution)
  const crossed = new Set(told.filter(({ kind }) => kind === 'crossed').flatMap(({ text }) => lettersOf(text)))
  world.counts['words typed'] = world.typedBy.size
  const untold: string[] = []
  for (const letter of world.typedBy.keys()) {
    const times = here.get(letter) ?? 0
    if (times > 1) count(world, 'doubled')
    if (times > 0 || world.removed.has(letter)) continue
    count(world, 'crossed')
    if (!crossed.has(letter)) untold.push(letter)
  }
  must(untold.length === 0, `lost, and nobody is told: ${untold.join(' ')}`)
}

const NEWER = 'fromALaterVersion'

/** Somewhere among what is known, in any order: an element, a setting or a mark that this program has never heard of. */
function writeNewer(world: World, person: Person): void {
  if (!person.isReading) letGo(person)
  const holders: Y.XmlFragment[] = [person.words]
  const lines: Y.XmlText[] = []
  for (const element of person.words.createTreeWalker(() => true)) {
    if (element instanceof Y.XmlText) lines.push(element)
    else if (element instanceof Y.XmlElement && element.nodeName !== 'hardBreak') holders.push(element)
  }
  const holder = holders[Math.floor(world.random() * holders.length)]!
  const line = lines[Math.floor(world.random() * lines.length)]
  const kind = world.random()
  if (kind < 0.2 && line !== undefined && line.length > 0) line.format(0, line.length, { [NEWER]: {} })
  else if (kind < 0.4 && holder instanceof Y.XmlElement) holder.setAttribute(NEWER, 'yes')
  else {
    const box = new Y.XmlElement(NEWER)
    const inside = new Y.XmlElement('paragraph')
    inside.insert(0, [new Y.XmlText(newWords(world, person, 2))])
    box.insert(0, [inside])
    holder.insert(Math.floor(world.random() * (holder.length + 1)), [box])
  }
}

/** Nobody takes it out by showing it, since nobody's program knows it: whoever has it reads. */
function checkNewer(world: World): void {
  for (const { isReading, words, name } of world.people)
    must(isReading || isKnownContent(words), `${name} writes in a paper with what their program does not know`)
}

export function simulateEditing({
  seed,
  actors = 2 + (seed % 3),
  steps = 60,
  among,
  log,
}: EditingOptions): EditingResult {
  const random = seededRandom(seed)
  const names = NAMES.slice(0, actors)
  const world = createWorld({ seed, random, names, log: log ?? (() => undefined) })
  const hasNewer = seed % 5 === 0
  let at = ''
  try {
    for (let step = 0; step < steps; step++) {
      const person = world.people[Math.floor(random() * actors)]!
      const chance = random()
      const isNewer = hasNewer && step > steps / 2 && person === world.people[0]
      if (isNewer && chance > 0.7) {
        at = `${step}: ${person.name} writes with a later version`
        world.log(at)
        act(world, person, 'a later version', () => writeNewer(world, person))
      } else if (chance < 0.03) {
        at = `${step}: ${person.name} restarts`
        world.log(at)
        world.restart(person)
        count(world, 'restarts')
      } else if (chance < 0.3) {
        at = `${step}: ${person.name} hears from others`
        world.log(at)
        deliver(world, person, 1 + Math.floor(random() * 12))
      } else if (!person.isReading) {
        const { name, run } = nextAction(world, among)
        at = `${step}: ${person.name}: ${name}`
        world.log(at)
        act(world, person, name, () => run(world, person))
        world.log(`      ${shown(person).toString()}`)
      }
      checkAlways(world, person)
    }
    at = 'at rest'
    while (world.people.some(({ inbox }) => inbox.length > 0))
      for (const person of world.people) deliver(world, person, Infinity)
    checkSame(world)
    // As every computer does by itself, each on its own.
    for (const person of world.people)
      if (!person.isReading) act(world, person, 'mend doubled words', () => mend(world, person))
    while (world.people.some(({ inbox }) => inbox.length > 0))
      for (const person of world.people) deliver(world, person, Infinity)
    checkSame(world)
    const difference = talkDiffers(world)
    must(difference === undefined, difference ?? '')
    checkNewer(world)
    for (const person of world.people) checkAlways(world, person)
    for (const person of world.people) checkRead(person)
    checkWords(world)
    for (const person of world.people) world.restart(person)
    for (const person of world.people) checkAlways(world, person)
    for (const person of world.people) checkRead(person)
    checkSame(world)
    checkNewer(world)
  } catch (thrown) {
    const seen = thrown instanceof Error ? thrown.message : String(thrown)
    throw new Error(`editing seed ${seed}, ${actors} actors, ${steps} steps, ${at}: ${seen}`, { cause: thrown })
  } finally {
    for (const { hand } of world.people) hand.destroy()
  }
  return { seed, actors, counts: world.counts }
}

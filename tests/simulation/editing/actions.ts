/**
 * Everything that people do to a paper. One line each in ACTIONS: the name, how often, and what is done with the editor's own
 * commands and keys. What a paper can hold from now on gets its lines here.
 */
import { Fragment, type Node, type NodeType, Slice } from '@tiptap/pm/model'
import { AllSelection, NodeSelection, TextSelection } from '@tiptap/pm/state'
import { CellSelection, mergeCells, splitCell } from '@tiptap/pm/tables'
import { keepVersion } from '../../../renderer/features/papers/model/versions/keep.ts'
import { restoreVersion } from '../../../renderer/features/papers/model/versions/restore.ts'
import { versionsOf } from '../../../renderer/features/papers/model/versions/version.ts'
import { findMatches, replaceMatches } from '../../../renderer/ui/editor/find.ts'
import { changePicture, insertPicture, removePicture } from '../../../renderer/ui/editor/pictures/insert.ts'
import { PICTURE, type Picture, pictureOf, SIZES } from '../../../renderer/ui/editor/pictures/picture.ts'
import { addSummary, takeBoxAway } from '../../../renderer/ui/editor/summary.ts'
import { changeTable, insertTable, mendTables, type TableChange } from '../../../renderer/ui/editor/tables.ts'
import { seededRandom } from '../../contracts/faulty-link.ts'
import { lettersIn, lettersOf, newWords, type Person, shown, type World } from './people.ts'
import { comment, mend, proposeWords, useWords } from './talk.ts'

export type Act = (world: World, person: Person) => void

export interface Action {
  readonly name: string
  readonly often: number
  readonly run: Act
}

const pick = <Item>(world: World, items: readonly Item[]): Item | undefined =>
  items[Math.floor(world.random() * items.length)]

const upTo = (world: World, most: number): number => 1 + Math.floor(world.random() * most)

/** Everywhere a caret can stand. */
function caretPlaces(doc: Node): readonly number[] {
  const places: number[] = []
  doc.descendants((node, position) => {
    if (node.isTextblock) for (let offset = 0; offset <= node.content.size; offset++) places.push(position + 1 + offset)
    return !node.isTextblock
  })
  return places
}

const select = (person: Person, from: number, to = from): void => {
  const { state, view } = person.hand.editor
  view.dispatch(state.tr.setSelection(TextSelection.create(state.doc, from, to)))
}

/** Half of the time where the paper begins: people who write together meet in one place. */
function placeCaret(world: World, person: Person): boolean {
  const places = caretPlaces(shown(person))
  const place = pick(world, world.random() < 0.5 ? places.slice(0, 6) : places)
  if (place !== undefined) select(person, place)
  return place !== undefined
}

function selectWords(world: World, person: Person): boolean {
  const places = caretPlaces(shown(person))
  const first = Math.floor(world.random() * places.length)
  const from = places[first]
  const to = places[Math.min(places.length - 1, first + upTo(world, 5))]
  if (from === undefined || to === undefined) return false
  select(person, from, to)
  return true
}

/** With the caret somewhere. */
const there =
  (run: (world: World, person: Person) => void): Act =>
  (world, person) => {
    if (placeCaret(world, person)) run(world, person)
  }

/** With some words chosen, in one paragraph or across several. */
const chosen =
  (run: (world: World, person: Person) => void): Act =>
  (world, person) => {
    if (selectWords(world, person)) run(world, person)
  }

const key = (name: string): Act => there((_, { hand }) => void hand.press(name))
const keyOnWords = (name: string): Act => chosen((_, { hand }) => void hand.press(name))

/** What no command answers, the browser does. */
const erase = (direction: 'Backspace' | 'Delete'): Act =>
  there((_, { hand }) => {
    if (hand.press(direction)) return
    const { state, view } = hand.editor
    const { from } = state.selection
    view.dispatch(direction === 'Backspace' ? state.tr.delete(from - 1, from) : state.tr.delete(from, from + 1))
  })

const typeNewWords: Act = there((world, person) => person.hand.type(newWords(world, person, upTo(world, 3))))

const markdown: Act = (world, person) => {
  const beginning = pick(world, ['- ', '1. ', '# ', '## ', '[ ] ']) ?? ''
  if (!placeCaret(world, person)) return
  select(person, person.hand.editor.state.selection.$from.start())
  person.hand.type(beginning)
  person.hand.type(newWords(world, person, 1))
}

const tableChange = (change: TableChange): Act =>
  there((_, { hand }) => {
    if (hand.editor.isActive('table')) changeTable(hand.editor, change)
  })

/** Tables can stand in cells of others. */
function cellsOfOneTable(doc: Node, world: World): readonly number[] {
  const tables = new Map<number, number[]>()
  doc.descendants((node, position) => {
    if (!/^table(Cell|Header)$/.test(node.type.name)) return !node.isTextblock
    const row = doc.resolve(position)
    const table = row.before(row.depth - 1)
    tables.set(table, [...(tables.get(table) ?? []), position])
    return true
  })
  return pick(world, [...tables.values()]) ?? []
}

const onCells =
  (run: (person: Person) => void): Act =>
  (world, person) => {
    mendTables(person.hand.editor)
    const cells = cellsOfOneTable(shown(person), world)
    const [from, to] = [pick(world, cells), pick(world, cells)]
    if (from === undefined || to === undefined) return
    const { state, view } = person.hand.editor
    view.dispatch(state.tr.setSelection(CellSelection.create(state.doc, from, to)))
    run(person)
  }

function pasted(world: World, person: Person): Slice {
  const { schema } = person.hand.editor
  const type = (name: string): NodeType => schema.nodes[name]!
  const line = () => type('paragraph').create(null, schema.text(newWords(world, person, upTo(world, 2))))
  const list = (name: string, item: string) =>
    type(name).create(null, [type(item).create(null, [line()]), type(item).create(null, [line(), line()])])
  const shapes: readonly (() => Slice)[] = [
    () => new Slice(Fragment.from(line()), 1, 1),
    () => new Slice(Fragment.from([line(), line()]), 1, 1),
    () => new Slice(Fragment.from([line(), line()]), 0, 0),
    () => new Slice(Fragment.from(list('bulletList', 'listItem')), 3, 3),
    () => new Slice(Fragment.from(list('taskList', 'taskItem')), 0, 0),
    () => new Slice(Fragment.from([line(), list('orderedList', 'listItem')]), 1, 2),
  ]
  return (pick(world, shapes) ?? shapes[0]!)()
}

const paste: Act = chosen((world, person) => {
  const { state, view } = person.hand.editor
  view.dispatch(state.tr.replaceSelection(pasted(world, person)))
})

/** As dragging one does, or cutting and pasting it. */
const moveBlock: Act = (world, person) => {
  const { state, view } = person.hand.editor
  const blocks: number[] = []
  state.doc.descendants((node, position) => {
    if (NodeSelection.isSelectable(node) && node.isBlock && !/^table(Row|Cell|Header)$/.test(node.type.name))
      blocks.push(position)
    return !node.isTextblock
  })
  const from = pick(world, blocks)
  if (from === undefined) return
  const selection = NodeSelection.create(state.doc, from)
  const slice = selection.content()
  const transaction = state.tr.setSelection(selection).deleteSelection()
  const to = pick(world, caretPlaces(transaction.doc))
  if (to === undefined) return
  const before = transaction.doc
  transaction.replaceRange(to, to, slice)
  if (!transaction.doc.eq(before)) view.dispatch(transaction)
}

const replaceOne: Act = (world, person) => {
  const { state, view } = person.hand.editor
  const wanted = pick(world, lettersOf(state.doc.textContent))
  if (wanted === undefined) return
  view.dispatch(replaceMatches(state.tr, findMatches(state.doc, wanted), newWords(world, person, 2)))
}

/** Which bytes they are makes no difference to the words. */
const PICTURES = ['a'.repeat(64), 'b'.repeat(64)] as const

const putPicture: Act = there((world, { hand }) => {
  const hash = pick(world, PICTURES) ?? PICTURES[0]
  insertPicture(hand.editor.view, { hash, alt: '', isDecoration: false, size: 'wide' })
})

const onPicture =
  (run: (world: World, view: Person['hand']['editor']['view'], picture: Picture, position: number) => void): Act =>
  (world, person) => {
    const pictures: (readonly [Picture, number])[] = []
    shown(person).descendants((node, position) => {
      if (node.type.name === PICTURE) pictures.push([pictureOf(node.attrs), position])
    })
    const found = pick(world, pictures)
    if (found !== undefined) run(world, person.hand.editor.view, ...found)
  }

const sayAnew = onPicture((world, view, picture, position) => {
  const size = pick(world, SIZES) ?? 'wide'
  changePicture(view, position, { ...picture, alt: `lake ${upTo(world, 9)}`, size })
})

const removeEverything: Act = (_, { hand }) => {
  const { state, view } = hand.editor
  view.dispatch(state.tr.setSelection(new AllSelection(state.doc)))
  hand.press('Backspace')
}

const keep: Act = (world, { doc }) => {
  keepVersion(doc, { why: 'kept', at: world.typedBy.size, name: 'kept' })
}

/** The version's words are there afterwards, those of a moment ago are kept, and taking it back brings those back. */
const restore: Act = (world, person) => {
  const version = pick(world, versionsOf(person.doc, world.attribution).list)
  if (version === undefined) return
  const before = lettersIn(person.words).join('')
  const restored = restoreVersion(person.doc, version, world.typedBy.size)
  if (!restored.ok) {
    // It may have come before words of others that it names.
    if (restored.error === 'not-here' && person.inbox.length > 0) return
    world.problems.push(`a version does not come back: ${restored.error}`)
    return
  }
  if (world.random() < 0.3) {
    restored.value.undo()
    const after = lettersIn(person.words).join('')
    if (after !== before) world.problems.push(`taking a restoring back left ${after} instead of ${before}`)
  }
}

const actions = (list: Readonly<Record<string, readonly [often: number, run: Act]>>): readonly Action[] =>
  Object.entries(list).map(([name, [often, run]]) => ({ name, often, run }))

export const ACTIONS: readonly Action[] = actions({
  type: [12, typeNewWords],
  markdown: [4, markdown],
  'type over': [2, chosen((world, person) => person.hand.type(newWords(world, person, 2)))],
  enter: [6, key('Enter')],
  'break a line': [2, key('Shift-Enter')],
  'erase backwards': [4, erase('Backspace')],
  'erase forwards': [3, erase('Delete')],
  'delete words': [3, keyOnWords('Backspace')],
  bold: [2, keyOnWords('Mod-b')],
  italic: [1, keyOnWords('Mod-i')],
  link: [2, chosen((_, { hand }) => void hand.editor.commands.setMark('link', { href: 'https://example.org' }))],
  heading: [2, (world, person) => key(`Mod-Alt-${upTo(world, 3)}`)(world, person)],
  'plain paragraph': [1, key('Mod-Alt-0')],
  'bullet list': [2, keyOnWords('Mod-Shift-8')],
  'numbered list': [2, keyOnWords('Mod-Shift-7')],
  'task list': [2, keyOnWords('Mod-Shift-9')],
  'item in': [3, key('Mod-]')],
  'item out': [3, key('Mod-[')],
  tick: [2, key('Mod-Enter')],
  'insert table': [1, there((_, { hand }) => insertTable(hand.editor))],
  'row before': [1, tableChange('addRowBefore')],
  'row after': [1, tableChange('addRowAfter')],
  'column before': [1, tableChange('addColumnBefore')],
  'column after': [1, tableChange('addColumnAfter')],
  'delete row': [2, tableChange('deleteRow')],
  'delete column': [2, tableChange('deleteColumn')],
  'delete table': [1, tableChange('deleteTable')],
  'header row': [1, tableChange('toggleHeaderRow')],
  'merge cells': [1, onCells(({ hand }) => void mergeCells(hand.editor.state, hand.editor.view.dispatch))],
  'summary first': [2, (_, { hand }) => addSummary(hand.editor, 'In short')],
  'box of a summary away': [1, there((_, { hand }) => void takeBoxAway(hand.editor))],
  'split cell': [1, onCells(({ hand }) => void splitCell(hand.editor.state, hand.editor.view.dispatch))],
  'empty cells': [1, onCells(({ hand }) => void hand.press('Backspace'))],
  paste: [3, paste],
  'move a block': [2, moveBlock],
  'put a picture in': [2, putPicture],
  'say what a picture shows': [1, sayAnew],
  'take a picture out': [1, onPicture((_, view, picture, position) => void removePicture(view, position, picture))],
  'find and replace': [1, replaceOne],
  'remove everything': [0.3, removeEverything],
  undo: [3, (_, { hand }) => void hand.press('Mod-z')],
  redo: [1, (_, { hand }) => void hand.press('Mod-y')],
  'keep a version': [1, keep],
  'restore a version': [1, restore],
})

/** For papers that people talk about: most paragraphs stay what they are, so that what is proposed for them can be used. */
export const TALKING: readonly Action[] = [
  ...ACTIONS.filter(({ name }) =>
    ['type', 'type over', 'enter', 'erase backwards', 'delete words', 'bold', 'link', 'undo'].includes(name),
  ),
  ...actions({
    comment: [4, comment],
    'propose words': [8, proposeWords],
    'use proposed words': [8, useWords],
    'mend doubled words': [2, mend],
  }),
]

/** Of each paper's people: much of this, some of that, and most things never, so that over many papers anything meets anything. */
export function habitsOf(seed: number): readonly Action[] {
  const random = seededRandom(seed * 7919 + 1)
  return ACTIONS.map(({ name, often, run }) => {
    const chance = random()
    if (name === 'type') return { name, often: often / 2, run }
    return { name, often: often * (chance < 0.55 ? 0 : chance < 0.85 ? 1 : 6), run }
  })
}

export function nextAction(world: World, among: readonly Action[] = ACTIONS): Action {
  const total = among.reduce((sum, { often }) => sum + often, 0)
  let at = world.random() * total
  return among.find(({ often }) => (at -= often) < 0) ?? among[0]!
}

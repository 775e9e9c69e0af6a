/** What differs between two moments of a paper, by comparing their words, each difference with whose doing it was. Pure. */
import type { Node } from '@tiptap/pm/model'
import { ChangeSet, simplifyChanges } from '@tiptap/pm/changeset'
import { StepMap } from '@tiptap/pm/transform'
import * as Y from 'yjs'
import type { MemberId } from '../../../../../shared/base/ids.ts'
import type { Attribution } from '../../../../../shared/model/contexts.ts'
import { PICTURE, pictureOf } from '../../../../ui/editor/pictures/picture.ts'
import { editorSchema } from '../../../../ui/editor/schema.ts'
import type { Change, PictureChange } from '../changes.ts'
import type { OpenedVersion } from './open.ts'
import { slideToWords } from './slide.ts'

type Whole = Extract<OpenedVersion, { readonly state: 'whole' }>

/** Positions of what was removed are in the older text, all others in the newer one. */
export type Difference = Change & { readonly kind: 'added' | 'removed' | PictureChange }

export const isOfOlder = ({ kind }: Difference): boolean => kind === 'removed' || kind === 'picture-removed'

export interface Comparison {
  /** In reading order. */
  readonly differences: readonly Difference[]
  /** 'set-out': the words are the same; bold, lists, headings and the like are not. */
  readonly result: 'same' | 'set-out' | 'differ'
}

interface Letter {
  readonly item: Y.Item
  readonly clock: number
  /** The end of a block, whose beginning has the same item. */
  readonly isEnd?: boolean
}

type Letters = ReadonlyMap<number, Letter>

/** What stands at each position of the editor's document: a letter, or the beginning or end of a block. */
function lettersOf(words: Y.XmlFragment): Letters {
  const { nodes } = editorSchema()
  const letters = new Map<number, Letter>()
  let position = 0
  const read = (parent: Y.XmlFragment | Y.XmlText): void => {
    for (let item = parent._start; item !== null; item = item.right) {
      if (item.deleted) continue
      const { content } = item
      if (content instanceof Y.ContentString)
        for (let index = 0; index < item.length; index++)
          letters.set(position++, { item, clock: item.id.clock + index })
      if (!(content instanceof Y.ContentType)) continue
      const { type } = content
      if (type instanceof Y.XmlText) read(type)
      else if (type instanceof Y.XmlElement) {
        const isLeaf = nodes[type.nodeName]?.isLeaf === true
        // The binding puts another picture into the same element: it is as old, and whose, as what says which picture.
        const said = type.nodeName === PICTURE ? (type._map.get('hash') ?? item) : item
        letters.set(position++, { item: said, clock: said.id.clock })
        if (isLeaf) continue
        read(type)
        letters.set(position++, { item, clock: item.id.clock, isEnd: true })
      }
    }
  }
  read(words)
  return letters
}

type Owner = (position: number) => MemberId | undefined

const writerOf =
  (letters: Letters, attribution: Attribution): Owner =>
  (position) => {
    const letter = letters.get(position)
    return letter === undefined ? undefined : attribution.insertedBy(letter.item.id.client)
  }

/** Also where the letter went with the paragraph that held it. Undefined where the newer text never had it. */
function removerOf(letters: Letters, newer: Y.Doc, attribution: Attribution): Owner {
  const remover = (item: Y.Item, clock: number): MemberId | undefined => {
    if (clock >= Y.getState(newer.store, item.id.client)) return undefined
    const direct = attribution.deletedBy(item.id.client, clock)
    if (direct !== undefined) return direct
    const holder = item.parent instanceof Y.AbstractType ? item.parent._item : null
    return holder === null ? undefined : remover(holder, holder.id.clock)
  }
  return (position) => {
    const letter = letters.get(position)
    return letter === undefined ? undefined : remover(letter.item, letter.clock)
  }
}

const nameOfLetter = ({ item, clock, isEnd = false }: Letter): string => `${item.id.client}-${clock}${isEnd ? '/' : ''}`

/**
 * What lies between the letters that both texts have. Two texts alone do not say which of two equal letters is the new one; the
 * paper's own letters do, and they never change places. Each range is a step of its own, made after those before it.
 */
function changedRanges(older: Letters, newer: Letters, sizeA: number, sizeB: number): readonly StepMap[] {
  const inNewer = new Map([...newer].map(([position, letter]) => [nameOfLetter(letter), position]))
  const ranges: StepMap[] = []
  let a = 0
  let b = 0
  const between = (nextA: number, nextB: number): void => {
    if (nextA > a || nextB > b) ranges.push(new StepMap([b, nextA - a, nextB - b]))
  }
  for (const [position, letter] of older) {
    const there = inNewer.get(nameOfLetter(letter))
    if (there === undefined || there < b) continue
    between(position, there)
    a = position + 1
    b = there + 1
  }
  between(sizeA, sizeB)
  return ranges
}

interface Side {
  readonly kind: 'added' | 'removed'
  readonly node: Node
  readonly ownerOf: Owner
  /** Start and text of each heading. */
  readonly headings: readonly (readonly [number, string])[]
}

function sideOf(kind: Side['kind'], node: Node, ownerOf: Owner): Side {
  const headings: [number, string][] = []
  node.descendants((child, position) => {
    if (child.type.name === 'heading') headings.push([position, child.textContent.trim()])
  })
  return { kind, node, ownerOf, headings }
}

/** The words between two positions: one difference for each block of text and each person. */
function differencesIn({ kind, node, ownerOf, headings }: Side, from: number, to: number): readonly Difference[] {
  const found: Difference[] = []
  const under = (position: number): string => headings.findLast(([at]) => at <= position)?.[1] ?? ''
  node.nodesBetween(from, to, (block, position) => {
    if (block.type.name === PICTURE && position >= from && position < to) {
      const { alt: text, hash: picture } = pictureOf(block.attrs)
      const shared = { block: '', under: under(position), by: ownerOf(position), from: position, to: position + 1 }
      found.push({ ...shared, kind: `picture-${kind}`, text, picture })
    }
    if (!block.isTextblock) return true
    const start = Math.max(from, position + 1)
    const end = Math.min(to, position + 1 + block.content.size)
    const shared = {
      kind,
      block: block.textContent.trim(),
      under: under(position),
    }
    for (let at = start; at < end;) {
      const by = ownerOf(at)
      let next = at + 1
      while (next < end && ownerOf(next) === by) next++
      const text = node.textBetween(at, next, ' ', ' ')
      if (text.trim() !== '') found.push({ ...shared, by, text, from: at, to: next })
      at = next
    }
    return false
  })
  return found
}

/** A picture is another one where its bytes are. */
const tokens = {
  encodeCharacter: (letter: number): number | string => letter,
  encodeNodeStart: ({ type, attrs }: Node): number | string =>
    type.name === PICTURE ? `${PICTURE} ${pictureOf(attrs).hash}` : type.name,
  encodeNodeEnd: ({ type }: Node): number | string => `/${type.name}`,
  compareTokens: (a: number | string, b: number | string): boolean => a === b,
}

/** Pictures that are in both texts, and are said to show something else in the newer one. */
function describedAnew(
  older: Node,
  newer: Node,
  was: Letters,
  is: Letters,
  attribution: Attribution,
): readonly Difference[] {
  const before = new Map<string, string>()
  older.descendants((node, position) => {
    const letter = was.get(position)
    if (node.type.name === PICTURE && letter !== undefined) before.set(nameOfLetter(letter), pictureOf(node.attrs).alt)
  })
  const found: Difference[] = []
  newer.descendants((node, from) => {
    const letter = is.get(from)
    if (node.type.name !== PICTURE || letter === undefined) return
    const { alt: text, hash: picture } = pictureOf(node.attrs)
    if (text === (before.get(nameOfLetter(letter)) ?? text)) return
    const { parent } = letter.item
    const writer = parent instanceof Y.XmlElement ? parent._map.get('alt')?.id.client : undefined
    const by = writer === undefined ? undefined : attribution.insertedBy(writer)
    found.push({ kind: 'picture-described', by, text, picture, block: '', under: '', from, to: from + 1 })
  })
  return found
}

/** All words and pictures in their order, whatever they stand in. */
function inOrder(doc: Node): string {
  let all = ''
  doc.descendants(({ type, text = '', attrs }) => {
    all += type.name === PICTURE ? pictureOf(attrs).hash : text.replaceAll(/\s+/g, '')
  })
  return all
}

export function compare(older: Whole, newer: Whole, attribution: Attribution): Comparison {
  if (older.node.eq(newer.node)) return { differences: [], result: 'same' }
  const was = lettersOf(older.words)
  const is = lettersOf(newer.words)
  const before = sideOf('removed', older.node, removerOf(was, newer.doc, attribution))
  const after = sideOf('added', newer.node, writerOf(is, attribution))
  const ranges = changedRanges(was, is, older.node.content.size, newer.node.content.size)
  // Among these, words that were written again (a version brought back, a paragraph made into a list) are no difference.
  const { changes } = ChangeSet.create<null>(older.node, undefined, tokens).addSteps(newer.node, ranges, null)
  // Words that only went from one line into another beside it, over an empty one, are no difference either.
  const told = inOrder(older.node) === inOrder(newer.node) ? [] : changes
  const differences = simplifyChanges(slideToWords(told, older.node, newer.node), newer.node).flatMap(
    ({ fromA, toA, fromB, toB }) => {
      const removed = differencesIn(before, fromA, toA)
      const added = differencesIn(after, fromB, toB)
      // A paragraph that was split or joined: nobody's words came or went.
      return wordsIn(removed) === wordsIn(added) ? [] : [...removed, ...added]
    },
  )
  const all = [...differences, ...describedAnew(older.node, newer.node, was, is, attribution)]
  return { differences: all, result: all.length === 0 ? 'set-out' : 'differ' }
}

const wordsIn = (differences: readonly Difference[]): string =>
  differences
    .map(({ text, picture = '' }) => text + picture)
    .join('')
    .replaceAll(/\s+/g, '')

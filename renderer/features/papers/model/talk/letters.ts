/** All letters of a paper in reading order, also those that were taken out, each with its position in the editor's document. */
import * as Y from 'yjs'
import { editorSchema } from '../../../../ui/editor/schema.ts'
import { wasThere } from '../moment.ts'

export interface Letters {
  readonly item: Y.Item
  /** A break within a paragraph counts as one letter, '\n'. */
  readonly text: string
  /** Where the first of them stands. Of those that were taken out: where they would stand. */
  readonly from: number
  readonly isVisible: boolean
  /** The paragraph, heading or the like that holds them. */
  readonly block: Y.XmlElement
}

interface Walk {
  readonly found: Letters[]
  position: number
}

const isInline = (name: string): boolean => editorSchema().nodes[name]?.isInline === true
const isLeaf = (name: string): boolean => editorSchema().nodes[name]?.isLeaf === true

function add(walk: Walk, item: Y.Item, text: string, block: Y.XmlElement, isVisible: boolean): void {
  walk.found.push({ item, text, from: walk.position, isVisible, block })
  if (isVisible) walk.position += item.length
}

function readText(walk: Walk, text: Y.XmlText, block: Y.XmlElement, isVisible: boolean): void {
  for (let item = text._start; item !== null; item = item.right) {
    if (item.content instanceof Y.ContentString) add(walk, item, item.content.str, block, isVisible && !item.deleted)
  }
}

function readChildren(walk: Walk, parent: Y.XmlFragment, isVisible: boolean): void {
  for (let item = parent._start; item !== null; item = item.right) {
    if (!(item.content instanceof Y.ContentType)) continue
    const { type } = item.content
    const isHere = isVisible && !item.deleted
    if (type instanceof Y.XmlText && parent instanceof Y.XmlElement) readText(walk, type, parent, isHere)
    else if (type instanceof Y.XmlElement && isLeaf(type.nodeName)) {
      // A picture and the like stands beside words, not among them.
      if (parent instanceof Y.XmlElement && isInline(type.nodeName)) add(walk, item, '\n', parent, isHere)
      else if (isHere) walk.position += 1
    } else if (type instanceof Y.XmlElement) {
      if (isHere) walk.position += 1
      readChildren(walk, type, isHere)
      if (isHere) walk.position += 1
    }
  }
}

export function lettersOf(content: Y.XmlFragment): readonly Letters[] {
  const walk: Walk = { found: [], position: 0 }
  readChildren(walk, content, true)
  return walk.found
}

/** Between two paragraphs stands a line break. */
export function textOf(letters: readonly Pick<Letters, 'text' | 'block'>[]): string {
  let text = ''
  let last: Y.XmlElement | undefined
  for (const { text: more, block } of letters) {
    if (last !== undefined && last !== block) text += '\n'
    text += more
    last = block
  }
  return text
}

/** Those of them that were there at that moment, cut where they were. */
export function lettersThen(letters: readonly Letters[], then: Y.Snapshot): readonly Pick<Letters, 'text' | 'block'>[] {
  return letters.flatMap(({ item, text, block }) => {
    const { client, clock } = item.id
    if (clock >= (then.sv.get(client) ?? 0)) return []
    const kept = text.split('').filter((_, index) => wasThere(then, client, clock + index))
    return kept.length === 0 ? [] : [{ text: kept.join(''), block }]
  })
}

export const visibleOf = (letters: readonly Letters[]): readonly Letters[] =>
  letters.filter(({ isVisible }) => isVisible)

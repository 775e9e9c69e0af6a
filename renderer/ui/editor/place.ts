/** Where a person was in a paper: kept as positions that move with the text, so others' edits above do not shift it. */
import {
  absolutePositionToRelativePosition,
  relativePositionToAbsolutePosition,
  ySyncPluginKey,
} from '@tiptap/y-tiptap'
import { TextSelection } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import type { Bytes } from '../../../shared/base/bytes.ts'
import type { Passage } from '../wanted-passage.ts'
import { bracketed, PICTURE, pictureOf } from './pictures/picture.ts'

const FORMAT = 1

interface Binding {
  readonly doc: Y.Doc
  readonly type: Y.XmlFragment
  readonly mapping: never
}

const bindingOf = (view: EditorView): Binding | undefined => {
  const state: { binding?: Binding } | undefined = ySyncPluginKey.getState(view.state)
  return state?.binding
}

/** The first block that is on screen below the buttons; undefined while the top of the paper is. */
function topOnScreen(view: EditorView): number | undefined {
  if (view.dom.getBoundingClientRect().top >= 0) return undefined
  const toolbar = view.dom.closest('.t-editor')?.querySelector('[role=toolbar]')
  const edge = Math.max(toolbar?.getBoundingClientRect().bottom ?? 0, 0)
  const first = [...view.dom.children].find((child) => child.getBoundingClientRect().bottom > edge)
  return first === undefined ? undefined : view.posAtDOM(first, 0)
}

export function readPlace(view: EditorView): Bytes | undefined {
  const binding = bindingOf(view)
  if (binding === undefined || !view.dom.isConnected) return undefined
  const relative = (position: number): Uint8Array => {
    const found: Y.RelativePosition = absolutePositionToRelativePosition(position, binding.type, binding.mapping)
    return Y.encodeRelativePosition(found)
  }
  const top = topOnScreen(view)
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, FORMAT)
  encoding.writeVarUint8Array(encoder, relative(view.state.selection.head))
  encoding.writeVarUint8Array(encoder, top === undefined ? new Uint8Array() : relative(top))
  return encoding.toUint8Array(encoder)
}

function decode(bytes: Uint8Array): { caret: Y.RelativePosition; top: Y.RelativePosition | undefined } | undefined {
  try {
    const decoder = decoding.createDecoder(bytes)
    if (decoding.readVarUint(decoder) !== FORMAT) return undefined
    const caret = Y.decodeRelativePosition(decoding.readVarUint8Array(decoder))
    const top = decoding.readVarUint8Array(decoder)
    return { caret, top: top.length === 0 ? undefined : Y.decodeRelativePosition(top) }
  } catch {
    // Garbled bytes mean that the place is not known; nothing else depends on them.
    return undefined
  }
}

/** Puts the caret back and scrolls there. Takes no focus. False where the place is gone or was never kept. */
export function returnToPlace(view: EditorView, bytes: Uint8Array): boolean {
  const place = decode(bytes)
  const binding = bindingOf(view)
  if (place === undefined || binding === undefined) return false
  const absolute = (position: Y.RelativePosition): number | undefined => {
    const found: number | null = relativePositionToAbsolutePosition(
      binding.doc,
      binding.type,
      position,
      binding.mapping,
    )
    return found === null || found > view.state.doc.content.size ? undefined : found
  }
  const caret = absolute(place.caret)
  if (caret === undefined) return false
  view.dispatch(
    view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(caret))).setMeta('addToHistory', false),
  )
  const top = place.top === undefined ? undefined : absolute(place.top)
  if (top !== undefined) scrollTo(view, top, 'start')
  return true
}

/** What toText() puts before a line of a list. */
const BULLET = /^(?:- |\d+\. |\[[ x]\] )+/

/** The position of the word in the block that has the sentence, else in the first that has the word. */
function findWords(doc: EditorView['state']['doc'], { sentence, word }: Passage): number | undefined {
  const line = sentence.replace(BULLET, '')
  let found: { readonly position: number; readonly isSure: boolean } | undefined
  doc.descendants((node, position) => {
    const isPicture = node.type.name === PICTURE
    if ((!node.isTextblock && !isPicture) || found?.isSure === true) return found?.isSure !== true
    const text = isPicture ? bracketed(pictureOf(node.attrs)) : node.textBetween(0, node.content.size, undefined, '\n')
    const at = text.indexOf(word, Math.max(0, text.indexOf(line)))
    const isSure = at >= 0 && (text.includes(line) || line.includes(text))
    if (at >= 0 && (found === undefined || isSure))
      found = { position: isPicture ? position : position + 1 + at, isSure }
    return false
  })
  return found?.position
}

/**
 * Puts the caret before the word and scrolls there, with the focus where something can be written: left behind, it would be out of
 * sight. Chooses no words: typing would replace them.
 */
export function goToWords(view: EditorView, passage: Passage): void {
  const position = findWords(view.state.doc, passage)
  if (position === undefined) return
  const { tr, doc } = view.state
  view.dispatch(tr.setSelection(TextSelection.near(doc.resolve(position))).setMeta('addToHistory', false))
  if (view.editable) view.focus()
  scrollTo(view, position, 'center')
}

export function scrollTo(view: EditorView, position: number, block: 'start' | 'center'): void {
  const { node } = view.domAtPos(Math.min(position, view.state.doc.content.size))
  const element = node instanceof Element ? node : node.parentElement
  element?.scrollIntoView({ block, behavior: 'instant' })
}

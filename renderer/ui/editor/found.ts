/** Keeps what is found in step with the text and marks it there. Nothing of it is stored. */
import type { Editor } from '@tiptap/core'
import { type EditorState, Plugin, PluginKey, type Transaction } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'
import { ySyncPluginKey, yUndoPluginKey } from '@tiptap/y-tiptap'
import type { UndoManager } from 'yjs'
import { findMatches, type Match, matchAfter, matchBefore, replaceMatches } from './find.ts'

interface Found {
  readonly wanted: string
  readonly matches: readonly Match[]
  /** The one that is shown; -1 while there is none. */
  readonly at: number
  readonly decorations: DecorationSet
}

const key = new PluginKey<Found>('found')

const NOTHING: Found = { wanted: '', matches: [], at: -1, decorations: DecorationSet.empty }

function found({ doc }: EditorState, wanted: string, matches: readonly Match[], at: number): Found {
  const decorations = matches.map(({ from, to }, index) =>
    Decoration.inline(from, to, { class: index === at ? 't-found t-found-here' : 't-found' }),
  )
  return { wanted, matches, at, decorations: DecorationSet.create(doc, decorations) }
}

export const foundPlugin = (): Plugin<Found> =>
  new Plugin<Found>({
    key,
    state: {
      init: () => NOTHING,
      apply(transaction, before, _, state) {
        const change: { wanted: string; near: number } | { at: number } | undefined = transaction.getMeta(key)
        if (change !== undefined && 'at' in change) return found(state, before.wanted, before.matches, change.at)
        const wanted = change?.wanted ?? before.wanted
        if (wanted === '') return NOTHING
        if (change === undefined && !transaction.docChanged) return before
        const matches = findMatches(state.doc, wanted)
        const last = before.matches[before.at]?.from ?? 0
        // Others' edits arrive as one replacement of the whole text, through which no position can be followed.
        const isOthers = transaction.getMeta(ySyncPluginKey) !== undefined
        const near = change?.near ?? (isOthers ? last : transaction.mapping.map(last))
        return found(state, wanted, matches, matchAfter(matches, near))
      },
    },
    props: { decorations: (state) => key.getState(state)?.decorations },
  })

const stateOf = (editor: Editor): Found => key.getState(editor.state) ?? NOTHING

/** How many there are, and which of them is shown, counted from 1; 0: none. */
export function readFound(editor: Editor): { readonly count: number; readonly shown: number } {
  const { matches, at } = stateOf(editor)
  return { count: matches.length, shown: at + 1 }
}

function show(editor: Editor): void {
  editor.view.dom.querySelector('.t-found-here')?.scrollIntoView({ block: 'center', behavior: 'instant' })
}

const dispatch = (editor: Editor, transaction: Transaction): void =>
  editor.view.dispatch(transaction.setMeta('addToHistory', false))

/** Shows the first from the caret on. Empty: nothing is marked any more. */
export function lookFor(editor: Editor, wanted: string): void {
  dispatch(editor, editor.state.tr.setMeta(key, { wanted, near: editor.state.selection.from }))
  show(editor)
}

export function step(editor: Editor, to: 'next' | 'previous'): void {
  const { matches, at } = stateOf(editor)
  const here = matches[at]
  if (here === undefined) return
  const next = to === 'next' ? matchAfter(matches, here.to) : matchBefore(matches, here.from)
  dispatch(editor, editor.state.tr.setMeta(key, { at: next }))
  show(editor)
}

/** What was typed just before stays a step of its own, and so does what comes after. */
function asOneStep(editor: Editor, act: () => void): void {
  const { undoManager }: { undoManager?: UndoManager } = yUndoPluginKey.getState(editor.state) ?? {}
  undoManager?.stopCapturing()
  act()
  undoManager?.stopCapturing()
}

/** Replaces what is shown and goes on to the next. How many were replaced: 1 or 0. */
export function replaceShown(editor: Editor, words: string): number {
  const { matches, at, wanted } = stateOf(editor)
  const here = matches[at]
  if (here === undefined) return 0
  asOneStep(editor, () => {
    const { tr } = editor.state
    // Past the new words: they may hold the old ones.
    editor.view.dispatch(replaceMatches(tr, [here], words).setMeta(key, { wanted, near: here.from + words.length }))
  })
  show(editor)
  return 1
}

export function replaceAll(editor: Editor, words: string): number {
  const { matches } = stateOf(editor)
  if (matches.length === 0) return 0
  asOneStep(editor, () => editor.view.dispatch(replaceMatches(editor.state.tr, matches, words)))
  return matches.length
}

/** Ends the search; the caret goes to what was shown. */
export function stopLooking(editor: Editor): void {
  const { matches, at } = stateOf(editor)
  const here = matches[at]
  dispatch(editor, editor.state.tr.setMeta(key, { wanted: '', near: 0 }))
  if (here !== undefined) editor.commands.setTextSelection(here)
}

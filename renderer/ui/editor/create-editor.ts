/** One editor bound to one shared text. Effects live here; what the text can hold is schema.ts. */
import { Editor, Extension } from '@tiptap/core'
import { Plugin } from '@tiptap/pm/state'
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view'
import { ySyncPluginKey } from '@tiptap/y-tiptap'
import type * as Y from 'yjs'
import { boundExtensions } from './bound-extensions.ts'
import { keepWordMarks, type LeftOut, pasteParser } from './clipboard.ts'
import { isKnownContent, watchForUnknown } from './content-guard.ts'
import { foundPlugin } from './found.ts'
import { highlightsPlugin } from './highlights.ts'
import type { BlockNames } from './schema.ts'
import { speechPlugin } from './speech.ts'

export interface EditorOptions {
  readonly element: HTMLElement
  readonly fragment: Y.XmlFragment
  /** Of the interface: where its sentences end, which voice reads it. */
  readonly language: string
  /** Accessible name. */
  readonly label: string
  /** Id of a short text on how to leave and where the buttons are. */
  readonly describedBy: string
  readonly names: BlockNames
  /** Shown while there is nothing else. */
  readonly placeholder: string
  readonly readOnly: boolean
  readonly onLink: () => void
  readonly onToolbar: () => void
  /** After each paste; nothing left out is told, too. */
  readonly onLeftOut: (left: LeftOut) => void
  /** The text now holds what this version does not know; the editor has let go of it. */
  readonly onUnknown: () => void
}

const placeholderPlugin = (placeholder: string): Plugin =>
  new Plugin({
    props: {
      decorations({ doc }) {
        const only = doc.childCount === 1 ? doc.firstChild : null
        if (only?.type.name !== 'paragraph' || only.childCount > 0 || only.attrs['prompt'] !== null) return null
        return DecorationSet.create(doc, [Decoration.node(0, only.nodeSize, { 'data-prompt': placeholder })])
      },
    },
  })

const bindingExtension = (options: EditorOptions): Extension =>
  Extension.create({
    name: 'teatray',
    addKeyboardShortcuts: () => ({
      // Where no words are chosen the same keys are the app's: they find something.
      'Mod-k': ({ editor }) => {
        if (editor.state.selection.empty && !editor.isActive('link')) return false
        options.onLink()
        return true
      },
      'Alt-F10': () => {
        options.onToolbar()
        return true
      },
    }),
    addProseMirrorPlugins: () => [
      placeholderPlugin(options.placeholder),
      highlightsPlugin(),
      foundPlugin(),
      speechPlugin(options.language),
    ],
  })

/**
 * A browser puts the caret at the start of a text that gets the focus by Tab, and the editor would believe it. So the
 * editor's own caret, where the person was, is put back at once; a pointer's place is the person's own choice.
 */
function caretKeeper() {
  let pointer = false
  return {
    mousedown: () => {
      pointer = true
      setTimeout(() => {
        pointer = false
      }, 300)
      return false
    },
    focus: (view: EditorView) => {
      if (!pointer) view.focus()
      return false
    },
  }
}

/** A picture copied by itself, such as one of the screen. With words beside it, the words are pasted. */
function picturesAlone(data: DataTransfer | null): number {
  if (data === null || data.types.some((type) => type.startsWith('text/'))) return 0
  return [...data.files].filter(({ type }) => type.startsWith('image/')).length
}

interface Binding {
  destroy(): void
}

/** Undefined where the text holds what this version does not know: then it must be shown in another way, and not edited. */
export function createEditor(options: EditorOptions): { editor: Editor; destroy(): void } | undefined {
  if (!isKnownContent(options.fragment)) return undefined
  const editor = new Editor({
    element: options.element,
    injectCSS: false,
    editable: !options.readOnly,
    // As JSON: Tiptap would parse an empty string with DOMParser, which `require-trusted-types-for 'script'` forbids.
    content: { type: 'doc', content: [{ type: 'paragraph' }] },
    extensions: [...boundExtensions(options.fragment, options.names), bindingExtension(options)],
    editorProps: {
      transformPastedHTML: keepWordMarks,
      handleDOMEvents: caretKeeper(),
      handlePaste: (_view, { clipboardData }) => {
        const pictures = picturesAlone(clipboardData)
        if (pictures > 0) options.onLeftOut({ pictures, links: 0 })
        return pictures > 0
      },
      attributes: {
        ...(options.readOnly
          ? { role: 'document' }
          : { role: 'textbox', 'aria-multiline': 'true', 'aria-describedby': options.describedBy }),
        'aria-label': options.label,
        class: 't-editor-text',
        spellcheck: 'true',
      },
    },
  })
  const clipboardParser = pasteParser(editor.schema, options.onLeftOut)
  editor.setOptions({ editorProps: { ...editor.options.editorProps, clipboardParser } })
  const stopWatching = watchForUnknown(options.fragment, () => {
    const state: { binding?: Binding } | undefined = ySyncPluginKey.getState(editor.state)
    // Before the binding hears of it; it would delete what it cannot show.
    state?.binding?.destroy()
    queueMicrotask(() => {
      // At once, and with no other change of state before it: any would be written over the paper.
      destroy()
      options.onUnknown()
    })
  })
  const destroy = (): void => {
    if (editor.isDestroyed) return
    stopWatching()
    editor.destroy()
  }
  return { editor, destroy }
}

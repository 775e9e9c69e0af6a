/** One editor bound to one shared text. Effects live here; what the text can hold is schema.ts. */
import { Editor, Extension } from '@tiptap/core'
import { Plugin, TextSelection } from '@tiptap/pm/state'
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view'
import { ySyncPluginKey } from '@tiptap/y-tiptap'
import type * as Y from 'yjs'
import { dropPictures, type Dropped, takeDroppedPictures } from '../files/dropped-pictures.ts'
import { boundExtensions } from './bound-extensions.ts'
import { keepWordMarks, type LeftOut, pasteParser } from './clipboard.ts'
import { isKnownContent, watchForUnknown } from './content-guard.ts'
import { foundPlugin } from './found.ts'
import { pastePictures, pictureSerializer, picturesAlone } from './pictures/paste.ts'
import { hasPicture } from './pictures/kept.ts'
import { picturePlugin, type PictureWords } from './pictures/picture-view.ts'
import { createPictureSources } from './pictures/sources.ts'
import { highlightsPlugin } from './highlights.ts'
import type { BlockNames } from './schema.ts'
import { passagesPlugin } from './passages.ts'
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
  readonly pictureWords: PictureWords
  /** Pictures by themselves, pasted or dropped: what they show is asked first. */
  readonly onPictures: (files: readonly File[]) => void
  /** Pictures that came with pasted words are being made ready, or are no longer. */
  readonly onPicturesBusy: (busy: boolean) => void
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

const bindingExtension = (options: EditorOptions, pictures: Plugin): Extension =>
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
      passagesPlugin(),
      foundPlugin(),
      speechPlugin(options.language),
      pictures,
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

interface Binding {
  destroy(): void
}

/** Undefined where the text holds what this version does not know: then it must be shown in another way, and not edited. */
export function createEditor(options: EditorOptions): { editor: Editor; destroy(): void } | undefined {
  const { doc } = options.fragment
  if (doc === null) throw new TypeError('the paper is not open')
  if (!isKnownContent(options.fragment)) return undefined
  const sources = createPictureSources(doc)
  /** Of what is being pasted at this moment. */
  let waiting: readonly Uint8Array<ArrayBuffer>[] = []
  let left: LeftOut = { pictures: 0, links: 0 }
  const editor = new Editor({
    element: options.element,
    injectCSS: false,
    editable: !options.readOnly,
    // As JSON: Tiptap would parse an empty string with DOMParser, which `require-trusted-types-for 'script'` forbids.
    content: { type: 'doc', content: [{ type: 'paragraph' }] },
    extensions: [
      ...boundExtensions(options.fragment, options.names),
      bindingExtension(options, picturePlugin(sources, options.pictureWords)),
    ],
    editorProps: {
      transformPastedHTML: keepWordMarks,
      handleDOMEvents: caretKeeper(),
      handlePaste: (view, { clipboardData }, slice) => {
        const files = picturesAlone(clipboardData)
        if (files.length > 0) {
          options.onPictures(files)
          return true
        }
        return pastePictures({ ...options, view, slice, waiting, doc, left })
      },
      handleDrop: (view, event, slice, moved) =>
        dropPictures(event) || (!moved && pastePictures({ ...options, view, slice, waiting, doc, left })),
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
  const clipboardParser = pasteParser(editor.schema, {
    onLeftOut: (found) => {
      left = found
      options.onLeftOut(found)
    },
    hasPicture: (hash) => hasPicture(doc, hash),
    onPictures: (found) => {
      waiting = found
    },
  })
  const clipboardSerializer = pictureSerializer(editor.schema, sources)
  editor.setOptions({ editorProps: { ...editor.options.editorProps, clipboardParser, clipboardSerializer } })
  const dropped = ({ files, at }: Dropped): void => {
    const { view, state } = editor
    const place = view.posAtCoords(at)
    if (place !== null) view.dispatch(state.tr.setSelection(TextSelection.near(state.doc.resolve(place.pos))))
    options.onPictures(files)
  }
  const stopTaking = options.readOnly ? () => undefined : takeDroppedPictures(editor.view.dom, dropped)
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
    stopTaking()
    editor.destroy()
    sources.close()
  }
  return { editor, destroy }
}

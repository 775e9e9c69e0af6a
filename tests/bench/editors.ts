/** The product's editor, and Tiptap with nothing but Yjs, each on one text of a page. */
import { Editor } from '@tiptap/core'
import { Collaboration } from '@tiptap/extension-collaboration'
import { TableKit } from '@tiptap/extension-table'
import { StarterKit } from '@tiptap/starter-kit'
import type * as Y from 'yjs'
import { createEditor } from '../../renderer/ui/editor/create-editor.ts'

export type Which = 'teatray' | 'plain'

export const laidOut = (editor: Editor): number => editor.view.dom.getBoundingClientRect().height

export function openEditor(
  which: Which,
  fragment: Y.XmlFragment,
  element: HTMLElement,
): { editor: Editor; destroy(): void } {
  if (which === 'plain') {
    const extensions = [StarterKit.configure({ undoRedo: false }), TableKit, Collaboration.configure({ fragment })]
    const editor = new Editor({ element, extensions })
    return { editor, destroy: () => editor.destroy() }
  }
  const none = (): void => undefined
  const opened = createEditor({
    element,
    fragment,
    language: 'en-GB',
    label: 'Paper',
    describedBy: 'help',
    placeholder: 'Write here',
    readOnly: false,
    names: { summary: 'In short' },
    onLink: none,
    onToolbar: none,
    onLeftOut: none,
    pictureWords: { describe: (alt) => alt, notHere: '', unfit: '' },
    onPictures: none,
    onPicturesBusy: none,
    onUnknown: none,
  })
  if (opened === undefined) throw new Error('the editor does not know this paper')
  return opened
}

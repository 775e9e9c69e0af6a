/** Pictures on their way through the clipboard: in by themselves, in with words, and out. */
import { DOMSerializer, type Schema, type Slice } from '@tiptap/pm/model'
import type { EditorView } from '@tiptap/pm/view'
import type * as Y from 'yjs'
import { isPictureFile } from '../../files/dropped-pictures.ts'
import type { LeftOut } from '../clipboard.ts'
import { countUndescribed, holdsWaiting, makeAllSmaller, settleSlice } from './bring-in.ts'
import { toDataAddress } from './data-address.ts'
import { beginStep } from './insert.ts'
import { addPicture, type KeptPicture } from './kept.ts'
import { MARK } from './marks.ts'
import { PICTURE, pictureOf } from './picture.ts'
import type { PictureSources } from './sources.ts'

const hasWords = (html: string): boolean =>
  html.replaceAll(/<!--[\s\S]*?-->|<(style|title)\b[\s\S]*?<\/\1\s*>|<[^>]*>|&nbsp;|\s/gi, '') !== ''

/** A picture copied by itself: one of the screen, or one of a web page, which brings where it lies as HTML. With words beside it, the words are pasted. */
export function picturesAlone(data: DataTransfer | null): readonly File[] {
  if (data === null) return []
  const isWords = data.types.some((type) => type.startsWith('text/') && type !== 'text/html')
  if (isWords || hasWords(data.getData('text/html'))) return []
  return [...data.files].filter(isPictureFile)
}

export interface Pasted {
  readonly view: EditorView
  readonly slice: Slice
  readonly waiting: readonly Uint8Array<ArrayBuffer>[]
  readonly doc: Y.Doc
  /** Of the same paste, as far as it was known before. */
  readonly left: LeftOut
  readonly onLeftOut: (left: LeftOut) => void
  readonly onPicturesBusy: (busy: boolean) => void
}

const keep = async (doc: Y.Doc, picture: KeptPicture | undefined): Promise<string | undefined> => {
  const added = picture === undefined ? undefined : await addPicture(doc, picture.bytes)
  return added?.ok === true ? added.value : undefined
}

async function pasteWhenReady(pasted: Pasted): Promise<void> {
  const { view, slice, waiting, doc, left, onLeftOut, onPicturesBusy } = pasted
  onPicturesBusy(true)
  try {
    const made = await makeAllSmaller(waiting)
    const hashes: (string | undefined)[] = []
    for (const picture of made) if (!view.isDestroyed) hashes.push(await keep(doc, picture))
    if (view.isDestroyed) return
    const settled = settleSlice(slice, hashes)
    beginStep(view.state)
    view.dispatch(view.state.tr.replaceSelection(settled).scrollIntoView().setMeta('paste', true))
    const missing = hashes.filter((hash) => hash === undefined).length
    onLeftOut({ ...left, pictures: left.pictures + missing, undescribed: countUndescribed(settled.content) })
  } finally {
    onPicturesBusy(false)
  }
}

/** True where what is pasted has to wait for its pictures. */
export function pastePictures(pasted: Pasted): boolean {
  if (!holdsWaiting(pasted.slice.content)) return false
  void pasteWhenReady(pasted)
  return true
}

/** For another text, or another program: with the picture itself, as far as it is shown here. */
export const pictureSerializer = (schema: Schema, sources: PictureSources): DOMSerializer =>
  new DOMSerializer(
    {
      ...DOMSerializer.nodesFromSchema(schema),
      [PICTURE]: (node) => {
        const { hash, alt, isDecoration, size } = pictureOf(node.attrs)
        const picture = sources.shown(hash)
        const src = picture === undefined ? {} : { src: toDataAddress(picture) }
        return ['img', { ...src, alt, [MARK]: hash, 'data-decoration': String(isDecoration), 'data-size': size }]
      },
    },
    DOMSerializer.marksFromSchema(schema),
  )

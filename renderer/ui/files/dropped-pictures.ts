/** Texts that take pictures which are dropped on them. Whoever catches what is dropped anywhere in the window asks here first. */

export interface Dropped {
  readonly files: readonly File[]
  /** Where in the window. */
  readonly at: { readonly left: number; readonly top: number }
}

const texts = new Map<Element, (dropped: Dropped) => void>()

export const isPictureFile = ({ type }: File): boolean => type.startsWith('image/')

/** Returns the way to stop. */
export function takeDroppedPictures(text: Element, take: (dropped: Dropped) => void): () => void {
  texts.set(text, take)
  return () => texts.delete(text)
}

/** False: they are no pictures, or were dropped elsewhere. */
export function dropPictures({ target, dataTransfer, clientX: left, clientY: top }: DragEvent): boolean {
  const files = [...(dataTransfer?.files ?? [])]
  if (files.length === 0 || !files.every(isPictureFile) || !(target instanceof Node)) return false
  const [, take] = [...texts].find(([text]) => text.contains(target)) ?? []
  take?.({ files, at: { left, top } })
  return take !== undefined
}

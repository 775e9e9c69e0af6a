/** Addresses for a document's pictures, good in this window only and for as long as somebody shows them. */
import * as Y from 'yjs'
import { PICTURES, readPicture, type KeptPicture, type KeptProblem } from './kept.ts'

export type Shown =
  | { readonly state: 'shown'; readonly src: string; readonly picture: KeptPicture }
  | { readonly state: KeptProblem }

export interface PictureSources {
  /** Calls back with what is known of a picture, and again when that changes: it may arrive later. Returns the way to stop. */
  watch(hash: string, onShown: (shown: Shown) => void): () => void
  /** Undefined unless it is shown already. */
  shown(hash: string): KeptPicture | undefined
  /** No address is good any more. */
  close(): void
}

export function createPictureSources(doc: Y.Doc): PictureSources {
  const pictures = doc.getMap(PICTURES)
  const shown = new Map<string, Extract<Shown, { readonly state: 'shown' }>>()
  const watchers = new Map<string, Set<(shown: Shown) => void>>()
  let closed = false

  const look = async (hash: string): Promise<void> => {
    const known = shown.get(hash)
    const read = known === undefined ? await readPicture(doc, hash) : undefined
    if (closed) return
    const tell = (now: Shown): void => {
      for (const onShown of watchers.get(hash) ?? []) onShown(now)
    }
    // Somebody else may have looked in the meantime.
    const ready = shown.get(hash)
    if (ready !== undefined) return tell(ready)
    if (read === undefined || !read.ok) return tell({ state: read?.error ?? 'not-here' })
    const { bytes, kind } = read.value
    const src = URL.createObjectURL(new Blob([bytes], { type: `image/${kind}` }))
    const now = { state: 'shown', src, picture: read.value } as const
    shown.set(hash, now)
    tell(now)
  }
  const changed = ({ keysChanged }: Y.YMapEvent<unknown>): void => {
    for (const hash of keysChanged) if (watchers.has(hash) && !shown.has(hash)) void look(hash)
  }
  pictures.observe(changed)

  return {
    watch(hash, onShown) {
      const all = watchers.get(hash) ?? new Set()
      watchers.set(hash, all.add(onShown))
      void look(hash)
      return () => all.delete(onShown)
    },
    shown: (hash) => shown.get(hash)?.picture,
    close() {
      closed = true
      pictures.unobserve(changed)
      for (const { src } of shown.values()) URL.revokeObjectURL(src)
      shown.clear()
      watchers.clear()
    },
  }
}

/** Opening, saving and closing the document behind an editor; shared by papers and notes. */
import { useEffect, useLayoutEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { describeThrown } from '../../../shared/base/errors.ts'
import { equalBytes } from '../../../shared/base/bytes.ts'
import type { LocalValues, OpenDocument } from '../../../shared/model/contexts.ts'
import { useWantedPassage } from '../wanted-passage.ts'
import type { EditorHandle } from './editor.tsx'

type Closable = Pick<OpenDocument, 'id' | 'doc' | 'flush' | 'release'>

export type Opening<Document> =
  | { readonly state: 'opening' }
  | { readonly state: 'open'; readonly document: Document }
  | { readonly state: 'failed' }

/** What cannot be written is said by the context's `save`, beside every text; here it is only kept for a log. */
const saveNow = (document: Closable): void => {
  document.flush().catch((thrown: unknown) => console.warn('flush', describeThrown(thrown)))
}

/** Calls back when the window is hidden or about to go, which may be the last chance. */
export function onLeaving(callback: () => void): () => void {
  const hidden = (): void => {
    if (document.visibilityState === 'hidden') callback()
  }
  document.addEventListener('visibilitychange', hidden)
  window.addEventListener('pagehide', callback)
  return () => {
    document.removeEventListener('visibilitychange', hidden)
    window.removeEventListener('pagehide', callback)
  }
}

/** `open` must be the same function as long as the same document is meant. */
export function useDocument<Document extends Closable>(open: () => Promise<Document>): Opening<Document> {
  const [opening, setOpening] = useState<Opening<Document>>({ state: 'opening' })
  useEffect(() => {
    let left = false
    let opened: Document | undefined
    let stop = (): void => undefined
    open().then(
      (document) => {
        if (left) {
          document.release()
          return
        }
        opened = document
        stop = onLeaving(() => saveNow(document))
        setOpening({ state: 'open', document })
      },
      (thrown: unknown) => {
        console.warn('open', describeThrown(thrown))
        if (!left) setOpening({ state: 'failed' })
      },
    )
    return () => {
      left = true
      stop()
      if (opened === undefined) return
      const document = opened
      document
        .flush()
        .catch((thrown: unknown) => console.warn('flush', describeThrown(thrown)))
        .finally(() => document.release())
    }
  }, [open])
  return opening
}

/** Often enough that a killed app reopens at the same line. */
const PLACE_EVERY = 2000

/** Goes to the words that the person came for, else to where they were in this text; and goes on remembering it, sealed, on this computer. */
export function usePlace(handle: EditorHandle | undefined, local: LocalValues, key: string): void {
  const wanted = useWantedPassage()
  const [path] = useLocation()
  // On leaving, the last place is read while the text is still on the page.
  useLayoutEffect(() => {
    if (handle === undefined) return undefined
    let kept: Uint8Array | undefined
    let ready = false
    const keep = (): void => {
      const place = ready ? handle.place() : undefined
      if (place === undefined || (kept !== undefined && equalBytes(kept, place))) return
      kept = place
      local.set(key, place).catch((thrown: unknown) => console.warn('place', describeThrown(thrown)))
    }
    let left = false
    const arrive = (): void => {
      const passage = wanted.get()
      if (!ready || passage?.path !== path) return
      wanted.set(undefined)
      handle.goToWords(passage)
    }
    const stopWanted = wanted.subscribe(arrive)
    local.get(key).then(
      (place) => {
        if (left) return
        if (place !== undefined) handle.goToPlace(place)
        kept = place
        ready = true
        arrive()
      },
      (thrown: unknown) => console.warn('place', describeThrown(thrown)),
    )
    const timer = setInterval(keep, PLACE_EVERY)
    const stop = onLeaving(keep)
    return () => {
      left = true
      stopWanted()
      clearInterval(timer)
      stop()
      keep()
    }
  }, [handle, local, key, path, wanted])
}

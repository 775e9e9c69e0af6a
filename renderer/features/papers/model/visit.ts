/**
 * One person's visit to one paper, and the mark it leaves. The mark shown stays the same during the visit; the new one is what
 * was on screen, in a visible window, for a few seconds. What arrived later, or was never shown, stays new. A killed app
 * leaves no mark: then more is shown next time, never less.
 */
import * as Y from 'yjs'
import type { Clock } from '../../../../shared/base/clock.ts'
import type { DocumentId, MemberId } from '../../../../shared/base/ids.ts'
import type { LocalValues } from '../../../../shared/model/contexts.ts'
import { addMark, decodeSeen, encodeSeen, seenKey, type Mark, type SeenPaper } from './seen.ts'

/** Milliseconds on screen after which words count as looked at. */
export const LOOKED_AFTER = 3000

export interface Visit {
  /** What "since you last looked" starts from; `first`: no mark was left before, so it starts from the opening. */
  readonly since: Mark & { readonly first: boolean }
  /** Earlier marks, newest first, for looking further back. */
  readonly earlier: readonly Mark[]
  /** "I have seen this": everything there is now; resolves when stored. The visit goes on with the new mark. */
  seenAll(): Promise<Visit>
  /** Stores the mark of what was looked at so far. Can be called again and again; the last call wins. */
  leaveMark(): Promise<void>
  end(): void
}

export interface Visited {
  readonly id: DocumentId
  readonly doc: Y.Doc
  readonly local: LocalValues
  readonly clock: Clock
  /** What the paper's record says now of each member's last change. */
  changed(): ReadonlyMap<MemberId, number>
  isVisible(): boolean
}

interface View extends Mark {
  readonly changed: ReadonlyMap<MemberId, number>
}

export async function beginVisit(visited: Visited): Promise<Visit> {
  const stored = await visited.local.get(seenKey(visited.id))
  return continueVisit(visited, stored === undefined ? undefined : decodeSeen(stored))
}

function continueVisit(visited: Visited, seen: SeenPaper | undefined): Visit {
  const { id, doc, local, clock } = visited
  const view = (): View => ({ at: clock.now(), snapshot: Y.snapshot(doc), changed: visited.changed() })
  const [last, ...earlier] = seen?.marks ?? []
  let looked: View | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let ended = false

  const watch = (): void => {
    if (ended || timer !== undefined) return
    const shown = view()
    timer = setTimeout(() => {
      timer = undefined
      if (visited.isVisible()) looked = shown
      // Also where nothing arrived: a hidden window may be visible next time.
      if (!visited.isVisible() || !Y.equalSnapshots(shown.snapshot, Y.snapshot(doc))) watch()
    }, LOOKED_AFTER)
  }
  doc.on('update', watch)
  watch()

  const store = async (mark: View): Promise<SeenPaper> => {
    const next = addMark(seen, { at: mark.at, snapshot: mark.snapshot }, mark.changed)
    await local.set(seenKey(id), encodeSeen(next))
    return next
  }
  const end = (): void => {
    ended = true
    clearTimeout(timer)
    doc.off('update', watch)
  }
  return {
    since: last === undefined ? { at: clock.now(), snapshot: Y.snapshot(doc), first: true } : { ...last, first: false },
    earlier,
    async seenAll() {
      const next = await store(view())
      end()
      return continueVisit(visited, next)
    },
    async leaveMark() {
      if (looked !== undefined) await store({ ...looked, at: clock.now() })
    },
    end,
  }
}

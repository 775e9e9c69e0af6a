import { useCallback, useEffect, useRef, useState } from 'react'
import * as Y from 'yjs'
import { systemClock } from '../../../../shared/base/clock.ts'
import { describeThrown } from '../../../../shared/base/errors.ts'
import type { CircleContext, OpenDocument } from '../../../../shared/model/contexts.ts'
import { onLeaving } from '../../../ui/editor/index.ts'
import { byOthers, type Change, changesSince } from '../model/changes.ts'
import { CONTENT, noteChange } from '../model/commands.ts'
import { paperById } from '../model/selectors.ts'
import { beginVisit, type Visit } from '../model/visit.ts'
import { useSettled } from './use-settled.ts'

const report = (thrown: unknown): void => console.warn('visit', describeThrown(thrown))

let storing: Promise<void> = Promise.resolve()

/** Resolves when the marks of screens that were just left are stored. */
export const marksStored = (): Promise<void> => storing

const leave = (visit: Visit): void => {
  storing = visit.leaveMark().catch(report)
}

export interface VisitOnScreen {
  readonly visit: Visit
  seenAll(): void
}

/** The visit of the person to this paper, from opening the screen to leaving it. */
export function useVisit(circle: CircleContext, document: OpenDocument): VisitOnScreen | undefined {
  const [visit, setVisit] = useState<Visit>()
  const current = useRef<Visit>(undefined)
  useEffect(() => {
    let left = false
    const show = (next: Visit): void => {
      if (left) return next.end()
      current.current = next
      setVisit(next)
    }
    const visited = {
      id: document.id,
      doc: document.doc,
      local: circle.local,
      clock: systemClock,
      changed: () => paperById(circle.records, document.id)?.changed ?? new Map(),
      isVisible: () => window.document.visibilityState === 'visible',
    }
    beginVisit(visited).then(show, report)
    const stop = onLeaving(() => {
      if (current.current !== undefined) leave(current.current)
    })
    return () => {
      left = true
      stop()
      const ending = current.current
      current.current = undefined
      if (ending === undefined) return
      leave(ending)
      ending.end()
    }
  }, [circle, document])
  if (visit === undefined) return undefined
  return {
    visit,
    seenAll() {
      const goOn = async (): Promise<void> => {
        const next = await visit.seenAll()
        if (current.current !== visit) return next.end()
        current.current = next
        setVisit(next)
      }
      goOn().catch(report)
    },
  }
}

/** What others did since the snapshot; worked out again a moment after each change. */
export function useChanges(
  circle: CircleContext,
  document: OpenDocument,
  since: Y.Snapshot | undefined,
): readonly Change[] {
  const { doc, attribution } = document
  return useSettled(
    useCallback(
      () =>
        since === undefined ? [] : byOthers(changesSince(doc.getXmlFragment(CONTENT), since, attribution), circle.me),
      [circle, doc, attribution, since],
    ),
    useCallback(
      (onChange) => {
        doc.on('update', onChange)
        return () => doc.off('update', onChange)
      },
      [doc],
    ),
  )
}

const NOTE_FIRST = 1500
const NOTE_EVERY = 5 * 60_000

/** Tells the list on everybody's computer that this person changed the words: soon, then now and then, then on leaving. */
export function useNotedChanges(circle: CircleContext, document: OpenDocument): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let isChanged = false
    let wait = NOTE_FIRST
    const note = (): void => {
      clearTimeout(timer)
      timer = undefined
      if (!isChanged) return
      isChanged = false
      wait = NOTE_EVERY
      noteChange(circle, document.id, Date.now())
    }
    const edited = (transaction: Y.Transaction): void => {
      // Not the words: somebody kept a version.
      const changed = [...transaction.changedParentTypes.keys()]
      if (!transaction.local || !changed.some((type) => type instanceof Y.XmlFragment)) return
      isChanged = true
      timer ??= setTimeout(note, wait)
    }
    document.doc.on('afterTransaction', edited)
    const stop = onLeaving(note)
    return () => {
      document.doc.off('afterTransaction', edited)
      stop()
      note()
    }
  }, [circle, document])
}

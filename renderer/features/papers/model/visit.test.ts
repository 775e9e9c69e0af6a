import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import type { DocumentId, MemberId } from '../../../../shared/base/ids.ts'
import { decodeSeen, seenKey } from './seen.ts'
import { beginVisit, LOOKED_AFTER } from './visit.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function paper() {
  const values = new Map<string, Uint8Array>()
  const doc = new Y.Doc({ gc: false })
  const id = 'a'.repeat(32) as DocumentId
  let visible = true
  let now = 100
  const changed = new Map<MemberId, number>()
  return {
    doc,
    changed,
    write: (text: string) => doc.getText('t').insert(0, text),
    look: (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds),
    show: (value: boolean) => void (visible = value),
    at: (time: number) => void (now = time),
    begin: () =>
      beginVisit({
        id,
        doc,
        local: {
          get: (key) => Promise.resolve(values.get(key)),
          set: (key, value) => Promise.resolve(void values.set(key, value)),
        },
        clock: { now: () => now },
        changed: () => new Map(changed),
        isVisible: () => visible,
      }),
    marks: () => {
      const bytes = values.get(seenKey(id))
      return bytes === undefined ? [] : (decodeSeen(bytes)?.marks ?? [])
    },
    seenChanged: () => decodeSeen(values.get(seenKey(id))!)?.changed,
    isMarked: (snapshot: Y.Snapshot | undefined) =>
      snapshot !== undefined && Y.equalSnapshots(snapshot, Y.snapshot(doc)),
  }
}

describe('a visit', () => {
  it('starts from the opening where there is no mark, and leaves one for next time', async () => {
    const here = paper()
    here.write('terms')
    const visit = await here.begin()
    expect(visit.since.first).toBe(true)
    await here.look(LOOKED_AFTER)
    here.at(500)
    await visit.leaveMark()
    visit.end()
    const next = await here.begin()
    expect(next.since).toMatchObject({ first: false, at: 500 })
    expect(here.isMarked(next.since.snapshot)).toBe(true)
    next.end()
  })

  it('keeps the mark it started with, whatever arrives', async () => {
    const here = paper()
    const visit = await here.begin()
    const { since } = visit
    here.write('arrived')
    await here.look(2 * LOOKED_AFTER)
    await visit.leaveMark()
    expect(visit.since).toBe(since)
    expect(here.isMarked(since.snapshot)).toBe(false)
    visit.end()
  })

  it('leaves no mark when it was too short to read', async () => {
    const here = paper()
    here.write('terms')
    const visit = await here.begin()
    await here.look(LOOKED_AFTER - 1)
    await visit.leaveMark()
    visit.end()
    expect(here.marks()).toEqual([])
  })

  it('does not count what arrived just before leaving', async () => {
    const here = paper()
    here.write('read')
    const read = Y.snapshot(here.doc)
    const visit = await here.begin()
    await here.look(LOOKED_AFTER)
    here.write('just in')
    await here.look(LOOKED_AFTER - 1)
    await visit.leaveMark()
    visit.end()
    expect(Y.equalSnapshots(here.marks()[0]!.snapshot, read)).toBe(true)
  })

  it('does not count what arrived while the window was hidden', async () => {
    const here = paper()
    here.write('read')
    const read = Y.snapshot(here.doc)
    const visit = await here.begin()
    await here.look(LOOKED_AFTER)
    here.show(false)
    here.write('unseen')
    await here.look(10 * LOOKED_AFTER)
    await visit.leaveMark()
    expect(Y.equalSnapshots(here.marks()[0]!.snapshot, read)).toBe(true)
    here.show(true)
    await here.look(2 * LOOKED_AFTER)
    await visit.leaveMark()
    visit.end()
    expect(here.isMarked(here.marks()[0]?.snapshot)).toBe(true)
  })

  it('goes on from everything once the person says that they have seen it, and can still look further back', async () => {
    const here = paper()
    here.write('one')
    const first = await here.begin()
    await here.look(LOOKED_AFTER)
    await first.leaveMark()
    first.end()
    here.changed.set('bob' as MemberId, 7)
    here.write('two')
    const visit = await here.begin()
    const next = await visit.seenAll()
    expect(here.isMarked(next.since.snapshot)).toBe(true)
    expect(next.earlier).toHaveLength(1)
    expect(here.seenChanged()).toEqual(new Map([['bob', 7]]))
    next.end()
  })
})

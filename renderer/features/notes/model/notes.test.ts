import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { DocumentId } from '../../../../shared/base/ids.ts'
import type { VaultContext } from '../../../../shared/model/contexts.ts'
import { createLive } from '../../../../shared/base/live.ts'
import { binNote, createNote, destroyNote, emptyOverdue, noteChanged, restoreNote } from './commands.ts'
import { daysLeft, DAY, noteById, notesInBin, notesInUse, titleFrom } from './selectors.ts'

function vault(destroy: (id: DocumentId) => Promise<void> = () => Promise.resolve()) {
  const destroyed: DocumentId[] = []
  const context: VaultContext = {
    records: new Y.Doc(),
    save: createLive({ state: 'saved' as const }),
    open: () => Promise.reject(new Error('not needed')),
    destroy: async (id) => {
      await destroy(id)
      destroyed.push(id)
    },
    local: { get: () => Promise.resolve(undefined), set: () => Promise.resolve() },
  }
  return { context, destroyed }
}

function contentOf(...lines: string[]): Y.XmlFragment {
  const fragment = new Y.Doc().getXmlFragment('content')
  fragment.insert(
    0,
    lines.map((line) => {
      const paragraph = new Y.XmlElement('paragraph')
      if (line !== '') paragraph.insert(0, [new Y.XmlText(line)])
      return paragraph
    }),
  )
  return fragment
}

describe('notes', () => {
  it('take their title from the first line that says anything', () => {
    expect(titleFrom(contentOf('', '  ', ' After the\u00a0meeting ', 'more'))).toBe('After the meeting')
    expect(titleFrom(contentOf())).toBe('')
    expect(titleFrom(contentOf('x'.repeat(200)))).toHaveLength(120)
  })

  it('are listed with the latest first', () => {
    const { context } = vault()
    const first = createNote(context, 1)
    createNote(context, 2)
    noteChanged(context, first, contentOf('Hello'), 3)
    expect(notesInUse(context.records).map(({ title, changedAt }) => [title, changedAt])).toEqual([
      ['Hello', 3],
      ['', 2],
    ])
  })

  it('go to the bin and come back', () => {
    const { context } = vault()
    const id = createNote(context, 1)
    binNote(context, id, 10)
    expect(notesInUse(context.records)).toEqual([])
    expect(notesInBin(context.records)).toHaveLength(1)
    expect(daysLeft(10, 10)).toBe(30)
    restoreNote(context, id)
    expect(notesInUse(context.records)).toHaveLength(1)
  })

  it('are destroyed only when their time was found over twice, a day apart', async () => {
    const { context, destroyed } = vault()
    const id = createNote(context, 1)
    binNote(context, id, 0)
    await emptyOverdue(context, 29 * DAY)
    expect(noteById(context.records, id)?.overdueAt).toBeNull()
    await emptyOverdue(context, 30 * DAY)
    await emptyOverdue(context, 30.5 * DAY)
    expect(destroyed).toEqual([])
    await emptyOverdue(context, 31 * DAY)
    expect(destroyed).toEqual([id])
    expect(notesInBin(context.records)).toEqual([])
  })

  it('survive a clock that jumps ahead for a while', async () => {
    const { context, destroyed } = vault()
    const id = createNote(context, 1)
    binNote(context, id, 0)
    await emptyOverdue(context, 9000 * DAY)
    await emptyOverdue(context, 2 * DAY)
    expect(noteById(context.records, id)?.overdueAt).toBeNull()
    await emptyOverdue(context, 30 * DAY)
    expect(destroyed).toEqual([])
  })

  it('stay listed where destroying them failed', async () => {
    const { context } = vault(() => Promise.reject(new Error('disk')))
    const id = createNote(context, 1)
    binNote(context, id, 0)
    await expect(destroyNote(context, id)).rejects.toThrow('disk')
    expect(notesInBin(context.records)).toHaveLength(1)
  })
})

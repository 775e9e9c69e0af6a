import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { agree, agreementsOf, namesFrom } from './agreement.ts'
import { dayOf, isDay, timeOfDay } from './day.ts'
import { keepVersion } from './keep.ts'
import { writers } from './testing.ts'
import { entriesOf } from '../entries.ts'
import { ENTRIES, versionsOf } from './version.ts'

const DAY = '2026-11-03'

function agreed() {
  const world = writers('ann', 'bob', 'cat')
  const [ann, bob, cat] = world.people
  if (ann === undefined || bob === undefined || cat === undefined) throw new Error('three people')
  ann.write('We share the work.')
  const kept = keepVersion(ann.doc, { why: 'kept', at: 1, name: 'agreed' })
  if (!kept.ok) throw new Error(kept.error)
  const version = kept.value
  const read = (doc: Y.Doc) => agreementsOf(doc, world.attribution)
  return { ...world, ann, bob, cat, version, read }
}

describe('an agreement', () => {
  it('is of those who said so themselves, apart or together, and of those that somebody wrote down', () => {
    const { ann, bob, cat, version, read, meet } = agreed()
    agree(ann.doc, { version, at: 2, day: DAY, agrees: true, others: ['Elsie'] })
    meet()
    agree(bob.doc, { version, at: 3, day: DAY, agrees: true, others: [] })
    agree(cat.doc, { version, at: 4, day: DAY, agrees: true, others: ['Elsie', 'Fred'] })
    // Said twice counts once.
    agree(bob.doc, { version, at: 5, day: DAY, agrees: true, others: [] })
    meet()
    for (const { doc } of [ann, bob, cat])
      expect(read(doc)).toEqual([
        {
          version,
          day: DAY,
          at: 2,
          members: ['ann', 'bob', 'cat'],
          recorded: [
            { name: 'Elsie', by: 'ann' },
            { name: 'Elsie', by: 'cat' },
            { name: 'Fred', by: 'cat' },
          ],
          uncounted: 0,
        },
      ])
  })

  it('cannot be said in another’s name: what bears another’s is whoever signed it, and what nobody known signed is not counted', () => {
    const { ann, bob, version, read, meet } = agreed()
    agree(ann.doc, { version, at: 2, day: DAY, agrees: true, others: [] })
    meet()
    const forged = {
      format: 1,
      kind: 'agreed',
      version,
      at: 3,
      day: DAY,
      agrees: true,
      others: [],
      by: 'cat',
      member: 'cat',
    }
    entriesOf(bob.doc, ENTRIES).push([forged])
    const stranger = new Y.Doc({ gc: false })
    stranger.clientID = 99
    Y.applyUpdate(stranger, Y.encodeStateAsUpdate(ann.doc))
    entriesOf(stranger, ENTRIES).push([forged])
    Y.applyUpdate(ann.doc, Y.encodeStateAsUpdate(stranger))
    meet()
    expect(read(ann.doc)).toMatchObject([{ members: ['ann', 'bob'], uncounted: 1 }])
  })

  it('of nobody known is none at all, and rubbish is passed over', () => {
    const { ann, version, read, attribution } = agreed()
    const rubbish = [
      { format: 1, kind: 'agreed', version: 7, at: 1, day: DAY },
      { format: 1, kind: 'agreed', version, at: 1, day: '2026-02-31' },
      { format: 1, kind: 'agreed', version, at: -1, day: DAY },
      { format: 1, kind: 'agreed', version, at: 1, day: DAY, agrees: 'yes', others: [7, '', null] },
    ]
    entriesOf(ann.doc, ENTRIES).push(rubbish)
    expect(read(ann.doc)).toMatchObject([{ members: [], recorded: [], uncounted: 0 }])
    expect(agreementsOf(ann.doc, { insertedBy: () => undefined })).toEqual([])
    expect(versionsOf(ann.doc, attribution)).toMatchObject({ list: [{ name: 'agreed' }], unknown: 0 })
  })

  it('of the last day comes first', () => {
    const { ann, version, read } = agreed()
    const later = keepVersion(ann.doc, { why: 'kept', at: 9, name: 'again' })
    if (later.ok) agree(ann.doc, { version: later.value, at: 10, day: '2026-11-20', agrees: true, others: [] })
    agree(ann.doc, { version, at: 11, day: DAY, agrees: true, others: [] })
    expect(read(ann.doc).map(({ day }) => day)).toEqual(['2026-11-20', DAY])
  })
})

describe('days and names', () => {
  it('are checked and tidied', () => {
    expect(['2026-02-28', '2026-02-30', '2026-2-3', '', 'x', 7].map(isDay)).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
    ])
    expect(dayOf(timeOfDay(DAY))).toBe(DAY)
    expect(namesFrom(' Elsie \n\nFred  Smith')).toEqual(['Elsie', 'Fred Smith'])
  })
})

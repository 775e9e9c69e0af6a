import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { DocumentId, MemberId } from '../../../../shared/base/ids.ts'
import { putRecord } from '../../../../shared/model/record.ts'
import { labelKey, LONGEST_LABEL, readLabels, tidyLabel } from './label-name.ts'
import { changeLabels, labelsIn, labelsOf, MOST_LABELS, renameLabel } from './labels.ts'
import { paperRecord } from './paper.ts'
import { paperById, papersInUse } from './selectors.ts'

const id = (digit: string): DocumentId => digit.repeat(32) as DocumentId

function circle(...papers: string[]) {
  const records = new Y.Doc()
  for (const digit of papers)
    putRecord(records, paperRecord, id(digit), { title: digit, createdBy: 'ann' as MemberId, createdAt: 1 })
  return { records }
}
type Circle = ReturnType<typeof circle>

const paperOf = ({ records }: Circle, digit: string) => paperById(records, id(digit))!
const names = (here: Circle, digit: string): readonly string[] => labelsOf(paperOf(here, digit)).map(({ name }) => name)
const put = (here: Circle, digit: string, ...on: string[]) => changeLabels(here, paperOf(here, digit), { on, off: [] })
const takeOff = (here: Circle, digit: string, name: string) =>
  changeLabels(here, paperOf(here, digit), { on: [], off: [labelKey(name)] })

function apart(here: Circle): Circle {
  const there = { records: new Y.Doc() }
  Y.applyUpdate(there.records, Y.encodeStateAsUpdate(here.records))
  return there
}

function meet(one: Circle, two: Circle): void {
  Y.applyUpdate(two.records, Y.encodeStateAsUpdate(one.records))
  Y.applyUpdate(one.records, Y.encodeStateAsUpdate(two.records))
}

describe('labels', () => {
  it('are put on and taken off, tidied, each once whatever its capitals', () => {
    const here = circle('a')
    put(here, 'a', '  First\n meetings ', 'Money', 'MONEY')
    expect(names(here, 'a')).toEqual(['First meetings', 'MONEY'])
    takeOff(here, 'a', 'money')
    expect(names(here, 'a')).toEqual(['First meetings'])
  })

  it('of two who label a paper at once are both there', () => {
    const here = circle('a')
    const there = apart(here)
    put(here, 'a', 'Money')
    put(there, 'a', 'Safety')
    meet(here, there)
    expect(names(here, 'a')).toEqual(['Money', 'Safety'])
    expect(names(there, 'a')).toEqual(['Money', 'Safety'])
  })

  it('need a name, and there is an end of them', () => {
    const here = circle('a')
    expect(put(here, 'a', ' \u200b ')).toMatchObject({ ok: false, error: 'empty' })
    const many = Array.from({ length: MOST_LABELS }, (_, index) => `Label ${index}`)
    expect(put(here, 'a', ...many).ok).toBe(true)
    expect(put(here, 'a', 'One more')).toMatchObject({ ok: false, error: 'too-many' })
    expect(takeOff(here, 'a', 'Label 3').ok).toBe(true)
    expect(put(here, 'a', 'One more').ok).toBe(true)
  })

  it('are listed by name, each once, spelt the same everywhere', () => {
    const here = circle('a', 'b')
    put(here, 'a', 'safety', 'Érables')
    put(here, 'b', 'Safety', 'money')
    expect(labelsIn(papersInUse(here.records)).map(({ name }) => name)).toEqual(['Érables', 'money', 'Safety'])
  })

  it.each([
    ['no text', 7],
    ['only a yes, as no version wrote it', true],
    ['untidy', ' Money '],
    ['another name than the field’s', 'Safety'],
    ['too long', 'x'.repeat(LONGEST_LABEL + 1)],
  ])('are left out where they are garbled: %s', (_, value) => {
    const here = circle('a')
    putRecord(here.records, paperRecord, id('a'), { 'label/money': value })
    expect(names(here, 'a')).toEqual([])
  })

  it('get a new name on all papers of the circle; the name of another makes them one', () => {
    const here = circle('a', 'b', 'c')
    put(here, 'a', 'Mony')
    put(here, 'b', 'Mony', 'Money')
    put(here, 'c', 'Safety')
    expect(renameLabel(here, labelKey('mony'), 'Money')).toEqual({ ok: true, value: { renamed: 2, left: 0 } })
    expect(['a', 'b', 'c'].map((digit) => names(here, digit))).toEqual([['Money'], ['Money'], ['Safety']])
    expect(renameLabel(here, labelKey('money'), 'MONEY').ok).toBe(true)
    expect(names(here, 'a')).toEqual(['MONEY'])
    expect(renameLabel(here, labelKey('money'), ' ')).toMatchObject({ ok: false, error: 'empty' })
  })

  it('keep the old name where a newer version wrote the paper, and that is counted', () => {
    const here = circle('a', 'b')
    put(here, 'a', 'Mony')
    put(here, 'b', 'Mony')
    here.records
      .getMap<Y.Map<unknown>>('paper')
      .get(id('b'))!
      .set('#minWriter', paperRecord.version + 1)
    expect(renameLabel(here, labelKey('mony'), 'Money')).toEqual({ ok: true, value: { renamed: 1, left: 1 } })
    expect([names(here, 'a'), names(here, 'b')]).toEqual([['Money'], ['Mony']])
  })

  it('on a record of an older version: it has none, and takes them', () => {
    const here = circle('a')
    const stored = here.records.getMap<Y.Map<unknown>>('paper').get(id('a'))!
    stored.set('#version', 3)
    expect(names(here, 'a')).toEqual([])
    put(here, 'a', 'Money')
    expect(stored.toJSON()).toMatchObject({ '#version': paperRecord.version, 'label/money': 'Money' })
  })

  it('have names that stay as they are once tidied, and are read back, whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (typed) => {
        const name = tidyLabel(typed)
        expect(tidyLabel(name)).toBe(name)
        expect(Array.from(name).length).toBeLessThanOrEqual(LONGEST_LABEL)
        if (name === '') return
        const key = labelKey(name)
        expect(readLabels({ [`label/${key}`]: name })).toEqual(new Map([[key, name]]))
      }),
      { numRuns: 100 },
    )
  })
})

type Act = { readonly who: 0 | 1; readonly paper: string; readonly name: string } & (
  | { readonly does: 'put' | 'takeOff' }
  | { readonly does: 'rename'; readonly to: string }
)
const PAPERS = ['a', 'b', 'c']
const NAMES = ['Money', 'money', 'Safety', 'First meetings']
const act: fc.Arbitrary<Act> = fc.record({
  who: fc.constantFrom(0 as const, 1 as const),
  paper: fc.constantFrom(...PAPERS),
  name: fc.constantFrom(...NAMES),
  does: fc.constantFrom('put' as const, 'takeOff' as const, 'rename' as const),
  to: fc.constantFrom(...NAMES),
})

it('two who label and rename apart: both see the same, and what only one of them touched is as that one left it', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 12 }), fc.array(act, { maxLength: 12 }), (before, acts) => {
      const run = (here: Circle, { does, paper, name, ...rest }: Act): void => {
        if (does === 'put') put(here, paper, name)
        else if (does === 'takeOff') takeOff(here, paper, name)
        else if ('to' in rest) renameLabel(here, labelKey(name), rest.to)
      }
      const ann = circle(...PAPERS)
      for (const one of before) run(ann, one)
      const bob = apart(ann)
      const both = [ann, bob] as const
      const written = both.map(({ records }) => {
        const fields = new Set<string>()
        records.getMap<Y.Map<unknown>>('paper').observeDeep((events) => {
          for (const event of events)
            if (event.transaction.local && event instanceof Y.YMapEvent)
              for (const field of event.keysChanged) fields.add(`${String(event.path[0])} ${field}`)
        })
        return fields
      })
      for (const one of acts) run(both[one.who], one)
      const wanted = both.map((here) => new Map(PAPERS.map((paper) => [paper, paperOf(here, paper).labels])))
      meet(ann, bob)
      for (const paper of PAPERS) {
        const after = paperOf(ann, paper).labels
        expect(after).toEqual(paperOf(bob, paper).labels)
        for (const key of new Set(NAMES.map(labelKey))) {
          const wrote = written.map((fields) => fields.has(`${id(paper)} label/${key}`))
          const left = wanted.map((of) => of.get(paper)?.get(key))
          // Where both wrote, or neither, either may be what stays.
          const possible = wrote[0] === wrote[1] ? left : [left[wrote[0] === true ? 0 : 1]]
          expect(possible).toContain(after.get(key))
        }
      }
    }),
  )
})

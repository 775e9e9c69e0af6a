import { describe, expect, it } from 'vitest'
import type { EpochId } from '../base/ids.ts'
import type { RecordBody } from '../wire/record.ts'
import {
  add,
  admit,
  ann,
  anotherComputer,
  bea,
  boxes,
  cal,
  dov,
  epoch,
  epochOf,
  eve,
  firstEpoch,
  genesis,
  grant,
  invite,
  person,
  populated,
  reasonFor,
  removal,
  removalOfDevice,
  role,
  say,
  stateAfter,
  type Person,
} from './testing-log.ts'
import type { VerifiedRecord } from './verify.ts'

const everybody = [ann, bea, cal, dov, eve]
const { records, tip } = populated()
const [gus, home] = [person('gus'), person('dov at home', 'dov')]

/** A log that goes on from its own last record. */
function log(from: VerifiedRecord = tip) {
  const said: VerifiedRecord[] = []
  return {
    all: said,
    tip: () => said.at(-1) ?? from,
    say(author: Person, body: RecordBody): VerifiedRecord {
      const record = say(author, [said.at(-1) ?? from], body)
      said.push(record)
      return record
    },
  }
}

const cleanIn = (...said: readonly VerifiedRecord[]): readonly EpochId[] =>
  [...stateAfter(...records, ...said).epochs].flatMap(([id, { clean }]) => (clean ? [id] : []))

const lacking = (...said: readonly VerifiedRecord[]) => stateAfter(...records, ...said).withoutKey

describe('an epoch is clean', () => {
  it('as long as everybody who was given its key is there', () => {
    expect(cleanIn()).toEqual([firstEpoch])
    const gone = say(ann, [tip], removal(dov))
    expect(cleanIn(gone)).toEqual([])
    const next = epochOf('next', [firstEpoch])
    const renewed = say(ann, [gone], epoch('next', [firstEpoch], [ann, bea, cal, eve], [firstEpoch]))
    expect(cleanIn(gone, renewed)).toEqual([next])
    expect(stateAfter(...records, gone, renewed).currentEpoch).toBe(next)
  })

  it('not where its key lies sealed under one that somebody absent has', () => {
    const made = log()
    made.say(ann, epoch('one', [firstEpoch], [ann, bea, cal, eve]))
    // Beside it, for dov too, with the key of the other sealed under this one's.
    made.say(bea, epoch('two', [firstEpoch], everybody, [epochOf('one', [firstEpoch])]))
    made.say(ann, removal(dov))
    expect(cleanIn(...made.all)).toEqual([])
  })

  it('not where whoever made it is gone, box or no box', () => {
    const made = log()
    made.say(bea, epoch('one', [firstEpoch], [ann, cal, dov, eve]))
    made.say(ann, removal(bea))
    expect(cleanIn(...made.all)).toEqual([])
  })

  it('again when the removed one is let in again', () => {
    const gone = say(ann, [tip], removal(dov))
    const back = say(ann, [gone], add([dov]))
    expect(cleanIn(gone, back)).toEqual([firstEpoch])
  })

  it('not because of a box in a record that a rule refuses', () => {
    const refused = say(dov, [tip], grant(boxes(firstEpoch, gus)))
    expect(reasonFor(refused, ...records, refused)).toBe('key-for-a-stranger')
    expect(cleanIn(refused)).toEqual([firstEpoch])
  })

  it('not where a box went to somebody let in by a record that was struck out, however far it went on from there', () => {
    const added = say(bea, [tip], add([gus], { grants: [] }))
    const passed = say(eve, [added], grant(boxes(firstEpoch, gus)))
    const demoted = say(ann, [tip], role(bea, 'member'))
    const state = stateAfter(...records, added, passed, demoted)
    expect(state.members.has(gus.member)).toBe(false)
    expect(state.epochs.get(firstEpoch)?.clean).toBe(false)
  })
})

describe('a key made meanwhile', () => {
  const made = epochOf('bea’s', [firstEpoch])
  const byBea = say(bea, [tip], epoch('bea’s', [firstEpoch], everybody, [firstEpoch]))

  it('by an organiser who was removed opens what others wrote under it, and nothing more is', () => {
    const removed = say(ann, [tip], removal(bea))
    const next = epoch('next', [firstEpoch], [ann, cal, dov, eve], [firstEpoch])
    const renewed = say(ann, [removed], next)
    const state = stateAfter(...records, byBea, removed, renewed)
    expect(reasonFor(byBea, ...records, byBea, removed, renewed)).toBe('author-removed-meanwhile')
    expect(state.epochs.get(made)).toMatchObject({ clean: false, by: bea.member })
    expect(state.currentEpoch).toBe(epochOf('next', [firstEpoch]))
    // Who came later needs that key too, to read what was written under it.
    const added = say(ann, [renewed], add([gus], { grants: [] }))
    expect(lacking(byBea, removed, renewed, added).map((one) => one.epoch)).toContain(made)
    // So the next record rests on the one that was struck out, and can name its key.
    const after = stateAfter(...records, byBea, removed, renewed, added)
    expect(after.heads).toEqual([byBea.hash, added.hash].toSorted())
    const repaired = say(cal, [byBea, added], grant(boxes(made, gus), boxes(firstEpoch, gus)))
    expect(reasonFor(repaired, ...records, byBea, removed, renewed, added, repaired)).toBeUndefined()
  })

  it('by an organiser who was removed never counts as the newest, even beside an unclean one', () => {
    const removed = say(ann, [tip], removal(bea))
    const state = stateAfter(...records, byBea, removed)
    expect([...state.epochs.values()].map(({ clean }) => clean)).toEqual([false, false])
    const other = say(ann, [tip], epoch('other', [firstEpoch], everybody))
    expect(stateAfter(...records, byBea, other, removed).currentEpoch).toBe(epochOf('other', [firstEpoch]))
  })

  it('stands where another rests on it: what was built by those who had seen it does not fall', () => {
    const removed = say(ann, [tip], removal(bea))
    const onIt = say(cal, [byBea], epoch('cal’s', [made], everybody, [made]))
    const given = say(dov, [onIt], grant(boxes(made, eve)))
    const state = stateAfter(...records, byBea, onIt, given, removed)
    expect(state.skipped.map(({ hash }) => hash)).toEqual([byBea.hash])
    expect(state.epochs.get(epochOf('cal’s', [made]))).toMatchObject({ clean: false, by: cal.member })
  })

  it('by somebody who was removed does not keep them reading', () => {
    const removed = say(ann, [tip], removal(bea))
    const forBea = say(bea, [tip], epoch('for bea', [firstEpoch], [ann, bea, cal, dov, eve]))
    const renewed = say(cal, [removed, forBea], epoch('next', [firstEpoch], [ann, cal, dov, eve]))
    const state = stateAfter(...records, removed, forBea, renewed)
    expect(state.epochs.get(state.currentEpoch)?.clean).toBe(true)
    expect(state.currentEpoch).toBe(epochOf('next', [firstEpoch]))
  })
})

describe('somebody who is no organiser makes a key', () => {
  it('only where no clean one is left that they were given', () => {
    const next = epoch('next', [firstEpoch], [ann, bea, cal, eve], [firstEpoch])
    const early = say(eve, [tip], next)
    expect(reasonFor(early, ...records, early)).toBe('not-an-organiser')
    const removed = say(ann, [tip], removal(dov))
    const needed = say(eve, [removed], next)
    expect(reasonFor(needed, ...records, removed, needed)).toBeUndefined()
    const more = say(eve, [needed], epoch('more', [epochOf('next', [firstEpoch])], [ann, bea, cal, eve]))
    expect(reasonFor(more, ...records, removed, needed, more)).toBe('not-an-organiser')
  })

  it('after somebody had been let in by a record that was struck out, though no organiser is at hand', () => {
    const added = say(bea, [tip], add([gus]))
    const demoted = say(ann, [tip], role(bea, 'member'))
    const { heads } = stateAfter(...records, added, demoted)
    expect(heads).toEqual([added.hash, demoted.hash].toSorted())
    const byEve = say(eve, [added, demoted], epoch('next', [firstEpoch], everybody, [firstEpoch]))
    const state = stateAfter(...records, added, demoted, byEve)
    expect(state.skipped.map(({ hash }) => hash)).toEqual([added.hash])
    expect(state.epochs.get(state.currentEpoch)?.clean).toBe(true)
  })

  it('where the clean one was not given to them', () => {
    const removed = say(ann, [tip], removal(dov))
    const forgot = say(ann, [removed], epoch('next', [firstEpoch], [ann, bea, cal]))
    const next = epochOf('next', [firstEpoch])
    const needed = say(eve, [forgot], epoch('eve’s', [next], [ann, bea, cal, eve]))
    expect(reasonFor(needed, ...records, removed, forgot, needed)).toBeUndefined()
  })

  it('after somebody left, or struck off a computer of their own', () => {
    const left = say(dov, [tip], removal(dov))
    const byEve = say(eve, [left], epoch('next', [firstEpoch], [ann, bea, cal, eve]))
    expect(reasonFor(byEve, ...records, left, byEve)).toBeUndefined()
    const made = log()
    made.say(dov, anotherComputer(home, boxes(firstEpoch, home)))
    made.say(home, removalOfDevice(dov))
    const own = made.say(home, epoch('next', [firstEpoch], [ann, bea, cal, eve, home]))
    expect(reasonFor(own, ...records, ...made.all)).toBeUndefined()
  })

  it('two at once: both count, and everybody takes the same', () => {
    const left = say(dov, [tip], removal(dov))
    const both = [eve, cal].map((who) => say(who, [left], epoch(who.name, [firstEpoch], [ann, bea, cal, eve])))
    const state = stateAfter(...records, left, ...both)
    expect(state.skipped).toEqual([])
    expect(state.currentEpoch).toBe([...state.epochs.keys()].filter((id) => id !== firstEpoch).toSorted()[0])
  })
})

describe('who lacks a key', () => {
  const next = epochOf('next', [firstEpoch])

  it('is whoever was put in while it was changing', () => {
    const added = say(bea, [tip], add([gus]))
    const renewed = say(ann, [tip], epoch('next', [firstEpoch], everybody, [firstEpoch]))
    expect(lacking(added, renewed)).toEqual([{ device: gus.device, epoch: next }])
    const repaired = say(dov, [added, renewed], grant(boxes(next, gus)))
    expect(lacking(added, renewed, repaired)).toEqual([])
  })

  it('is nobody who can open it with a newer key, or who is gone', () => {
    const renewed = say(ann, [tip], epoch('next', [firstEpoch], everybody, [firstEpoch]))
    const added = say(ann, [renewed], add([gus], { grants: [boxes(next, gus)] }))
    expect(lacking(renewed, added)).toEqual([])
    const bare = say(ann, [renewed], add([gus], { grants: [] }))
    expect(lacking(renewed, bare)).toHaveLength(2)
    const gone = say(ann, [bare], removal(gus))
    expect(lacking(renewed, bare, gone)).toEqual([])
  })

  it('says nothing of a key that nobody present has', () => {
    const only = say(bea, [tip], epoch('only', [firstEpoch], [dov]))
    const gone = [removal(bea), removal(dov)].map((body) => say(ann, [only], body))
    expect(lacking(only, ...gone)).toEqual([])
  })
})

describe('from now on', () => {
  const fresh = epochOf('fresh', [firstEpoch])
  const renewed = say(ann, [tip], epoch('fresh', [firstEpoch], everybody))
  const added = say(ann, [renewed], add([gus], { history: 'from-now', grants: [boxes(fresh, gus)] }))

  it('opens nothing of before, and everything after', () => {
    const state = stateAfter(...records, renewed, added)
    expect(state.withoutKey).toEqual([])
    expect(state.members.get(gus.member)?.history).toBe('from-now')
    expect(state.epochs.get(firstEpoch)).toMatchObject({ clean: false, openToAll: false })
    expect(state.epochs.get(fresh)).toMatchObject({ clean: true, openToAll: true })
    const later = epochOf('later', [fresh])
    const changed = say(bea, [added], epoch('later', [fresh], everybody, [fresh]))
    expect(lacking(renewed, added, changed)).toEqual([{ device: gus.device, epoch: later }])
  })

  it('is not got round by a key made meanwhile that opens the older ones: nobody goes on under it', () => {
    const meanwhile = epochOf('meanwhile', [fresh])
    const made = say(bea, [renewed], epoch('meanwhile', [fresh], everybody, [fresh, firstEpoch]))
    const beside = epochOf('beside', [firstEpoch])
    const other = say(cal, [tip], epoch('beside', [firstEpoch], everybody, [firstEpoch]))
    const state = stateAfter(...records, renewed, added, made, other)
    expect(state.withoutKey).toEqual([])
    for (const id of [meanwhile, beside]) {
      expect(state.epochs.get(id)).toMatchObject({ clean: false, openToAll: false })
    }
  })

  it('does not grow: not by another computer, not by a box of their own making, not by an invitation of their own use', () => {
    const laptop = person('gus’s laptop', 'gus')
    const device = say(gus, [added], anotherComputer(laptop, boxes(fresh, laptop), boxes(firstEpoch, laptop)))
    const box = say(laptop, [device], grant(boxes(firstEpoch, gus)))
    const invited = say(ann, [box], invite('spare'))
    const third = person('gus’s third', 'gus')
    const used = say(gus, [invited], { ...admit(third, 'spare'), grants: [] } as RecordBody)
    const state = stateAfter(...records, renewed, added, device, box, invited, used)
    expect(state.skipped).toEqual([])
    expect(state.members.get(gus.member)?.history).toBe('from-now')
    expect(state.epochs.get(firstEpoch)?.openToAll).toBe(false)
    expect(state.withoutKey.map((lack) => lack.epoch)).not.toContain(firstEpoch)
  })

  it('begins anew for whoever was removed and comes back from now on', () => {
    const removed = say(ann, [tip], removal(dov))
    const changed = say(ann, [removed], epoch('next', [firstEpoch], [ann, bea, cal, eve], [firstEpoch]))
    const next = epochOf('next', [firstEpoch])
    const again = say(ann, [changed], epoch('again', [next], [ann, bea, cal, eve]))
    const back = say(ann, [again], add([dov], { history: 'from-now', grants: [boxes(epochOf('again', [next]), dov)] }))
    const state = stateAfter(...records, removed, changed, again, back)
    expect(state.members.get(dov.member)?.history).toBe('from-now')
    expect(state.withoutKey).toEqual([])
    expect(state.epochs.get(next)?.openToAll).toBe(false)
  })

  it('is everything where another word, meanwhile, said everything', () => {
    const other = say(bea, [renewed], add([gus], { history: 'all', grants: [] }))
    const state = stateAfter(...records, renewed, added, other)
    expect(state.members.get(gus.member)?.history).toBe('all')
    expect(state.withoutKey).toEqual([{ device: gus.device, epoch: firstEpoch }])
  })
})

it('the founder alone has a clean first epoch', () => {
  const state = stateAfter(genesis)
  expect(state.epochs.get(firstEpoch)).toEqual({ parents: [], clean: true, openToAll: true, by: ann.member })
  expect(state.withoutKey).toEqual([])
})

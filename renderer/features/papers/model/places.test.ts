import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { createLive } from '../../../../shared/base/live.ts'
import type { CircleId, DocumentId, MemberId } from '../../../../shared/base/ids.ts'
import type { CircleContext, Departure, Person, Standing } from '../../../../shared/model/contexts.ts'
import { allRecords, putRecord } from '../../../../shared/model/record.ts'
import { paperRecord } from './paper.ts'
import { paperById } from './selectors.ts'
import {
  heldPapers,
  isWritable,
  knownPeople,
  moveTargets,
  placeOfCopy,
  placesOf,
  readersAfterMove,
  suggestedPlace,
} from './places.ts'

const person = (name: string, isMe = false): Person => ({
  id: name as MemberId,
  name,
  isMe,
  role: 'member',
  computers: [],
})
const ann = person('Ann', true)
const bob = person('Bob')
const cara = person('Cara')

function circle(name: string, people: readonly Person[] = [ann, bob], scope: 'group' | 'circle' = 'circle') {
  const live = {
    name: createLive(name),
    people: createLive(people),
    standing: createLive<Standing>({ state: 'member' }),
    departures: createLive<readonly Departure[]>([]),
  }
  // The parts that places do not touch are left out; reaching for one would throw.
  const context = { id: name as CircleId, scope, records: new Y.Doc(), me: ann.id, ...live } as unknown as CircleContext
  const closed: MemberId[] = []
  return { context: Object.assign(context, { closedTo: () => closed }), closed, ...live }
}

function world() {
  const group = circle('Riverside', [ann, bob, cara], 'group')
  const planning = circle('Planning group')
  const team = circle('Welcome team', [ann, cara])
  const circles = createLive<readonly CircleContext[]>([planning.context, team.context])
  return { group, planning, team, circles, places: placesOf({ circle: group.context, circles }) }
}

const put = (of: { readonly context: CircleContext }, id: string): void =>
  void putRecord(of.context.records, paperRecord, id, { title: id, createdBy: 'Ann', createdAt: 1 })

const names = (places: readonly { readonly name: string }[]): readonly string[] => places.map(({ name }) => name)
const ID = 'd'.repeat(32)

describe('places for papers', () => {
  it('are the group and then its circles, the same object until something changes', () => {
    const { places, planning } = world()
    expect(names(places.get())).toEqual(['Riverside', 'Planning group', 'Welcome team'])
    expect(places.get()).toBe(places.get())
    const before = places.get()
    planning.name.set('Planners')
    expect(places.get()).not.toBe(before)
    expect(names(places.get())).toContain('Planners')
  })

  it('tell of names, people, standing and of circles that come and go, until nobody listens', () => {
    const { places, planning, circles, group } = world()
    let heard = 0
    const stop = places.subscribe(() => (heard += 1))
    planning.people.set([ann])
    group.name.set('Hillside')
    planning.standing.set({ state: 'closed' })
    expect(heard).toBe(3)
    const fresh = circle('Safety')
    circles.set([fresh.context])
    planning.name.set('No longer looked at')
    expect(heard).toBe(4)
    fresh.name.set('Safety circle')
    expect(heard).toBe(5)
    stop()
    fresh.name.set('Unheard')
    circles.set([])
    expect(heard).toBe(5)
  })

  it('know the names of those who have gone', () => {
    const { places, planning } = world()
    planning.departures.set([{ person: cara, setAside: 0 }])
    expect(knownPeople(places.get()[1]!).map(({ name }) => name)).toEqual(['Ann', 'Bob', 'Cara'])
  })

  it('can be written only by members; out of the group is out of all', () => {
    const { places, planning, group } = world()
    planning.standing.set({ state: 'closed' })
    expect(places.get().map(isWritable)).toEqual([true, false, true])
    group.standing.set({ state: 'removed', by: 'Bob', computerOnly: false })
    expect(places.get().map(isWritable)).toEqual([false, false, false])
    expect(places.get()[2]).toMatchObject({ standing: { state: 'removed' }, standingIn: 'Riverside' })
    group.standing.set({ state: 'closed' })
    expect(places.get().map(isWritable)).toEqual([false, false, true])
  })
})

describe('the place of a paper', () => {
  it('is the circle whose records hold it, and none where it is not here', () => {
    const { places, planning } = world()
    put(planning, ID)
    const held = heldPapers(places.get(), (records) => allRecords(records, paperRecord))
    expect(held.get().map(({ place, paper }) => [place.name, paper.id])).toEqual([['Planning group', ID]])
  })

  it('is each of several where somebody put the same id into another circle, and follows their records', () => {
    const { places, planning, group } = world()
    const held = heldPapers(places.get(), (records) => allRecords(records, paperRecord))
    expect(held.get()).toEqual([])
    put(planning, ID)
    let heard = 0
    const stop = held.subscribe(() => (heard += 1))
    expect(names(held.get().map(({ place }) => place))).toEqual(['Planning group'])
    put(group, ID)
    expect(heard).toBe(1)
    expect(names(held.get().map(({ place }) => place))).toEqual(['Riverside', 'Planning group'])
    expect(held.get()).toBe(held.get())
    stop()
    put(group, 'e'.repeat(32))
    expect(heard).toBe(1)
  })

  it('is known for a copy only once the copy is here', () => {
    const { places, group } = world()
    const copy = ID as DocumentId
    expect(placeOfCopy(places.get(), group.context.id, copy)).toBeUndefined()
    put(group, ID)
    expect(placeOfCopy(places.get(), group.context.id, copy)?.name).toBe('Riverside')
    expect(placeOfCopy(places.get(), 'unknown' as CircleId, copy)).toBeUndefined()
  })
})

describe('a paper from before somebody came in', () => {
  it('is held without them, and can be given to its own circle', () => {
    const { places, group, planning } = world()
    put(group, ID)
    const read = (records: CircleContext['records']) => [paperById(records, ID)].flatMap((paper) => paper ?? [])
    const [before] = heldPapers(places.get(), read).get()
    expect(before?.place).toBe(places.get()[0])
    expect(names(moveTargets(places.get(), before!))).toEqual(['Planning group', 'Welcome team'])
    group.closed.push(cara.id)
    const [held] = heldPapers(places.get(), read).get()
    expect(held?.place).toMatchObject({ people: [ann, bob], cannot: [cara] })
    expect(names(moveTargets(places.get(), held!))).toEqual(['Riverside', 'Planning group', 'Welcome team'])
    expect(readersAfterMove(held!.place, places.get()[0]!)).toMatchObject({ fresh: [cara], behind: [] })
    expect(planning.closed).toEqual([])
  })
})

describe('who a new paper is for, before anybody chooses', () => {
  it('minutes: the planning circle; terms of reference: the group; an empty page: as last time', () => {
    const { places } = world()
    const suggest = (...[audience, last]: [Parameters<typeof suggestedPlace>[1], string?]): string | undefined =>
      suggestedPlace(places.get(), audience, last)?.name
    expect(suggest('planning')).toBe('Planning group')
    expect(suggest('planning', 'Welcome team')).toBe('Planning group')
    expect(suggest('group', 'Welcome team')).toBe('Riverside')
    expect(suggest(undefined, 'Welcome team')).toBe('Welcome team')
    expect(suggest(undefined, 'a circle that is gone')).toBe('Riverside')
  })

  it('is never where nothing can be written', () => {
    const { places, planning, group, team } = world()
    planning.standing.set({ state: 'left' })
    expect(suggestedPlace(places.get(), 'planning', 'Planning group')?.name).toBe('Riverside')
    group.standing.set({ state: 'closed' })
    expect(suggestedPlace(places.get(), 'group', undefined)?.name).toBe('Welcome team')
    team.standing.set({ state: 'closed' })
    expect(suggestedPlace(places.get(), undefined, undefined)).toBeUndefined()
  })
})

describe('who can read after a move', () => {
  it('everybody there, who of them newly, and who stays behind', () => {
    const { places } = world()
    const [group, planning, team] = places.get()
    expect(readersAfterMove(planning!, group!)).toEqual({ all: [ann, bob, cara], fresh: [cara], behind: [] })
    expect(readersAfterMove(planning!, team!)).toEqual({ all: [ann, cara], fresh: [cara], behind: [bob] })
    expect(readersAfterMove(group!, planning!)).toEqual({ all: [ann, bob], fresh: [], behind: [cara] })
  })
})

import { expect, test } from 'vitest'
import type { MemberId } from '../../shared/base/ids.ts'
import type { Person, SaveState } from '../../shared/model/contexts.ts'
import { sumOf, worstSave } from './sync-status.ts'

const member = 'b'.repeat(32) as MemberId
const bob: Person = { id: member, name: 'bob', isMe: false, role: 'member', computers: [] }
const inCircle = (sync: Partial<Parameters<typeof sumOf>[1][number]['sync']>, held = 0) => ({
  sync: { member, connected: false, weLack: 0, ...sync },
  held,
})

test('somebody lacks what they lack in each circle, and everything where they were never heard of', () => {
  const sum = sumOf(bob, [
    inCircle({ connected: true, theyLack: 2, weLack: 1, lastMatchedAt: 50 }),
    inCircle({ theyLack: 3, weLack: 4, lastMatchedAt: 20 }, 9),
  ])
  expect(sum).toEqual({ person: bob, connected: true, theyLack: 5, weLack: 5, lastMatchedAt: 20 })
  const halfHeard = sumOf(bob, [inCircle({ theyLack: 0, lastMatchedAt: 50 }), inCircle({}, 7)])
  expect(halfHeard.theyLack).toBe(7)
  expect(halfHeard.lastMatchedAt).toBeUndefined()
  expect(sumOf(bob, [inCircle({}, 7)]).theyLack).toBeUndefined()
})

test('leaving a circle is not a failing disk', () => {
  const saved: SaveState = { state: 'saved' }
  const left: SaveState = { state: 'stopped', reason: 'not-a-member' }
  const full: SaveState = { state: 'stopped', reason: 'disk-low' }
  expect(worstSave(saved, [left, saved])).toEqual(saved)
  expect(worstSave(saved, [left, { state: 'saving' }])).toEqual({ state: 'saving' })
  expect(worstSave(left, [full])).toEqual(full)
  expect(worstSave(left, [saved])).toEqual(left)
})

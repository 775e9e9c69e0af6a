import { expect, test } from 'vitest'
import type { DeviceId, MemberId } from '../../shared/base/ids.ts'
import type { Person, SaveState } from '../../shared/model/contexts.ts'
import { personSync, sumOf, worstSave } from './sync-status.ts'

const member = 'b'.repeat(32) as MemberId
const bob: Person = { id: member, name: 'bob', isMe: false, role: 'member', computers: [] }
type Sync = Parameters<typeof personSync>[1][number]['sync']
const inCircle = (sync: Partial<Sync>, held = 0) => ({
  sync: { member, connected: false, weLack: 0, withheld: 0, devices: [], ...sync },
  held,
})

test('somebody lacks what they lack in each circle, and everything where they were never heard of', () => {
  const sum = sumOf([
    inCircle({ connected: true, theyLack: 2, weLack: 1, lastMatchedAt: 50 }),
    inCircle({ theyLack: 3, weLack: 4, lastMatchedAt: 20, withheld: 2 }, 9),
  ])
  expect(sum).toEqual({ connected: true, theyLack: 5, weLack: 5, withheld: 2, lastMatchedAt: 20 })
  const halfHeard = sumOf([inCircle({ theyLack: 0, lastMatchedAt: 50 }), inCircle({}, 7)])
  expect(halfHeard.theyLack).toBe(7)
  expect(halfHeard.lastMatchedAt).toBeUndefined()
  expect(sumOf([inCircle({}, 7)]).theyLack).toBeUndefined()
})

test('each computer has and lacks for itself, in the circles that it is in', () => {
  const [kitchen, laptop] = ['1', '2'].map((digit) => digit.repeat(32) as DeviceId) as [DeviceId, DeviceId]
  const computers = [kitchen, laptop].map((id) => ({ id, name: '', isThis: false }))
  const at = (device: DeviceId, theyLack: number) => ({ device, connected: false, weLack: 0, withheld: 0, theyLack })
  const sync = personSync({ ...bob, computers }, [
    inCircle({ theyLack: 0, devices: [at(kitchen, 0), at(laptop, 3)] }, 8),
    inCircle({ theyLack: 1, devices: [at(laptop, 1)] }, 4),
  ])
  expect(sync.theyLack).toBe(1)
  expect(sync.computers.map(({ theyLack }) => theyLack)).toEqual([0, 4])
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

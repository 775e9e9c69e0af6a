import { expect, test } from 'vitest'
import type { DeviceId, MemberId } from '../../../../shared/base/ids.ts'
import type { Person } from '../../../../shared/model/contexts.ts'
import { createI18n } from '../../../app/i18n.ts'
import { computerLine, seenLine } from './who-has-what.ts'

const i18n = createI18n()
// A Thursday.
const now = new Date(2026, 10, 26, 15, 0).getTime()
const computers = ['Kitchen', ''].map((name, at) => ({ id: `${at}` as DeviceId, name, isThis: false }))
const person = (name: string, isMe = false): Person => ({ id: name as MemberId, name, isMe, role: 'member', computers })
const [bob, cerys, asha] = [person('Bob'), person('Cerys'), person('Asha', true)]

test('each computer by its name, or by its number', () => {
  const lastMatchedAt = new Date(2026, 10, 24, 9).getTime()
  const exchanged = { connected: false, theyLack: 0, weLack: 0, withheld: 0, lastMatchedAt }
  const lines = computers.map((computer, at) =>
    computerLine(i18n, bob, { computer, ...exchanged, theyLack: at * 3 }, now),
  )
  expect(lines).toEqual(['Kitchen has everything.', 'Computer 2 last matched on Tuesday. Computer 2 lacks 3 changes.'])
})

test.each([
  [
    bob,
    cerys,
    5,
    'Bob saw 5 changes from Cerys that are not here. They may be on their way, or somebody keeps them back.',
  ],
  [bob, cerys, 1, 'Bob saw 1 change from Cerys that is not here. It may be on its way, or somebody keeps it back.'],
  [bob, asha, 2, 'Bob saw 2 changes of yours that are not on this computer.'],
  [asha, bob, 1, 'Another computer of yours saw 1 change from Bob that is not here.'],
  [bob, bob, 2, 'A computer of Bob’s saw 2 changes from another of theirs that are not here.'],
  [asha, asha, 2, 'Another computer of yours has 2 changes of yours that are not on this one.'],
])('what others saw, %#', (by, of, count, expected) => {
  expect(seenLine(i18n, { by, of, count })).toBe(expected)
})

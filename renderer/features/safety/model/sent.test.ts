import { expect, test } from 'vitest'
import type { Sent, SentTo } from '../../../../shared/model/sent.ts'
import { createI18n } from '../../../app/i18n.ts'
import { longDay } from '../../../ui/index.ts'
import {
  allSent,
  byDay,
  dayName,
  earlierLine,
  earlierOf,
  lastSentLine,
  sentLine,
  sentLineOn,
  type SentItem,
} from './sent.ts'

const i18n = createI18n()
// A Thursday.
const now = new Date(2026, 10, 26, 15, 0).getTime()
const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).getTime()
const bobs: SentTo = { to: 'computer', person: 'Bob', isMe: false, computer: 'laptop', number: 2, isRemoved: false }
const line = (more: Partial<SentItem> = {}): SentItem => ({
  recipient: bobs,
  way: 'network',
  from: at(26, 14, 2),
  until: at(26, 14, 20),
  changes: 12,
  bytes: 48 * 1024,
  ...more,
})
const sent = (until: number): Sent => ({ recipient: bobs, way: 'network', from: until, until, changes: 1, bytes: 10 })

test.each([
  [line(), '14:02 to 14:20: to Bob (laptop), on this network: 12 changes, 48 KB.'],
  [line({ until: at(26, 14, 2) }), '14:02: to Bob (laptop), on this network: 12 changes, 48 KB.'],
  [line({ way: 'internet', changes: 0, bytes: 17 }), '14:02 to 14:20: to Bob (laptop), over the internet: 1 KB.'],
  [
    line({ recipient: { ...bobs, computer: '' }, changes: 1 }),
    '14:02 to 14:20: to Bob (computer 2), on this network: 1 change, 48 KB.',
  ],
  [
    line({ recipient: { ...bobs, computer: '', number: 0 } }),
    '14:02 to 14:20: to Bob, on this network: 12 changes, 48 KB.',
  ],
  [
    line({ recipient: { ...bobs, isRemoved: true }, changes: 0 }),
    '14:02 to 14:20: to Bob (laptop), who had been taken out, on this network: 48 KB.',
  ],
  [
    line({ recipient: { ...bobs, isMe: true } }),
    '14:02 to 14:20: to your own computer (laptop), on this network: 12 changes, 48 KB.',
  ],
  [
    line({ recipient: { ...bobs, isMe: true, computer: '', number: 0 } }),
    '14:02 to 14:20: to your own other computer, on this network: 12 changes, 48 KB.',
  ],
  [
    line({ recipient: { ...bobs, person: '' } }),
    '14:02 to 14:20: to somebody whose name is not known here, on this network: 12 changes, 48 KB.',
  ],
  [
    line({ recipient: { to: 'unproved' }, changes: 0 }),
    '14:02 to 14:20: to computers that did not prove who they are, on this network: 48 KB.',
  ],
  [
    line({ recipient: { to: 'backup' }, way: 'file', changes: 0 }),
    '14:02 to 14:20: a backup, into your folder for backups: 48 KB.',
  ],
  [
    line({ recipient: { to: 'file', person: 'Bob' }, way: 'file' }),
    '14:02 to 14:20: a file for Bob: 12 changes, 48 KB.',
  ],
  [
    line({ recipient: { to: 'file', person: '' }, way: 'file' }),
    '14:02 to 14:20: a file for everybody: 12 changes, 48 KB.',
  ],
  [
    line({ from: at(25, 9) }),
    'Wednesday 25 November, 09:00 until Thursday 26 November, 14:20: to Bob (laptop), on this network: 12 changes, 48 KB.',
  ],
])('%#', (item, expected) => {
  expect(sentLine(i18n, item)).toBe(expected)
})

test('with its day', () => {
  expect(sentLineOn(i18n, line(), now)).toBe(
    'Today, 14:02 to 14:20: to Bob (laptop), on this network: 12 changes, 48 KB.',
  )
  expect(
    [at(26, 9), at(25, 9), at(24, 9)].map((day) => dayName(i18n, new Date(day).setHours(0, 0, 0, 0), now)),
  ).toEqual(['Today', 'Yesterday', longDay(i18n, at(24, 9))])
})

test.each([
  [undefined, 'computer', 'Nothing has left this computer yet.'],
  [undefined, 'group', 'Nothing has left this computer for this group yet.'],
  [at(24, 9), 'computer', 'Nothing has left this computer since Tuesday.'],
  [at(24, 9), 'group', 'Nothing has left this computer for this group since Tuesday.'],
  [at(25, 9), 'computer', 'Nothing has left this computer since yesterday.'],
  [at(3, 9), 'computer', 'Nothing has left this computer since 3 November 2026.'],
  [at(26, 14, 20), 'computer', 'Something last left this computer today at 14:20.'],
  // The clock was set back since.
  [at(28, 9), 'computer', 'Something last left this computer on 28 November.'],
] as const)('the first sentence, %#', (until, scope, expected) => {
  expect(lastSentLine(i18n, until === undefined ? undefined : sent(until), scope, now)).toBe(expected)
})

test('connections, backups and files that were made stand in one list, newest first; opened files are not among them', () => {
  const logs = [{ lines: [sent(at(26, 14)), sent(at(24, 8))] }, { lines: [sent(at(25, 9))] }]
  const file = { at: at(25, 10), person: 'Bob', changes: 2, bytes: 700 }
  const items = allSent(logs, [
    { ...file, kind: 'made' },
    { ...file, kind: 'opened' },
  ])
  expect(items.map(({ until }) => until)).toEqual([at(26, 14), at(25, 10), at(25, 9), at(24, 8)])
  expect(byDay(items).map((day) => day.items.length)).toEqual([1, 2, 1])
})

test('what is older is one sum', () => {
  const earlier = { from: at(3, 8), until: at(9, 8), changes: 3, bytes: 2 * 1024 * 1024 }
  const both = earlierOf([
    { lines: [], earlier },
    { lines: [] },
    { lines: [], earlier: { ...earlier, from: at(2, 8) } },
  ])
  expect(earlierOf([{ lines: [] }])).toBeUndefined()
  expect(both === undefined ? '' : earlierLine(i18n, both)).toBe(
    'Before that, from 2 November 2026 to 9 November 2026: 6 changes, 4 MB together.',
  )
})

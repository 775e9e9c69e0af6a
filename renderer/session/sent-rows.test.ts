import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DeviceId } from '../../shared/base/ids.ts'
import { MAX_TIME } from '../../shared/wire/limits.ts'
import {
  dayOf,
  decodeRow,
  decodeSum,
  encodeRow,
  encodeSum,
  folded,
  NOTHING_FOLDED,
  withLine,
  type Recipient,
  type SentLine,
  type SentRow,
} from './sent-rows.ts'

const device = (number: number) => number.toString(16).padStart(32, '0') as DeviceId
const MINUTE = 60_000
const AT = Date.UTC(2026, 10, 26, 14)
const empty: SentRow = { number: 1, day: 3, lines: [] }
const line = (more: Partial<SentLine> = {}): SentLine => ({
  recipient: { to: 'device', device: device(1) },
  way: 'network',
  from: AT,
  until: AT,
  changes: 1,
  bytes: 100,
  ...more,
})
const at = (time: number, more: Partial<SentLine> = {}) => line({ from: time, until: time, ...more })
const rowOf = (...lines: readonly SentLine[]): SentRow => lines.reduce(withLine, empty)
const sumOf = (row: SentRow) => folded(NOTHING_FOLDED, row)

describe('lines of a day', () => {
  test('what goes to one computer with no long pause between is one meeting', () => {
    const row = rowOf(at(AT), at(AT + 5 * MINUTE), at(AT + 14 * MINUTE), at(AT + 30 * MINUTE))
    expect(row.lines).toMatchObject([
      { from: AT, until: AT + 14 * MINUTE, changes: 3, bytes: 300 },
      { from: AT + 30 * MINUTE, until: AT + 30 * MINUTE, changes: 1, bytes: 100 },
    ])
  })

  test('another computer, another way, and one that has been taken out meanwhile are lines of their own', () => {
    const recipient: Recipient = { to: 'removed', device: device(1) }
    const row = rowOf(line(), line({ recipient: { to: 'device', device: device(2) } }), line({ way: 'internet' }))
    expect(withLine(row, line({ recipient })).lines).toHaveLength(4)
  })

  test('computers that nobody knows are one line a day, however often they come', () => {
    const unproved: Recipient = { to: 'unproved' }
    const row = rowOf(...[0, 60, 300, 700].map((minutes) => at(AT + minutes * MINUTE, { recipient: unproved })))
    expect(row.lines).toMatchObject([{ recipient: unproved, from: AT, until: AT + 700 * MINUTE, bytes: 400 }])
  })

  test('a clock that is set back makes no time negative and loses nothing', () => {
    const row = rowOf(at(AT), at(AT - 3 * MINUTE), at(AT - 600 * MINUTE), at(AT - 599 * MINUTE))
    expect(row.lines).toMatchObject([
      { from: AT - 3 * MINUTE, until: AT, bytes: 200 },
      { from: AT - 600 * MINUTE, until: AT - 599 * MINUTE, bytes: 200 },
    ])
  })

  test('a thousand computers in a day: most by name, the rest together, and nothing is lost', () => {
    const lines = Array.from({ length: 1000 }, (_, number) =>
      at(AT + number * MINUTE, { recipient: { to: 'device', device: device(number) } }),
    )
    const row = rowOf(...lines, ...lines)
    expect(row.lines).toHaveLength(513)
    expect(row.lines.filter(({ recipient }) => recipient.to === 'others')).toHaveLength(1)
    expect(sumOf(row)).toMatchObject({ changes: 2000, bytes: 200_000 })
    expect(encodeRow(row).length).toBeLessThan(20_000)
    expect(decodeRow(encodeRow(row))).toEqual({ ok: true, value: row })
  })

  const anyTime = fc.integer({ min: 0, max: AT })
  const sent = fc.array(fc.record({ time: anyTime, who: fc.integer({ min: 0, max: 3 }), bytes: fc.nat() }))
  test('whatever the clock does, every byte is in the row and in the sum, and the row reads back', () => {
    fc.assert(
      fc.property(sent, (all) => {
        const row = rowOf(
          ...all.map(({ time, who, bytes }) => at(time, { recipient: { to: 'device', device: device(who) }, bytes })),
        )
        for (const { from, until } of row.lines) expect(until).toBeGreaterThanOrEqual(from)
        expect(sumOf(row).bytes).toBe(all.reduce((sum, { bytes }) => sum + bytes, 0))
        expect(decodeRow(encodeRow(row))).toEqual({ ok: true, value: row })
        expect(decodeSum(encodeSum(sumOf(row)))).toEqual({ ok: true, value: sumOf(row) })
      }),
    )
  })
})

test('days are those of this computer’s calendar', () => {
  expect(dayOf(new Date(2026, 10, 26, 0, 0).getTime())).toBe(dayOf(new Date(2026, 10, 26, 23, 59).getTime()))
  expect(dayOf(new Date(2026, 10, 27, 0, 0).getTime()) - dayOf(new Date(2026, 10, 26, 23, 59).getTime())).toBe(1)
  expect(dayOf(0)).toBeGreaterThanOrEqual(0)
})

describe('what is not a row', () => {
  const good = encodeRow(rowOf(line()))
  test.each([
    ['a newer version', Uint8Array.of(2, ...good.subarray(1)), 'other-version'],
    ['cut off', good.subarray(0, -1), 'malformed'],
    ['something after it', Uint8Array.of(...good, 0), 'malformed'],
    ['a recipient that there is not', Uint8Array.of(1, 1, 3, 1, 99, 0, 0, 0, 0, 0), 'malformed'],
    ['a way that there is not', Uint8Array.of(1, 1, 3, 1, 2, 9, 0, 0, 0, 0), 'malformed'],
    ['empty', new Uint8Array(), 'malformed'],
  ])('%s is refused', (_name, bytes, error) => {
    expect(decodeRow(bytes)).toMatchObject({ ok: false, error })
  })

  test('times past the end of time are refused', () => {
    const long = { ...line(), from: MAX_TIME, until: MAX_TIME + 1000 }
    expect(decodeRow(encodeRow({ ...empty, lines: [long] }))).toMatchObject({ ok: false, error: 'too-large' })
    expect(
      decodeSum(encodeSum({ folded: 1, from: MAX_TIME, until: MAX_TIME + 1, changes: 0, bytes: 0 })),
    ).toMatchObject({
      ok: false,
      error: 'too-large',
    })
  })
})

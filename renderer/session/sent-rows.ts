/** How what left this computer is counted and kept: one row a day, and what is older in one sum. Pure; sent-log.ts stores it. */
import type { Bytes } from '../../shared/base/bytes.ts'
import type { Result } from '../../shared/base/errors.ts'
import type { DeviceId } from '../../shared/base/ids.ts'
import type { SentBy } from '../../shared/model/sent.ts'
import {
  createWriter,
  decodeAll,
  refuse,
  type DecodeProblem,
  type Reader,
  type Writer,
} from '../../shared/wire/codec.ts'
import { MAX_TIME } from '../../shared/wire/limits.ts'

const VERSION = 1
/** Rows kept one by one. */
export const KEPT_DAYS = 90
/** Places for rows. One more than are kept: a row is in the sum before anything is written over it. */
export const PLACES = KEPT_DAYS + 1
/** What is more on one day is added to lines that are there. */
const MAX_LINES = 512
/** Two meetings of the same computer with less between them are one line. */
const SAME_MEETING_MS = 10 * 60_000
const MAX_COUNT = Number.MAX_SAFE_INTEGER
const MAX_ROW = 0xffff_ffff

export type Recipient =
  | { readonly to: 'device' | 'removed'; readonly device: DeviceId }
  | { readonly to: 'unproved' | 'newcomer' | 'inviter' | 'others' | 'backup' | 'export' | 'invitation' | 'request' }

/** By their places in the format: a new one comes last. */
const RECIPIENTS = [
  'device',
  'removed',
  'unproved',
  'newcomer',
  'inviter',
  'others',
  'backup',
  'export',
  'invitation',
  'request',
] as const
const WAYS = ['network', 'internet', 'file'] as const

export interface SentLine {
  readonly recipient: Recipient
  readonly way: SentBy
  readonly from: number
  readonly until: number
  readonly changes: number
  readonly bytes: number
}

export interface SentRow {
  /** Counts up from 1, whatever the clock says. */
  readonly number: number
  /** Of this computer's calendar, when it was begun. */
  readonly day: number
  /** In the order in which they were begun. */
  readonly lines: readonly SentLine[]
}

/** All rows up to number `folded`, together. */
export interface SentSum {
  readonly folded: number
  readonly from: number
  readonly until: number
  readonly changes: number
  readonly bytes: number
}

export const NOTHING_FOLDED: SentSum = { folded: 0, from: 0, until: 0, changes: 0, bytes: 0 }

const plus = (a: number, b: number): number => Math.min(MAX_COUNT, a + b)

/** A day of the calendar as a number. */
export function dayOf(time: number): number {
  const date = new Date(time)
  return Math.max(0, Math.floor(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000))
}

const isSameRecipient = (a: Recipient, b: Recipient): boolean =>
  a.to === b.to && ('device' in a ? a.device : '') === ('device' in b ? b.device : '')

/** Those whom nobody knows may come as often as they like; they get one line a day. */
const isSameMeeting = (line: SentLine, next: SentLine): boolean =>
  next.recipient.to === 'unproved' || Math.abs(next.from - line.until) < SAME_MEETING_MS

/** Times may go back with the clock: a line then spans both, and is never shorter than nothing. */
const joined = (line: SentLine, next: SentLine): SentLine => ({
  ...line,
  from: Math.min(line.from, next.from),
  until: Math.max(line.until, next.until),
  changes: plus(line.changes, next.changes),
  bytes: plus(line.bytes, next.bytes),
})

export function withLine(row: SentRow, next: SentLine): SentRow {
  const { lines } = row
  const isFull = lines.length >= MAX_LINES
  const matches = (one: SentLine): boolean =>
    one.way === next.way && isSameRecipient(one.recipient, next.recipient) && (isFull || isSameMeeting(one, next))
  const at = lines.findLastIndex(matches)
  const found = lines[at]
  if (found !== undefined) return { ...row, lines: lines.with(at, joined(found, next)) }
  if (!isFull) return { ...row, lines: [...lines, next] }
  const rest = lines.findIndex(({ recipient }) => recipient.to === 'others')
  const others = lines[rest]
  if (others !== undefined) return { ...row, lines: lines.with(rest, joined(others, next)) }
  return { ...row, lines: [...lines, { ...next, recipient: { to: 'others' } }] }
}

export function folded(sum: SentSum, { number, lines }: SentRow): SentSum {
  return lines.reduce<SentSum>(
    (all, { from, until, changes, bytes }) => ({
      folded: number,
      from: all.from === 0 ? from : Math.min(all.from, from),
      until: Math.max(all.until, until),
      changes: plus(all.changes, changes),
      bytes: plus(all.bytes, bytes),
    }),
    { ...sum, folded: number },
  )
}

const writeLine = (to: Writer, { recipient, way, from, until, changes, bytes }: SentLine): void => {
  to.byte(RECIPIENTS.indexOf(recipient.to))
  if ('device' in recipient) to.id(recipient.device)
  to.byte(WAYS.indexOf(way))
    .uint(from)
    .uint(until - from)
    .uint(changes)
    .uint(bytes)
}

function readRecipient(reader: Reader): Recipient {
  const to = RECIPIENTS[reader.byte()] ?? refuse('malformed', 'recipient')
  return to === 'device' || to === 'removed' ? { to, device: reader.id<DeviceId>() } : { to }
}

function readLine(reader: Reader): SentLine {
  const recipient = readRecipient(reader)
  const way = WAYS[reader.byte()] ?? refuse('malformed', 'way')
  const from = reader.uint(MAX_TIME)
  const until = from + reader.uint(MAX_TIME)
  if (until > MAX_TIME) refuse('too-large', 'time')
  return { recipient, way, from, until, changes: reader.uint(MAX_COUNT), bytes: reader.uint(MAX_COUNT) }
}

const readVersion = (reader: Reader): void => {
  if (reader.byte() !== VERSION) refuse('other-version', 'what was sent')
}

export const encodeRow = ({ number, day, lines }: SentRow): Bytes =>
  createWriter().byte(VERSION).uint(number).uint(day).list(lines, writeLine).done()

export const decodeRow = (bytes: Uint8Array): Result<SentRow, DecodeProblem> =>
  decodeAll(bytes, (reader) => {
    readVersion(reader)
    const number = reader.uint(MAX_ROW)
    return { number, day: reader.uint(MAX_TIME), lines: reader.list(MAX_LINES + 1, readLine) }
  })

export const encodeSum = (sum: SentSum): Bytes =>
  createWriter()
    .byte(VERSION)
    .uint(sum.folded)
    .uint(sum.from)
    .uint(sum.until - sum.from)
    .uint(sum.changes)
    .uint(sum.bytes)
    .done()

export const decodeSum = (bytes: Uint8Array): Result<SentSum, DecodeProblem> =>
  decodeAll(bytes, (reader) => {
    readVersion(reader)
    const folded = reader.uint(MAX_ROW)
    const from = reader.uint(MAX_TIME)
    const until = from + reader.uint(MAX_TIME)
    if (until > MAX_TIME) refuse('too-large', 'time')
    return { folded, from, until, changes: reader.uint(MAX_COUNT), bytes: reader.uint(MAX_COUNT) }
  })

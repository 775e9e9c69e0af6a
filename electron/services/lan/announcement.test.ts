import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { Answer } from 'dns-packet'
import { expect, test } from 'vitest'
import { SERVICE, goodbyeRecords, readRecords, toRecords } from './announcement.ts'
import { MAX_ROOMS } from './tags.ts'

const instance = '0123456789abcdef0123'
const slots = Array.from({ length: 4 }, () => new Uint8Array(randomBytes(16)))
const announcement = { instance, port: 40_000, slots }
const name = `${instance}.${SERVICE}`

const withRecord = (type: 'SRV' | 'TXT', data: unknown): Answer[] =>
  // A shape the types forbid, as the network may bring it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  toRecords(announcement).map((record) => (record.type === type ? ({ ...record, data } as Answer) : record))

test('what is said is read again', () => {
  const said = readRecords(toRecords(announcement))
  expect(said?.type).toBe('here')
  if (said?.type !== 'here') return
  expect(said.announcement.instance).toBe(instance)
  expect(said.announcement.port).toBe(40_000)
  expect(said.announcement.slots.map((slot) => [...slot])).toEqual(slots.map((slot) => [...slot]))
})

test('a goodbye is read as one', () => {
  expect(readRecords(goodbyeRecords(announcement))).toEqual({ type: 'gone', instance })
})

test('no address and no host name of the computer is said', () => {
  const records = toRecords(announcement)
  expect(records.map(({ type }) => type)).toEqual(['PTR', 'SRV', 'TXT'])
  expect(JSON.stringify(records)).not.toContain(hostname())
  expect(records[1]).toMatchObject({ data: { target: `${instance}.local` } })
})

test('other services, half an announcement and wrong shapes are passed over', () => {
  const other: Answer = { name: 'x._ipp._tcp.local', type: 'TXT', ttl: 1, data: ['a'] }
  expect(readRecords([other])).toBeUndefined()
  expect(readRecords(toRecords(announcement).slice(0, 2))).toBeUndefined()
  expect(readRecords(toRecords({ ...announcement, instance: 'laptop-of-maria' }))).toBeUndefined()
  expect(readRecords(withRecord('TXT', 'text'))).toBeUndefined()
  expect(readRecords(withRecord('TXT', []))).toBeUndefined()
  expect(readRecords(withRecord('TXT', [randomBytes(15)]))).toBeUndefined()
  expect(
    readRecords(
      withRecord(
        'TXT',
        Array.from({ length: MAX_ROOMS + 1 }, () => randomBytes(16)),
      ),
    ),
  ).toBeUndefined()
  expect(readRecords(withRecord('SRV', { port: 0, target: name }))).toBeUndefined()
})

test('one packet that speaks for two is passed over', () => {
  const second = toRecords({ ...announcement, instance: 'f'.repeat(20) })
  expect(readRecords([...toRecords(announcement), ...second])).toBeUndefined()
})

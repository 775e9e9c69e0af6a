import { expect, test } from 'vitest'
import type { Bytes } from '../../shared/base/bytes.ts'
import type { DeviceId } from '../../shared/base/ids.ts'
import { StoreStopped } from '../../shared/sync/store.ts'
import { createManualTime } from '../../shared/sync/testing.ts'
import { createMeter, openSentLog } from './sent-log.ts'
import { KEPT_DAYS, PLACES } from './sent-rows.ts'

const DAY = 86_400_000
const NOON = new Date(2026, 10, 26, 12, 0).getTime()
const device = (number: number) => number.toString(16).padStart(32, '0') as DeviceId

const quickly = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

function createValues() {
  const kept = new Map<string, Bytes>()
  const writes: string[] = []
  let problem: Error | undefined
  return {
    kept,
    writes,
    fail: (error: Error | undefined) => {
      problem = error
    },
    values: async (keys: readonly string[]) => keys.map((key) => kept.get(key)),
    setValue: async (key: string, value: Bytes) => {
      writes.push(key)
      if (problem !== undefined) throw problem
      kept.set(key, value)
    },
  }
}

async function open(store: Parameters<typeof openSentLog>[0]['store'], start = NOON) {
  const time = createManualTime(quickly, start)
  const lines: string[] = []
  let skew = 0
  const clock = { now: () => time.now() + skew }
  const log = await openSentLog({
    store,
    clock,
    timers: time,
    whose: (id) => ({ to: 'computer', person: id, isMe: false, computer: '', number: 0, isRemoved: false }),
    log: (line) => lines.push(line),
  })
  const link = (kind: 'lan' | 'webrtc' = 'lan') => createMeter({ kind, clock, note: (line) => log.note(line) })
  const send = (to: number, bytes: number): void => {
    const meter = link()
    meter.reached(device(to), true)
    meter.sent(bytes)
  }
  const total = () => {
    const { lines: shown, earlier } = log.live.get()
    return shown.reduce((sum, { bytes }) => sum + bytes, earlier?.bytes ?? 0)
  }
  return { log, time, lines, link, send, total, setClock: (by: number) => void (skew = by) }
}

test('who is at the other end is known later: what was sent before is theirs too, and nobody’s where nobody proves it', async () => {
  const { log, time, link } = await open(createValues())
  const [known, removed, unknown] = [link(), link('webrtc'), link()]
  for (const meter of [known, removed, unknown]) meter.sent(33)
  await time.pass(2000)
  expect(log.live.get().lines).toEqual([])
  known.reached(device(1), true)
  known.changes(2)
  known.sent(100)
  known.reached(device(1), false)
  known.sent(7)
  removed.reached(device(2), false)
  for (const meter of [known, removed, unknown]) meter.close()
  await time.pass(2000)
  const said = log.live.get().lines.map(({ recipient, way, changes, bytes }) => {
    const who =
      recipient.to === 'computer' ? `${Number.parseInt(recipient.person, 16)} ${recipient.isRemoved}` : recipient.to
    return `${who} ${way} ${changes} ${bytes}`
  })
  expect(said.toSorted()).toEqual([
    '1 false network 2 133',
    '1 true network 0 7',
    '2 true internet 0 33',
    'unproved network 0 33',
  ])
})

test('a busy hour is a write every half minute at most, signs of life alone wake the disk far less; a restart has it all', async () => {
  const store = createValues()
  const first = await open(store)
  for (let second = 0; second < 3600; second += 10) {
    first.send(1, 2000)
    await first.time.pass(10_000)
  }
  expect(store.writes.length).toBeGreaterThan(50)
  expect(store.writes.length).toBeLessThanOrEqual(120)
  const before = store.writes.length
  for (let minute = 0; minute < 60; minute++) {
    first.send(1, 17)
    await first.time.pass(60_000)
  }
  expect(store.writes.length - before).toBeLessThanOrEqual(7)
  first.send(2, 5)
  await first.log.close()
  const again = await open(store, NOON + 2 * 3_600_000)
  expect(again.total()).toBe(360 * 2000 + 60 * 17 + 5)
  again.send(1, 10)
  await again.time.pass(2000)
  expect(again.total()).toBe(360 * 2000 + 60 * 17 + 15)
})

test('the latest days are kept one by one and the rest in one sum, in no more rows than there are places', async () => {
  const store = createValues()
  let sent = 0
  for (let run = 0; run < 4; run++) {
    const { log, send, time, total } = await open(store, NOON + run * 70 * DAY)
    for (let day = 0; day < 70; day++) {
      send(1, 1000 + day)
      sent += 1000 + day
      await time.pass(DAY)
    }
    expect(total()).toBe(sent)
    await log.close()
  }
  expect(store.kept.size).toBe(PLACES + 1)
  const { log, total } = await open(store, NOON + 300 * DAY)
  expect(log.live.get().lines).toHaveLength(KEPT_DAYS)
  expect(total()).toBe(sent)
})

test('a clock set back by a year, forward by ten and right again: never negative, nothing lost, in order after a restart', async () => {
  const store = createValues()
  const { log, send, time, setClock, total } = await open(store)
  for (const by of [0, -365 * DAY, 3650 * DAY, 0, -NOON - DAY]) {
    setClock(by)
    send(1, 2000)
    await time.pass(40_000)
  }
  expect(total()).toBe(10_000)
  for (const { from, until } of log.live.get().lines) {
    expect(from).toBeGreaterThanOrEqual(0)
    expect(until).toBeGreaterThanOrEqual(from)
  }
  await log.close()
  const again = await open(store)
  expect(again.total()).toBe(10_000)
  again.send(1, 1)
  await again.time.pass(2000)
  expect(again.total()).toBe(10_001)
})

test('a hundred computers in one day', async () => {
  const store = createValues()
  const { log, send, time, total } = await open(store)
  for (let round = 0; round < 3; round++) {
    for (let to = 0; to < 100; to++) send(to, 500)
    await time.pass(3_600_000)
  }
  expect(log.live.get().lines).toHaveLength(300)
  expect(total()).toBe(150_000)
  expect([...store.kept.values()].map(({ length }) => length)).toSatisfy((lengths: number[]) =>
    lengths.every((length) => length < 16_384),
  )
})

test('a store that stops is told of once and troubles nobody; what was counted is stored when it goes on', async () => {
  const store = createValues()
  const { log, send, time, lines, total } = await open(store)
  store.fail(new StoreStopped('disk-low'))
  send(1, 5000)
  await time.pass(60_000)
  send(1, 5000)
  await time.pass(60_000)
  expect(lines).toHaveLength(1)
  expect(total()).toBe(10_000)
  store.fail(undefined)
  send(1, 1)
  await log.close()
  expect((await open(store)).total()).toBe(10_001)
})

test('cut off after the sum was stored and before the row: no day counts twice', async () => {
  const store = createValues()
  const first = await open(store)
  for (let day = 0; day < KEPT_DAYS; day++) {
    first.send(1, 2000)
    await first.time.pass(DAY)
  }
  first.send(1, 2000)
  const setValue = store.setValue
  store.setValue = async (key, value) => {
    await setValue(key, value)
    store.fail(new Error('cut off'))
  }
  await first.time.pass(60_000)
  expect(store.writes.at(-2)).toBe('sent/earlier')
  store.fail(undefined)
  expect((await open(store, NOON + 91 * DAY)).total()).toBe(KEPT_DAYS * 2000)
})

test('what cannot be read is not written over, and counting goes on', async () => {
  const store = createValues()
  const broken = { ...store, values: () => Promise.reject(new Error('the disk does not answer')) }
  const { log, send, time, lines, total } = await open(broken)
  send(1, 5000)
  await time.pass(60_000)
  await log.close()
  expect(total()).toBe(5000)
  expect(store.writes).toEqual([])
  expect(lines).toHaveLength(1)
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CALL_TIMING, createCalls } from './calls.ts'

const room = { id: 'room' }
const PLACE = { address: '10.77.0.2', port: 40_000 }
const [LOW, MIDDLE, HIGH] = ['1'.repeat(20), '5'.repeat(20), '9'.repeat(20)]

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function setup(answers = true) {
  const calls: string[] = []
  const linked = new Set<string>()
  const state = { answers }
  const meeting = createCalls<typeof room>({
    timing: CALL_TIMING,
    own: () => MIDDLE,
    linked: (_, instance) => linked.has(instance),
    call: (_, instance, { address }) => {
      calls.push(`${instance[0]} ${address}`)
      if (state.answers) linked.add(instance)
      return Promise.resolve(state.answers)
    },
  })
  return { meeting, calls, linked, state }
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

test('the lower name calls at once, the higher one only after a while', async () => {
  const { meeting, calls } = setup()
  meeting.heard(HIGH, PLACE, [room])
  meeting.heard(LOW, PLACE, [room])
  await pass(10)
  expect(calls).toEqual(['9 10.77.0.2'])
  await pass(CALL_TIMING.tieDelay)
  expect(calls).toEqual(['9 10.77.0.2', '1 10.77.0.2'])
})

test('who has called meanwhile is not called', async () => {
  const { meeting, calls, linked } = setup()
  meeting.heard(LOW, PLACE, [room])
  linked.add(LOW)
  await pass(60_000)
  expect(calls).toEqual([])
})

test('who is in none of the rooms is not called', async () => {
  const { meeting, calls } = setup()
  meeting.heard(HIGH, PLACE, [])
  await pass(60_000)
  expect(calls).toEqual([])
})

test('what fails is tried again more and more slowly, and given up when nothing is heard any more', async () => {
  const { meeting, calls } = setup(false)
  meeting.heard(HIGH, PLACE, [room])
  await pass(1100)
  expect(calls.length).toBe(2)
  await pass(CALL_TIMING.forget + CALL_TIMING.slowestRetry)
  const tries = calls.length
  expect(tries).toBeGreaterThan(6)
  expect(tries).toBeLessThan(15)
  await pass(CALL_TIMING.forget)
  expect(calls.length).toBe(tries)
})

test('a link that was lost is called again at once; one that was closed on purpose is left alone for a while', async () => {
  const { meeting, calls, linked } = setup()
  meeting.heard(HIGH, PLACE, [room])
  await pass(10)
  linked.clear()
  meeting.linkEnded(room, HIGH, 'lost')
  await pass(10)
  expect(calls.length).toBe(2)
  linked.clear()
  meeting.linkEnded(room, HIGH, 'ended')
  meeting.heard(HIGH, PLACE, [room])
  await pass(CALL_TIMING.afterClose - 100)
  expect(calls.length).toBe(2)
  await pass(200)
  expect(calls.length).toBe(3)
})

test('a goodbye, or leaving the room, ends the calls', async () => {
  const { meeting, calls } = setup(false)
  meeting.heard(HIGH, PLACE, [room])
  meeting.gone(HIGH)
  meeting.heard('8'.repeat(20), PLACE, [room])
  meeting.roomLeft(room)
  await pass(60_000)
  expect(calls).toEqual([])
})

test('the place heard last is tried first, and another one after it', async () => {
  const { meeting, calls } = setup(false)
  meeting.heard(HIGH, { address: 'fe80::1%eth0', port: 40_000 }, [room])
  meeting.heard(HIGH, PLACE, [room])
  await pass(10)
  expect(calls).toEqual(['9 10.77.0.2', '9 fe80::1%eth0'])
})

test('a changed network, or a new place, is tried without waiting out the slowness', async () => {
  const { meeting, calls, state } = setup(false)
  meeting.heard(HIGH, PLACE, [room])
  await pass(20_000)
  const before = calls.length
  state.answers = true
  meeting.networkChanged()
  await pass(CALL_TIMING.firstRetry + 10)
  expect(calls.length).toBe(before + 1)
})

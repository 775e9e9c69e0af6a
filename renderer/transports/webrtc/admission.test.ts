import { describe, expect, test } from 'vitest'
import { createReplayFilter, judgeSignal } from './admission.ts'
import type { Connection } from './connection.ts'
import { MAX_NONCES_REMEMBERED, MAX_UNANSWERED } from './limits.ts'
import type { Signal } from './signal.ts'

const LOW = '00000000-0000-4000-8000-000000000000'
const OWN = '77777777-7777-4777-8777-777777777777'
const HIGH = 'ffffffff-ffff-4fff-8fff-ffffffffffff'

interface Shape {
  readonly initiator?: boolean
  readonly unanswered?: boolean
  readonly awaitsAnswer?: boolean
}
const connection = (
  remoteId: string,
  { initiator = true, unanswered = true, awaitsAnswer = false }: Shape = {},
): Connection => ({
  remoteId,
  initiator,
  link: () => undefined,
  unanswered: () => unanswered,
  awaitsAnswer: () => awaitsAnswer,
  end: () => undefined,
})
const having = (...connections: readonly Connection[]) => new Map(connections.map((each) => [each.remoteId, each]))
const announce = (from: string, to?: string): Signal => ({ type: 'announce', from, to })
const judge = (signal: Signal, connections = having()) => judgeSignal(signal, OWN, connections)

describe('an announce', () => {
  test('from the higher name: this end begins', () => {
    expect(judge(announce(HIGH))).toEqual({ do: 'pass' })
    expect(judge(announce(HIGH, OWN))).toEqual({ do: 'pass' })
  })
  test('from the lower name: it is asked to begin, once; two never ask each other in turns', () => {
    expect(judge(announce(LOW))).toEqual({ do: 'announce-to', to: LOW })
    expect(judge(announce(LOW, OWN)).do).toBe('drop')
  })
  test('from oneself, for another, or from one already connected: nothing', () => {
    expect(judge(announce(OWN)).do).toBe('drop')
    expect(judge(announce(HIGH, LOW)).do).toBe('drop')
    expect(judge(announce(HIGH), having(connection(HIGH))).do).toBe('drop')
  })
  test('one too many replaces the oldest that nobody answered, never one that was answered', () => {
    const answered = connection('answered', { unanswered: false })
    const ghosts = Array.from({ length: MAX_UNANSWERED }, (_, index) => connection(`ghost ${index}`))
    expect(judge(announce(HIGH), having(answered, ...ghosts.slice(1)))).toEqual({ do: 'pass' })
    expect(judge(announce(HIGH), having(answered, ...ghosts))).toEqual({ do: 'replace', remoteId: 'ghost 0' })
  })
})

describe('an offer', () => {
  const offer = (from: string): Signal => ({ type: 'offer', from, to: OWN })
  test('from the lower name passes; from the higher it is refused', () => {
    expect(judge(offer(LOW))).toEqual({ do: 'pass' })
    expect(judge(offer(HIGH))).toEqual({ do: 'drop', because: 'offer from the wrong side' })
  })
  test('where a connection was there, the other side has given that up', () => {
    expect(judge(offer(LOW), having(connection(LOW, { initiator: false })))).toEqual({ do: 'replace', remoteId: LOW })
  })
})

test('an answer passes only where one is waited for', () => {
  const answer: Signal = { type: 'answer', from: HIGH, to: OWN }
  const refused = { do: 'drop', because: 'answer nobody waits for' }
  expect(judge(answer)).toEqual(refused)
  expect(judge(answer, having(connection(HIGH)))).toEqual(refused)
  expect(judge(answer, having(connection(HIGH, { awaitsAnswer: true })))).toEqual({ do: 'pass' })
})

test('a nonce is good once, and memory is bounded', () => {
  const isFirst = createReplayFilter()
  expect([isFirst('a'), isFirst('a'), isFirst('b')]).toEqual([true, false, true])
  for (let index = 0; index < MAX_NONCES_REMEMBERED; index++) isFirst(`n${index}`)
  expect(isFirst(`n${MAX_NONCES_REMEMBERED - 1}`)).toBe(false)
  expect(isFirst('a')).toBe(true)
})

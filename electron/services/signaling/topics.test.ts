import { expect, test } from 'vitest'
import { createRate } from './rate.ts'
import { MAX_TOPICS, createTopics, readMessage } from './topics.ts'

test.each([
  [{ type: 'subscribe', topics: ['a', 'b'] }],
  [{ type: 'unsubscribe', topics: [] }],
  [{ type: 'publish', topic: 'a', data: 'sealed' }],
  [{ type: 'publish', topic: 'a', data: { from: 'x' } }],
  [{ type: 'ping' }],
])('%j is read', (message) => expect(readMessage(JSON.stringify(message))).toEqual({ ok: true, value: message }))

test.each([
  '',
  '{',
  'null',
  '[]',
  '{"type":"unknown"}',
  '{"type":"subscribe"}',
  '{"type":"subscribe","topics":"a"}',
  '{"type":"subscribe","topics":[1]}',
  '{"type":"subscribe","topics":[""]}',
  '{"type":"publish","data":"x"}',
  JSON.stringify({ type: 'subscribe', topics: ['a'.repeat(257)] }),
  JSON.stringify({ type: 'subscribe', topics: Array.from({ length: MAX_TOPICS + 1 }, String) }),
])('%s is refused', (text) => expect(readMessage(text)).toMatchObject({ ok: false, error: 'malformed-message' }))

test('a client has a limited number of topics, and leaving gives all back', () => {
  const topics = createTopics<string>()
  for (let index = 0; index < MAX_TOPICS; index++) expect(topics.subscribe('ann', `t${index}`)).toBe(true)
  expect(topics.subscribe('ann', 'one more')).toBe(false)
  expect(topics.subscribe('ann', 't0')).toBe(true)
  expect(topics.subscribe('bea', 't0')).toBe(true)
  expect([...topics.subscribers('t0')]).toEqual(['ann', 'bea'])
  topics.leave('ann')
  expect([...topics.subscribers('t0')]).toEqual(['bea'])
  topics.unsubscribe('bea', 't0')
  expect(topics.count()).toBe(0)
})

test('a rate gives a burst and then so many a second', () => {
  let now = 0
  const rate = createRate(10, 3, () => now)
  expect([rate.take(), rate.take(), rate.take(), rate.take()]).toEqual([true, true, true, false])
  now = 100
  expect([rate.take(), rate.take()]).toEqual([true, false])
  now = 100_000
  expect(Array.from({ length: 4 }, () => rate.take())).toEqual([true, true, true, false])
})

import { expect, it } from 'vitest'
import { setUp } from '../membership/testing.ts'
import { createRecordExchange } from './exchange-records.ts'

it('what is too much here is told once in a session: whoever passes it on may be honest', async () => {
  const { actors } = await setUp(['alice'])
  const [alice] = actors
  const refused: string[] = []
  const reasons = ['author-over-quota', 'too-many-records', 'too-many-waiting', 'waits-for-a-key', 'signature-invalid']
  const exchange = createRecordExchange({
    membership: { ...alice.membership, receive: () => Promise.resolve(reasons.map((reason) => ({ reason }))) },
    tag: '0'.repeat(32) as never,
    isProved: () => true,
    send: () => Promise.resolve(),
    refuse: (reason) => refused.push(reason),
  })
  for (let round = 0; round < 3; round++) await exchange.onRecords([new Uint8Array(1)])
  const once = ['record: author-over-quota', 'record: too-many-records', 'record: too-many-waiting']
  expect(refused.filter((reason) => reason !== 'record: signature-invalid')).toEqual(once)
  expect(refused).toHaveLength(once.length + 3)
})

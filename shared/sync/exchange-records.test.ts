import { expect, it } from 'vitest'
import type { HashId } from '../base/ids.ts'
import { MAX_RECORDS, MAX_URGENT_RECORDS } from '../membership/quota.ts'
import { forge, setUp } from '../membership/testing.ts'
import { createRecordExchange } from './exchange-records.ts'
import { decodeMessage, encodeMessage } from './messages.ts'

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

it('two to whom somebody gave different records, each too much for the other, are in step all the same', async () => {
  const { actors, signer, circle } = await setUp(['alice', 'bob', 'mal'])
  const [alice, bob, mal] = actors
  const { heads } = mal.membership.state()
  const said = await Promise.all(
    ['one', 'two'].map((name) => forge(signer, mal.secrets, circle, heads, { type: 'profile', name })),
  )
  const exchanges = [alice, bob].map(({ membership }, at) => {
    const hashes = new Set([...membership.hashes(), said[at]!.hash])
    return createRecordExchange({
      membership: {
        ...membership,
        hashes: () => hashes,
        recordsOf: (some) => ([...some].includes(said[at]!.hash) ? [said[at]!.bytes] : []),
        receive: () => Promise.resolve([{ reason: 'author-over-quota', hash: said[1 - at]!.hash }]),
      },
      tag: '0'.repeat(32),
      isProved: () => true,
      send: async (message) => {
        if (message.type === 'record-hashes') await exchanges[1 - at]!.onHashes(message.hashes)
        if (message.type === 'records') await exchanges[1 - at]!.onRecords(message.records)
      },
      refuse: () => undefined,
    })
  })
  const [one, other] = exchanges as [(typeof exchanges)[0], (typeof exchanges)[0]]
  expect(one.isSame()).toBe(false)
  await one.begin(new Uint8Array(32))
  await other.begin(new Uint8Array(32))
  expect([one.isSame(), other.isSame()]).toEqual([true, true])
  expect([one.isWhole(), other.isWhole()]).toEqual([false, false])
})

it('says all that a log holds, though it is more than one message names', async () => {
  const { actors } = await setUp(['alice'])
  const hashes = new Set(
    Array.from({ length: MAX_RECORDS + MAX_URGENT_RECORDS }, (_, at) => at.toString(16).padStart(64, '0') as HashId),
  )
  const said: HashId[] = []
  const exchange = createRecordExchange({
    membership: { ...actors[0].membership, hashes: () => hashes, recordsOf: () => [] },
    tag: '0'.repeat(32),
    isProved: () => true,
    send: (message) => {
      const read = decodeMessage(encodeMessage(message))
      if (!read.ok) throw new Error(read.error)
      if (read.value.type === 'record-hashes') said.push(...read.value.hashes)
      return Promise.resolve()
    },
    refuse: () => undefined,
  })
  await exchange.begin(undefined)
  expect(said).toEqual([...hashes])
  await exchange.onHashes(said.slice(0, 10_000))
  expect(exchange.isSame()).toBe(false)
  await exchange.onHashes(said.slice(10_000))
  expect(exchange.isSame()).toBe(true)
})

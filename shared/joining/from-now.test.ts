import { describe, expect, it, vi } from 'vitest'
import type { EpochId } from '../base/ids.ts'
import { derive } from '../crypto/derive.ts'
import { open } from '../crypto/seal.ts'
import { unwrap } from '../crypto/wrap.ts'
import { grantsIn } from '../membership/ledger.ts'
import { epochIdOf } from '../membership/names.ts'
import { openMembership } from '../membership/open.ts'
import { renewKey } from '../membership/renew-key.ts'
import type { DeviceSecrets, Membership } from '../membership/state.ts'
import { memoryRecordStore, setUp } from '../membership/testing.ts'
import { decodeRecord } from '../wire/record.ts'
import { channelPair, inviteBy, newcomer } from './testing.ts'

/** Every epoch whose key comes out of any box in any record, tried against every epoch, by any way there is. */
function opened(membership: Membership, secrets: DeviceSecrets): ReadonlySet<EpochId> {
  const { circle, epochs } = membership.state()
  const records = membership.recordsOf(membership.hashes()).map((bytes) => {
    const read = decodeRecord(bytes)
    if (!read.ok) throw new Error(read.error)
    return read.value.body
  })
  const wraps = records.flatMap((body) => grantsIn(body).flatMap((grant) => grant.wraps))
  const sealed = records.flatMap((body) => (body.type === 'epoch' ? body.older : []))
  const keys = new Map<EpochId, Uint8Array>()
  const keep = (key: Uint8Array | undefined): boolean => {
    if (key === undefined) return false
    const before = keys.size
    for (const [epoch, { parents }] of epochs)
      if (epochIdOf(new Uint8Array(key), circle, parents) === epoch) keys.set(epoch, key)
    return keys.size > before
  }
  for (const { wrapped } of wraps) keep(unwrap(secrets.box, wrapped))
  for (let isMore = true; isMore;) {
    isMore = false
    for (const key of Array.from(keys.values())) {
      for (const { sealedKey } of sealed) {
        const older = derive(new Uint8Array(key), 'older epoch keys')
        if (keep(open(older, sealedKey)) || keep(open(new Uint8Array(key), sealedKey))) isMore = true
      }
    }
  }
  return new Set(keys.keys())
}

async function joined(history: 'all' | 'from-now') {
  const { actors, signer, circle } = await setUp(['Alice', 'Bob'])
  const [alice] = actors
  for (let round = 0; round < 3; round++) expect(await renewKey(alice.membership)).toMatchObject({ ok: true })
  const before = new Set(alice.membership.state().epochs.keys())
  expect(before.size).toBe(4)
  const { invitation, inviterSide } = await inviteBy(signer, alice.membership, 'Alice', history)
  const cat = await newcomer('Cat')
  const [inviter, joiner] = [inviterSide(), cat.joinerSide(invitation)]
  const [here, there] = channelPair()
  inviter.attach(here)
  joiner.attach(there)
  await vi.waitFor(() =>
    expect([inviter.state.get().step, joiner.state.get().step]).toEqual(Array(2).fill('compare-words')),
  )
  await Promise.all([inviter.confirmWords(true), joiner.confirmWords(true)])
  await vi.waitFor(() => expect([inviter.state.get().step, joiner.state.get().step]).toEqual(['done', 'done']))
  const store = memoryRecordStore(cat.stored)
  const membership = await openMembership({ circle, secrets: cat.secrets, store, signer })
  return { alice, cat, membership, before }
}

describe('an invitation from today on', () => {
  it('gives a new key and nothing that opens what was written before', async () => {
    const { alice, cat, membership, before } = await joined('from-now')
    const can = opened(membership, cat.secrets)
    expect(can.size).toBe(1)
    expect([...can].filter((epoch) => before.has(epoch))).toEqual([])
    expect(new Set(membership.heldEpochs())).toEqual(can)
    expect(membership.sealingEpoch()).toBe([...can][0])
    expect(alice.membership.sealingEpoch()).toBe([...can][0])
    expect(membership.state().members.get(cat.secrets.member)).toMatchObject({ history: 'from-now' })
  })

  it('stays so when keys change later', async () => {
    const { alice, cat, membership, before } = await joined('from-now')
    for (let round = 0; round < 2; round++) expect(await renewKey(alice.membership)).toMatchObject({ ok: true })
    await membership.receive(alice.membership.recordsOf(alice.membership.hashes()))
    const can = opened(membership, cat.secrets)
    expect(can.size).toBe(3)
    expect([...can].filter((epoch) => before.has(epoch))).toEqual([])
  })
})

it('an invitation with all that was written gives every key', async () => {
  const { cat, membership, before } = await joined('all')
  const can = opened(membership, cat.secrets)
  expect([...before].filter((epoch) => !can.has(epoch))).toEqual([])
  expect(membership.state().withoutKey).toEqual([])
})

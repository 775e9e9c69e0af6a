import { describe, expect, it } from 'vitest'
import { syncSigner } from '../../tests/fixtures/sync-ed25519.ts'
import type { DeviceId } from '../base/ids.ts'
import { MAX_SEQ } from '../wire/limits.ts'
import { createWriter } from '../wire/codec.ts'
import { writePlace } from '../wire/entry.ts'
import { renewKey } from '../membership/renew-key.ts'
import type { CircleStatus } from './circle-session.ts'
import { logKey } from './logs.ts'
import { createPeers } from './peers.ts'
import { createManualTime, setUpReplicas } from './testing.ts'

async function setUp() {
  const time = createManualTime()
  const [alice, bob] = await setUpReplicas(['alice', 'bob'], time, syncSigner)
  const open = (replica = alice!.replica) => createPeers({ replica, clock: time, timers: time })
  return { time, alice: alice!, bob: bob!, open }
}

const places = (device: DeviceId, seq: number) => ({ device, incarnation: 0, seq })
const statusOf = (device: DeviceId, more: Partial<CircleStatus> = {}): CircleStatus => ({
  circle: '' as never,
  device,
  member: '' as never,
  theyLack: 0,
  weLack: 0,
  withheld: 0,
  matched: true,
  theirHeads: [],
  ...more,
})

describe('what we lack of somebody who is away', () => {
  it('is not what they only say that they saw', async () => {
    const { alice, bob, open } = await setUp()
    const { device } = bob.secrets
    const invented = places('ab'.repeat(16) as DeviceId, MAX_SEQ)
    const boasted = places(device, MAX_SEQ)
    const seenBy = () => new Map([invented, boasted].map((place) => [logKey(place), place]))
    const peers = await open({ ...alice.replica, seenBy })
    expect(peers.about(device)).toEqual({ theyLack: 0, weLack: 0 })
    // As far as a session or an update file told of it, by whomever, it counts.
    peers.heard(alice.secrets.device, [places(device, 7)], false)
    expect(peers.about(device)).toMatchObject({ weLack: 7 })
  })

  it('shows as seen elsewhere, until somebody says that they can give it; and what nobody signed does not', async () => {
    const { alice, bob, open } = await setUp()
    const { device } = bob.secrets
    const cara = 'cd'.repeat(16) as DeviceId
    const seenBy = (by: DeviceId) =>
      new Map((by === device ? [places(cara, 5), places(device, 9)] : []).map((place) => [logKey(place), place]))
    const peers = await open({ ...alice.replica, seenBy })
    const log = logKey(places(cara, 1))
    expect(peers.seenBeyond([device, cara])).toEqual([{ by: device, log, author: cara, count: 5 }])
    peers.heard(cara, [places(cara, 3)], false)
    expect(peers.seenBeyond([device])).toMatchObject([{ count: 2 }])
    peers.heard(cara, [places(cara, 5)], false)
    expect(peers.seenBeyond([device])).toEqual([])
  })

  it('is bounded, whatever an update file says', async () => {
    const { bob, open } = await setUp()
    const peers = await open()
    const said = Array.from({ length: 4 }, (_, at) => ({ ...places(bob.secrets.device, MAX_SEQ), incarnation: at }))
    peers.heard(bob.secrets.device, said, false)
    expect(peers.about(bob.secrets.device)?.weLack).toBe(1_000_000)
  })
})

describe('where others were when we last matched', () => {
  it('is remembered, of those who are present, longest ago first', async () => {
    const { time, alice, bob, open } = await setUp()
    const peers = await open()
    const first = alice.membership.sealingEpoch()
    peers.note(statusOf(bob.secrets.device))
    await renewKey(alice.membership)
    // Not matched: Bob has not heard of it.
    peers.note(statusOf(bob.secrets.device, { matched: false }))
    peers.note(statusOf('cd'.repeat(16) as DeviceId))
    expect(peers.lastShared()).toEqual([first])
    await time.pass(5_000)
    await peers.close()
    expect((await open()).lastShared()).toEqual([first])
    expect((await open()).about(bob.secrets.device)?.lastMatchedAt).toBe(1_000_000)
  })

  it('is read from what was stored before that was remembered', async () => {
    const { alice, bob, open } = await setUp()
    const stored = createWriter()
      .byte(1)
      .list([bob.secrets.device], (to, device) =>
        to
          .id(device)
          .uint(77)
          .list([places(device, 3)], writePlace),
      )
      .done()
    await alice.replica.setValue('sync/peers', stored)
    const peers = await open()
    expect(peers.about(bob.secrets.device)).toEqual({ theyLack: 0, weLack: 3, lastMatchedAt: 77 })
    expect(peers.lastShared()).toEqual([])
  })
})

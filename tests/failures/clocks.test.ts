/** Clocks are for display: none decides who wins, what counts, or who is in. */
import { describe, expect, it } from 'vitest'
import { yjsClientIdOf } from '../../shared/membership/names.ts'
import { createDeviceSecrets } from '../../shared/membership/identity.ts'
import { admission, newInvitation } from '../../shared/membership/testing.ts'
import { openReplica } from '../../shared/sync/replica.ts'
import { createMemoryStore } from '../../shared/sync/memory-store.ts'
import { carryEntries, documentId } from '../../shared/sync/testing.ts'
import * as Y from 'yjs'
import { syncSigner } from '../fixtures/sync-ed25519.ts'
import { forgedEntry, recordsOf, sealingKey, setUpLab, textOf, updateBy, write, type Somebody } from './lab.ts'

const TEN_YEARS = 10 * 365 * 86_400_000

describe('clock skew', () => {
  it('ten years either way change nothing of what is taken, in which order, or who wins', async () => {
    const { people, time } = await setUpLab('alice', 'bob')
    const [alice, bob] = people as [Somebody, Somebody]
    const open = async (person: Somebody, by: number) => {
      const { membership } = person
      const clock = { now: () => 2 * TEN_YEARS + by }
      const replica = await openReplica({
        membership,
        store: createMemoryStore(),
        signer: syncSigner,
        clock,
        timers: time,
      })
      return { replica, paper: await replica.openDocument(documentId('b')) }
    }
    const outcomes = new Set<string>()
    for (const [early, late] of [
      [-TEN_YEARS, TEN_YEARS],
      [TEN_YEARS, -TEN_YEARS],
    ] as const) {
      const [one, other] = [await open(alice, early), await open(bob, late)]
      one.paper.doc.getMap('m').set('k', 'alice')
      other.paper.doc.getMap('m').set('k', 'bob')
      await one.replica.flush()
      await other.replica.flush()
      expect(await carryEntries(one.replica, other.replica)).toBe(1)
      expect(await carryEntries(other.replica, one.replica)).toBe(1)
      const said = [one, other].map(({ paper }) => String(paper.doc.getMap('m').get('k')))
      expect(said[0]).toBe(said[1])
      outcomes.add(said.join())
      await one.replica.close()
      await other.replica.close()
    }
    // The same one wins, whichever clock is ahead.
    expect(outcomes.size).toBe(1)
  })

  it('an invitation’s expiry is judged by organisers’ words alone, the same for everybody', async () => {
    const { people } = await setUpLab('alice', 'bob')
    const [alice, bob] = people as [Somebody, Somebody]
    const invitation = newInvitation('member', 1_000)
    await alice.membership.append(invitation.body)
    const nan = await createDeviceSecrets(syncSigner)
    const late = await admission(syncSigner, alice.membership, nan, 'Nan', invitation)
    expect(late.admittedAt).toBeGreaterThan(1_000)
    expect(await alice.membership.append(late)).toMatchObject({ ok: false, detail: 'invitation-expired' })
    await bob.membership.receive(recordsOf(alice.membership))
    expect(bob.membership.state().heads).toEqual(alice.membership.state().heads)
  })
})

describe('clock squatting', () => {
  it('a time, a place or a Yjs clock far ahead keeps nobody else from writing, and wins nothing', async () => {
    const { people, meet } = await setUpLab('alice', 'bob', 'mallory')
    const [alice, bob, mallory] = people as [Somebody, Somebody, Somebody]
    const { circle } = bob.membership
    const client = yjsClientIdOf(circle, mallory.secrets.device, 0)
    const forgery = { circle, as: mallory.secrets.device, signedBy: mallory.secrets, ...sealingKey(mallory) }
    // The latest time that can be written, over a value that Alice sets afterwards by her own, slower clock.
    const update = updateBy(client, (doc) => doc.getMap('m').set('chair', 'Mallory'))
    const first = await forgedEntry({ ...forgery, update, authoredAt: 8.64e15 })
    expect(await bob.replica.receive([first])).toMatchObject({ accepted: 1 })
    expect(await alice.replica.receive([first])).toMatchObject({ accepted: 1 })
    alice.paper.doc.getMap('m').set('chair', 'Alice')
    await alice.replica.flush()
    await meet()
    expect(bob.paper.doc.getMap('m').get('chair')).toBe('Alice')
  })

  it('a struct at a clock that was never reached waits by itself, and for no other person’s words', async () => {
    const { people, meet } = await setUpLab('alice', 'bob', 'mallory')
    const [alice, bob, mallory] = people as [Somebody, Somebody, Somebody]
    const { circle } = bob.membership
    const client = yjsClientIdOf(circle, mallory.secrets.device, 0)
    const doc = new Y.Doc({ gc: false })
    doc.clientID = client
    doc.getText('t').insert(0, 'x'.repeat(1000))
    const before = Y.encodeStateVector(doc)
    doc.getText('t').insert(0, 'ahead')
    const ahead = Y.encodeStateAsUpdateV2(doc, before)
    const entry = await forgedEntry({
      circle,
      as: mallory.secrets.device,
      signedBy: mallory.secrets,
      ...sealingKey(mallory),
      update: ahead,
    })
    await bob.replica.receive([entry])
    await write(alice, 'Alice writes as before')
    await meet()
    expect(textOf(bob)).toBe('Alice writes as before')
  })
})

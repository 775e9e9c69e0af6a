import { describe, expect, it } from 'vitest'
import { syncSigner } from '../../tests/fixtures/sync-ed25519.ts'
import type { DeviceId, HashId } from '../base/ids.ts'
import { createDeviceSecrets } from '../membership/identity.ts'
import { hashOfRecord } from '../membership/names.ts'
import { removeFrom } from '../membership/remove-from.ts'
import { renewKey } from '../membership/renew-key.ts'
import { forge } from '../membership/testing.ts'
import { open } from '../crypto/seal.ts'
import { decodeRecord } from '../wire/record.ts'
import { takeAfterRemoval } from './hand-over.ts'
import { createMemoryStore } from './memory-store.ts'
import { decodeHello, type Message } from './messages.ts'
import { NO_DIGEST } from './hello.ts'
import { openChannel } from './open-channel.ts'
import { openReplica } from './replica.ts'
import { createSyncSession } from './session.ts'
import { carryEntries, documentId } from './testing.ts'
import { goOnline, isConnected, messagesOf, setUpOffices, type Office } from './testing-offices.ts'

const PAPER = documentId('a')

const typesOf = (messages: readonly Message[]): readonly string[] => [...new Set(messages.map(({ type }) => type))]
const recordsIn = (messages: readonly Message[]) =>
  messages.flatMap((message) => (message.type === 'records' ? message.records : []))
const isPresent = (office: Office, device: DeviceId): boolean =>
  office.membership.state().devices.get(device)?.present === true

/** Every hello that the removed one can open with a key it holds. */
const hellosOpenedBy = (office: Office, messages: readonly Message[]) =>
  messages.flatMap((message) =>
    message.type !== 'hello'
      ? []
      : message.offers.flatMap(({ sealed }) =>
          office.membership.heldEpochs().flatMap((epoch) => {
            const key = office.replica.keys(epoch)?.hello
            const plain = key === undefined ? undefined : open(key, sealed)
            const hello = plain === undefined ? undefined : decodeHello(plain)
            return hello?.ok === true ? [hello.value] : []
          }),
        ),
  )

describe('a removed computer', () => {
  it('is told that it was removed, and not a byte of anything later', async () => {
    const { time, offices } = await setUpOffices(['alice', 'bob'], syncSigner)
    const [alice, bob] = [offices[0]!, offices[1]!]
    const before = alice.membership.hashes()
    expect((await removeFrom(alice.membership, { device: bob.secrets.device }, [])).ok).toBe(true)
    const removal = [...alice.membership.hashes()].find((hash) =>
      alice.membership.removalsOf(bob.secrets.device).includes(hash),
    )!
    // More of what it must not learn: records after its removal, entries under the new key.
    await alice.membership.append({ type: 'profile', name: 'Alice Adams' })
    const paper = await alice.replica.openDocument(PAPER)
    paper.doc.getText('t').insert(0, 'after the removal')
    await time.pass(2000)
    goOnline(alice, bob)
    await time.pass(60_000)

    const said = messagesOf(alice)
    expect(typesOf(said).toSorted()).toEqual(['hello', 'records', 'refused'])
    expect(said.at(-1)).toMatchObject({ type: 'refused', reason: 'removed' })
    const told = new Set(recordsIn(said).map((record) => hashOfRecord(record)))
    expect(told).toEqual(new Set([...before, removal]))
    const hellos = hellosOpenedBy(bob, said)
    expect(hellos.length).toBeGreaterThan(0)
    for (const { heads, recordsDigest, device } of hellos) {
      expect(heads).toEqual([])
      expect(recordsDigest).toEqual(NO_DIGEST)
      expect(device).toBe(alice.secrets.device)
    }
    expect(isPresent(bob, bob.secrets.device)).toBe(false)
    expect(bob.replica.heads()).toEqual([])
    expect(isConnected(alice, bob.secrets.device)).toBe(false)
    expect(isConnected(bob, alice.secrets.device)).toBe(false)
    expect(alice.carrier.refusals().map(({ reason }) => reason)).toEqual(['removed'])
  })

  it('hands over what it wrote before it could hear of it, to be set aside, and gets nothing for it', async () => {
    const { time, offices } = await setUpOffices(['alice', 'bob'], syncSigner)
    const [alice, bob] = [offices[0]!, offices[1]!]
    const paper = await bob.replica.openDocument(PAPER)
    paper.doc.getText('t').insert(0, 'written apart')
    await time.pass(2000)
    const { device } = bob.secrets
    await removeFrom(alice.membership, { device }, alice.replica.lastAccepted([device]))
    goOnline(alice, bob)
    await time.pass(60_000)
    expect(alice.replica.setAside()).toMatchObject([{ device, count: bob.replica.heads()[0]!.seq }])
    expect(alice.replica.heads()).toEqual([])
    expect(typesOf(messagesOf(alice)).toSorted()).toEqual(['hello', 'records', 'refused'])
    await alice.replica.takeIn(device)
    const taken = await alice.replica.openDocument(PAPER)
    expect(taken.doc.getText('t').toJSON()).toBe('written apart')
  })

  it('cannot hand over what another signed', async () => {
    const { time, offices } = await setUpOffices(['alice', 'bob', 'cara'], syncSigner)
    const [alice, bob, cara] = [offices[0]!, offices[1]!, offices[2]!]
    const paper = await cara.replica.openDocument(PAPER)
    paper.doc.getText('t').insert(0, 'by cara')
    goOnline(bob, cara)
    await time.pass(60_000)
    expect(bob.replica.heads().map(({ device }) => device)).toEqual([cara.secrets.device])
    const { device } = bob.secrets
    await removeFrom(alice.membership, { device }, [])
    const taken: unknown[] = []
    const take = takeAfterRemoval({
      ...alice.replica,
      receive: async (entries) => {
        taken.push(...entries)
        return alice.replica.receive(entries)
      },
    })
    const [entry] = await bob.replica.read({ device: cara.secrets.device, incarnation: 0 }, 1, 1)
    await take(device, [entry!.bytes])
    expect(taken).toEqual([])
  })

  it('brings in nothing more by having named a place far ahead when it left', async () => {
    const { time, offices } = await setUpOffices(['alice', 'bob'], syncSigner)
    const [alice, bob] = [offices[0]!, offices[1]!]
    const { device, member } = bob.secrets
    const paper = await bob.replica.openDocument(PAPER)
    paper.doc.getText('t').insert(0, 'before. ')
    await bob.replica.flush()
    await carryEntries(bob.replica, alice.replica)
    const far = { device, incarnation: 0, seq: 4_000_000_000, hash: 'ab'.repeat(32) as HashId }
    const leaving = { type: 'remove', target: { member }, lastAccepted: [far] } as const
    // Its own program does not know of it, and writes on.
    const { heads } = bob.membership.state()
    const { bytes } = await forge(syncSigner, bob.secrets, alice.membership.circle, heads, leaving)
    await alice.membership.receive([bytes])
    paper.doc.getText('t').insert(0, 'after leaving. ')
    await bob.replica.flush()
    const all = await bob.replica.read({ device, incarnation: 0 }, 1, 100)
    const take = takeAfterRemoval(alice.replica)
    await take(
      device,
      all.map((entry) => entry.bytes),
    )
    await time.pass(1000)
    const atAlice = await alice.replica.openDocument(PAPER)
    expect(atAlice.doc.getText('t').toJSON()).toBe('before. ')
  })

  it('brings in what leads up to the place that its leaving named, also in pieces', async () => {
    const { time, offices } = await setUpOffices(['alice', 'bob'], syncSigner)
    const [alice, bob] = [offices[0]!, offices[1]!]
    const { device, member } = bob.secrets
    const paper = await bob.replica.openDocument(PAPER)
    for (const word of ['three ', 'two ', 'one ']) {
      paper.doc.getText('t').insert(0, word)
      await bob.replica.flush()
      if (word === 'three ') await carryEntries(bob.replica, alice.replica)
    }
    const all = await bob.replica.read({ device, incarnation: 0 }, 1, 100)
    const { bytes } = await forge(syncSigner, bob.secrets, alice.membership.circle, bob.membership.state().heads, {
      type: 'remove',
      target: { member },
      lastAccepted: bob.replica.lastAccepted([device]),
    })
    await alice.membership.receive([bytes])
    const take = takeAfterRemoval(alice.replica)
    for (const entry of all) await take(device, [entry.bytes])
    await time.pass(1000)
    const atAlice = await alice.replica.openDocument(PAPER)
    expect(atAlice.doc.getText('t').toJSON()).toBe('one two three ')
  })

  it('that left with more unsent than one answer holds brings all of it', async () => {
    const { time, offices } = await setUpOffices(['alice', 'bob'], syncSigner)
    const [alice, bob] = [offices[0]!, offices[1]!]
    goOnline(alice, bob)
    await time.pass(5000)
    bob.carrier.setTransports([])
    await time.pass(5000)
    const paper = await bob.replica.openDocument(PAPER)
    for (let at = 0; at < 6; at++) {
      paper.doc.getText('t').insert(0, `${at} ${'word '.repeat(50_000)}`)
      await bob.replica.flush()
    }
    const { device, member } = bob.secrets
    await removeFrom(bob.membership, { member }, bob.replica.lastAccepted([device]))
    goOnline(bob)
    await time.pass(60_000)
    expect(isPresent(alice, device)).toBe(false)
    const atAlice = await alice.replica.openDocument(PAPER)
    expect(atAlice.doc.getText('t').length).toBe(paper.doc.getText('t').length)
    expect(alice.replica.setAside()).toEqual([])
  }, 30_000)

  it('is told once and then left alone, on a connection that stands', async () => {
    const { time, offices } = await setUpOffices(['alice', 'bob'], syncSigner, { retry: true })
    const [alice, bob] = [offices[0]!, offices[1]!]
    await removeFrom(alice.membership, { device: bob.secrets.device }, [])
    goOnline(alice, bob)
    await time.pass(120_000)
    const later = alice.sent.length
    await time.pass(600_000)
    expect(alice.sent.length - later).toBe(0)
    expect(messagesOf(alice).filter(({ type }) => type === 'refused').length).toBeLessThan(8)
  })

  it('loses its session at once when it is removed while connected, and is told why', async () => {
    const { time, offices } = await setUpOffices(['alice', 'bob', 'carol'], syncSigner)
    const [alice, bob, carol] = [offices[0]!, offices[1]!, offices[2]!]
    goOnline(alice, bob, carol)
    await time.pass(1000)
    expect(isConnected(bob, alice.secrets.device)).toBe(true)
    for (const office of offices) office.sent.length = 0
    await removeFrom(alice.membership, { device: bob.secrets.device }, [])
    const paper = await alice.replica.openDocument(PAPER)
    paper.doc.getText('t').insert(0, 'for those who are left')
    await time.pass(5000)
    expect((await carol.replica.openDocument(PAPER)).doc.getText('t').toJSON()).toBe('for those who are left')
    expect(bob.replica.heads()).toEqual([])
    expect(isPresent(bob, bob.secrets.device)).toBe(false)
    for (const office of [alice, carol]) expect(isConnected(office, bob.secrets.device)).toBe(false)
    expect(bob.carrier.connected(bob.replica.circle)).toEqual([])
    const epochs = bob.membership.state().epochs
    expect(epochs.size).toBe(1)
    expect(carol.membership.state().epochs.size).toBe(2)
  })

  it('goes on where its removal turns out not to have counted', async () => {
    const { time, network, offices } = await setUpOffices(['alice', 'bob', 'carol'], syncSigner)
    const [alice, bob, carol] = [offices[0]!, offices[1]!, offices[2]!]
    network.setReachable('alice', 'bob', false)
    network.setReachable('alice', 'carol', false)
    // Apart: Alice, who founded the group, takes Carol out, who at the same time took Bob out.
    await removeFrom(carol.membership, { device: bob.secrets.device }, [])
    await removeFrom(alice.membership, { member: carol.secrets.member }, [])
    goOnline(bob, carol)
    await time.pass(5000)
    expect(isPresent(bob, bob.secrets.device)).toBe(false)
    network.setReachable('alice', 'bob', true)
    goOnline(alice)
    await time.pass(5000)
    expect(isPresent(alice, bob.secrets.device)).toBe(true)
    expect(isPresent(bob, bob.secrets.device)).toBe(true)
    expect(isPresent(bob, carol.secrets.device)).toBe(false)
    const paper = await alice.replica.openDocument(PAPER)
    paper.doc.getText('t').insert(0, 'still here')
    await time.pass(5000)
    expect((await bob.replica.openDocument(PAPER)).doc.getText('t').toJSON()).toBe('still here')
  })

  it('gets nothing by coming back as a computer that nobody knows', async () => {
    const { time, network, signer, offices } = await setUpOffices(['alice', 'bob'], syncSigner)
    const [alice, bob] = [offices[0]!, offices[1]!]
    await removeFrom(alice.membership, { device: bob.secrets.device }, [])
    await renewKey(alice.membership)
    const secrets = await createDeviceSecrets(signer)
    const membership = { ...bob.membership, secrets }
    const stranger = await openReplica({ membership, store: createMemoryStore(), signer, clock: time, timers: time })
    const [epoch] = bob.membership.heldEpochs()
    const room = { key: bob.replica.keys(epoch!)!.room, purpose: 'circle' } as const
    network.transport('stranger').join(room, (link) => {
      openChannel(link, { timers: time }).then(
        (channel) => createSyncSession({ channel, replicas: [stranger], signer, clock: time, timers: time }),
        () => undefined,
      )
    })
    goOnline(alice)
    await time.pass(60_000)
    const said = messagesOf(alice)
    expect(typesOf(said).toSorted()).toEqual(['hello', 'record-hashes'])
    expect(said.flatMap((message) => (message.type === 'record-hashes' ? message.hashes : []))).toEqual([])
  })
})

describe('records told to a removed computer', () => {
  it('hold no key for it, and can be read', async () => {
    const { time, offices } = await setUpOffices(['alice', 'bob'], syncSigner)
    const [alice, bob] = [offices[0]!, offices[1]!]
    await removeFrom(alice.membership, { device: bob.secrets.device }, [])
    goOnline(alice, bob)
    await time.pass(5000)
    const types = recordsIn(messagesOf(alice)).map((bytes) => {
      const record = decodeRecord(bytes)
      return record.ok ? record.value.body.type : record.error
    })
    expect(types).toContain('remove')
    expect(types).not.toContain('epoch')
  })
})

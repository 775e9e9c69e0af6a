/**
 * What was possible against @localfirst/auth 6.0.0 (links are boxed, not signed) and against a Y.Doc used as the ledger (a few
 * bytes emptied it on every replica). Each attack is made as it was there, through the same doors as a session uses.
 */
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { concat, randomBytes, type Bytes } from '../../shared/base/bytes.ts'
import { hash } from '../../shared/crypto/hash.ts'
import { createSigner, tweetnaclEd25519, webCryptoEd25519, type Signer } from '../../shared/crypto/sign.ts'
import { addDevice } from '../../shared/membership/add-device.ts'
import { createDeviceSecrets } from '../../shared/membership/identity.ts'
import { hashOfRecord, yjsClientIdOf } from '../../shared/membership/names.ts'
import { signRecord } from '../../shared/membership/sign-record.ts'
import { admission, forge, newInvitation } from '../../shared/membership/testing.ts'
import { openReplica } from '../../shared/sync/replica.ts'
import { createMemoryStore } from '../../shared/sync/memory-store.ts'
import { decodeEntry, encodeEntry } from '../../shared/wire/entry.ts'
import { decodeRecord, encodeRecord, encodeUnsignedRecord, type RecordBody } from '../../shared/wire/record.ts'
import { syncSigner } from '../fixtures/sync-ed25519.ts'
import {
  entriesOf,
  forgedEntry,
  presentNames,
  reasons,
  recordsOf,
  sealingKey,
  setUpLab,
  textOf,
  updateBy,
  write,
  type Somebody,
} from './lab.ts'

const REMOVE = ({ secrets }: Somebody): RecordBody => ({
  type: 'remove',
  target: { member: secrets.member },
  lastAccepted: [],
})

/** Bytes of a record that claims an author and carries somebody else's signature. */
async function recordInTheNameOf(author: Somebody, signedBy: Somebody, body: RecordBody): Promise<Bytes> {
  const { circle } = author.membership
  const unsigned = { circle, author: author.secrets.device, parents: author.membership.state().heads, body }
  const signature = await syncSigner.sign('record', signedBy.secrets.signing, encodeUnsignedRecord(unsigned))
  return encodeRecord({ ...unsigned, signature })
}

const snapshotOf = ({ membership }: Somebody): string =>
  JSON.stringify([[...membership.hashes()].sort(), membership.state().heads])

describe('forged author', () => {
  it('a member cannot act in the name of an organiser, though both hold the same keys', async () => {
    const { people } = await setUpLab('alice', 'bob', 'mallory')
    const [alice, bob, mallory] = people as [Somebody, Somebody, Somebody]
    const before = snapshotOf(bob)
    const forged = await recordInTheNameOf(alice, mallory, REMOVE(bob))
    expect(reasons(await bob.membership.receive([forged]))).toEqual(['signature-invalid'])
    expect(snapshotOf(bob)).toBe(before)
    expect(presentNames(bob)).toEqual(['alice', 'bob', 'mallory'])
  })

  it('a forged record in the forger’s own store is carried by its session and refused at the other end', async () => {
    const { people, meet } = await setUpLab('alice', 'bob', 'mallory')
    const [alice, bob, mallory] = people as [Somebody, Somebody, Somebody]
    const forged = await recordInTheNameOf(alice, mallory, REMOVE(bob))
    // As a changed program would: told as if it were one's own, to everybody who connects.
    const { membership } = mallory.replica
    const own = membership.recordsOf.bind(membership)
    const hash = hashOfRecord(forged)
    Object.assign(membership, {
      hashes: () => new Set([...mallory.membership.state().heads, hash]),
      recordsOf: (hashes: Iterable<typeof hash>) => [...own(hashes), forged],
    })
    await meet()
    for (const person of [alice, bob]) {
      expect(presentNames(person)).toEqual(['alice', 'bob', 'mallory'])
      expect(reasons(person.carrier.refusals())).toContain('record: signature-invalid')
    }
  })

  it('nobody can write in another’s name, not even under the right key, seal and place', async () => {
    const { people } = await setUpLab('alice', 'bob', 'mallory')
    const [alice, bob, mallory] = people as [Somebody, Somebody, Somebody]
    const { circle } = bob.membership
    const client = yjsClientIdOf(circle, alice.secrets.device, 0)
    const update = updateBy(client, (doc) => doc.getText('t').insert(0, 'I, Alice, resign'))
    const entry = await forgedEntry({
      circle,
      as: alice.secrets.device,
      signedBy: mallory.secrets,
      ...sealingKey(mallory),
      update,
    })
    expect(await bob.replica.receive([entry])).toMatchObject({ accepted: 0, refused: [{ reason: 'bad-signature' }] })
    expect(textOf(bob)).toBe('')
  })
})

describe('boxed, not signed', () => {
  it('a box that opens is worth nothing without the author’s signature over it', async () => {
    const { people } = await setUpLab('alice', 'bob')
    const [alice, bob] = people as [Somebody, Somebody]
    await write(alice, 'what Alice wrote')
    const [entry] = await entriesOf(alice.replica)
    const decoded = decodeEntry(entry ?? new Uint8Array(0))
    if (!decoded.ok) throw new Error(decoded.error)
    for (const signature of [new Uint8Array(64), randomBytes(64), decoded.value.signature.toReversed()]) {
      const bare = encodeEntry({ ...decoded.value, signature })
      expect(reasons((await bob.replica.receive([bare])).refused)).toEqual(['bad-signature'])
    }
    // The box moved to another place, under its own signature.
    const moved = encodeEntry({ ...decoded.value, seq: 2 })
    expect(reasons((await bob.replica.receive([moved])).refused)).toEqual(['bad-signature'])
    expect(await bob.replica.receive([entry ?? new Uint8Array(0)])).toMatchObject({ accepted: 1, refused: [] })
  })

  it('so it is for records', async () => {
    const { people } = await setUpLab('alice', 'bob')
    const [alice, bob] = people as [Somebody, Somebody]
    const { circle } = alice.membership
    const unsigned = {
      circle,
      author: alice.secrets.device,
      parents: alice.membership.state().heads,
      body: { type: 'rename', circleName: 'ours now' } as const,
    }
    for (const signature of [new Uint8Array(64), randomBytes(64)]) {
      expect(reasons(await bob.membership.receive([encodeRecord({ ...unsigned, signature })]))).toEqual([
        'signature-invalid',
      ])
    }
    expect(bob.membership.state().name).toBe('Tuesday group')
  })
})

describe('outsider’s record', () => {
  it('somebody with every sealed byte adds nothing to the log', async () => {
    const { people } = await setUpLab('alice', 'bob')
    const [alice, bob] = people as [Somebody, Somebody]
    const outsider = await createDeviceSecrets(syncSigner)
    const { circle } = alice.membership
    const { heads } = alice.membership.state()
    const wishes: readonly RecordBody[] = [
      { type: 'device', certificate: outsider.certificate, grants: [] },
      { type: 'role', member: outsider.member, role: 'organiser' },
      { type: 'profile', name: 'nobody' },
      REMOVE(alice),
    ]
    for (const body of wishes) {
      const { bytes } = await forge(syncSigner, outsider, circle, heads, body)
      expect(reasons(await bob.membership.receive([bytes]))).toEqual(['waits-for-a-key'])
    }
    // Bringing one's own certificate with it makes the signature good, and no more.
    const device = await signRecord(syncSigner, outsider, {
      circle,
      parents: heads,
      body: { type: 'device', certificate: outsider.certificate, grants: [] },
    })
    await bob.membership.receive([device.bytes])
    expect(presentNames(bob)).toEqual(['alice', 'bob'])
    expect(bob.membership.state().devices.has(outsider.device)).toBe(false)
    expect(bob.membership.mayWrite(outsider.device, 0, bob.membership.state().currentEpoch)).toMatchObject({
      error: 'unknown-device',
    })
  })
})

describe('claiming another’s device', () => {
  it('needs that device’s own signature, so its owner can always come in', async () => {
    const { people } = await setUpLab('alice', 'bob', 'mallory')
    const [alice, bob, mallory] = people as [Somebody, Somebody, Somebody]
    const { circle } = alice.membership
    const cara = await createDeviceSecrets(syncSigner)
    // Cara's certificate is known to a member of her group; with their own identity's signature on her keys they are first.
    const signature = await syncSigner.sign(
      'device certificate',
      mallory.secrets.identity,
      concat(cara.certificate.signingKey, cara.certificate.boxKey),
    )
    const { identityKey } = mallory.secrets.certificate
    const certificate = { ...cara.certificate, identityKey, signature }
    const { heads } = mallory.membership.state()
    const own = await syncSigner.sign(
      'device consent',
      mallory.secrets.signing,
      concat(identityKey, certificate.boxKey),
    )
    for (const claim of [certificate, { ...certificate, consent: own }]) {
      const body = { type: 'device', certificate: claim, grants: [] } as const
      const { bytes } = await signRecord(syncSigner, mallory.secrets, { circle, parents: heads, body })
      expect(reasons(await bob.membership.receive([bytes]))).toEqual(['certificate-invalid'])
      expect(await addDevice(mallory.membership, claim)).toMatchObject({ ok: false, detail: 'certificate-invalid' })
    }
    const invitation = newInvitation('member')
    await alice.membership.append(invitation.body)
    const admitted = await alice.membership.append(
      await admission(syncSigner, alice.membership, cara, 'Cara', invitation),
    )
    expect(admitted).toMatchObject({ ok: true })
    expect(reasons(await bob.membership.receive(recordsOf(alice.membership)))).toEqual([])
    expect(bob.membership.state().devices.get(cara.device)?.member).toBe(cara.member)
  })
})

describe('unsigned delete', () => {
  it('the few bytes that empty a Y.Doc are no entry, and delete nothing', async () => {
    const { people, meet } = await setUpLab('alice', 'bob')
    const [alice, bob] = people as [Somebody, Somebody]
    await write(alice, 'the minutes of the meeting')
    await meet()
    // Made without any key: a delete set over all of Alice's clocks.
    const client = yjsClientIdOf(alice.membership.circle, alice.secrets.device, 0)
    const copy = new Y.Doc({ gc: false })
    Y.applyUpdateV2(copy, Y.encodeStateAsUpdateV2(alice.paper.doc))
    const before = Y.encodeStateVector(copy)
    copy.getText('t').delete(0, copy.getText('t').length)
    const empties = Y.encodeStateAsUpdateV2(copy, before)
    expect(empties.length).toBeLessThan(64)
    const report = await bob.replica.receive([new Uint8Array(empties)])
    expect(report.accepted).toBe(0)
    expect(report.refused).toHaveLength(1)
    expect(textOf(bob)).toBe('the minutes of the meeting')
    // Signed by an outsider, under a key it should not have.
    const outsider = await createDeviceSecrets(syncSigner)
    const { circle } = bob.membership
    const entry = await forgedEntry({
      circle,
      as: outsider.device,
      signedBy: outsider,
      ...sealingKey(alice),
      update: empties,
    })
    expect(await bob.replica.receive([entry])).toMatchObject({ accepted: 0 })
    expect(textOf(bob)).toBe('the minutes of the meeting')
    expect(client).toBeGreaterThan(0)
  })

  it('a member may take words out, with its name on it, and what was there is still in every store', async () => {
    const { people, meet } = await setUpLab('alice', 'bob')
    const [alice, bob] = people as [Somebody, Somebody]
    await write(alice, 'the minutes')
    await meet()
    bob.paper.doc.getText('t').delete(0, 11)
    await bob.replica.flush()
    await meet()
    expect(textOf(alice)).toBe('')
    expect(alice.replica.heads().map(({ device }) => device)).toContain(bob.secrets.device)
    const store = createMemoryStore()
    const { membership } = alice
    // All of it read again from the signed entries: Alice's words are there, taken out by Bob.
    const again = await openReplica({ membership, store, signer: syncSigner, clock: { now: () => 1 } })
    const entries = await entriesOf(alice.replica)
    expect(await again.receive(entries)).toMatchObject({ accepted: entries.length, refused: [] })
    const paper = await again.openDocument(bob.paper.id)
    const client = yjsClientIdOf(membership.circle, alice.secrets.device, 0)
    expect(paper.doc.store.clients.get(client)?.length).toBeGreaterThan(0)
    expect(paper.attribution.deletedBy(client, 0)).toBe(bob.secrets.member)
    await again.close()
  })
})

describe('a place that is another’s', () => {
  it('cannot be squatted on: the signature names the device, and an entry far ahead keeps nobody out', async () => {
    const { people, meet } = await setUpLab('alice', 'bob', 'mallory')
    const [alice, bob, mallory] = people as [Somebody, Somebody, Somebody]
    const { circle } = bob.membership
    const update = updateBy(yjsClientIdOf(circle, alice.secrets.device, 0), (doc) => doc.getText('t').insert(0, 'x'))
    const forgery = { circle, signedBy: mallory.secrets, ...sealingKey(mallory), update }
    for (const seq of [1, 2, 0xffff_ffff]) {
      const entry = await forgedEntry({ ...forgery, as: alice.secrets.device, seq })
      expect(await bob.replica.receive([entry])).toMatchObject({ accepted: 0 })
    }
    // Its own last place, with nothing before it, only waits.
    const own = updateBy(yjsClientIdOf(circle, mallory.secrets.device, 0), (doc) => doc.getText('t').insert(0, 'y'))
    const far = await forgedEntry({ ...forgery, as: mallory.secrets.device, update: own, seq: 0xffff_ffff })
    expect(await bob.replica.receive([far])).toMatchObject({ accepted: 0, waiting: 1 })
    await write(alice, 'Alice has her place')
    await write(mallory, ', and Mallory his')
    await meet()
    expect(textOf(bob)).toContain('Alice has her place')
    expect(textOf(bob)).toContain(', and Mallory his')
  })

  it('nor can another’s Yjs client be written for in an entry of one’s own', async () => {
    const { people } = await setUpLab('alice', 'bob', 'mallory')
    const [alice, bob, mallory] = people as [Somebody, Somebody, Somebody]
    const { circle } = bob.membership
    const update = updateBy(yjsClientIdOf(circle, alice.secrets.device, 0), (doc) => doc.getText('t').insert(0, 'x'))
    const entry = await forgedEntry({
      circle,
      as: mallory.secrets.device,
      signedBy: mallory.secrets,
      ...sealingKey(mallory),
      update,
    })
    expect(await bob.replica.receive([entry])).toMatchObject({ accepted: 0, refused: [{ reason: 'foreign-client' }] })
  })
})

describe('malleable signature', () => {
  /** The order of Ed25519's base point, little-endian: S and S + L say the same to who does not check. */
  const L = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0x10,
  ]
  function plusL(signature: Bytes): Bytes {
    const other = signature.slice()
    let carry = 0
    for (const [index, digit] of L.entries()) {
      const sum = (other[32 + index] ?? 0) + digit + carry
      other[32 + index] = sum & 0xff
      carry = sum >> 8
    }
    return other
  }

  it('S + L is refused for entries and records, though tweetnacl by itself takes it', async () => {
    const { people } = await setUpLab('alice', 'bob')
    const [alice, bob] = people as [Somebody, Somebody]
    await write(alice, 'once')
    const [bytes = new Uint8Array(0)] = await entriesOf(alice.replica)
    const read = decodeEntry(bytes)
    if (!read.ok) throw new Error(read.error)
    const other = encodeEntry({ ...read.value, signature: plusL(read.value.signature) })
    expect(reasons((await bob.replica.receive([other])).refused)).toEqual(['bad-signature'])
    const keys = alice.secrets.signing
    const message = hash('failure', bytes)
    const raw = plusL(await tweetnaclEd25519.sign(keys, message))
    expect(await tweetnaclEd25519.verify(keys.publicKey, message, raw)).toBe(true)
  })

  it('the fallback and WebCrypto give one verdict on what is good, bent, doubled or of small order', async () => {
    const subtle = crypto.subtle as unknown as Parameters<typeof webCryptoEd25519>[0]
    const signers: readonly Signer[] = [
      createSigner(tweetnaclEd25519),
      createSigner(webCryptoEd25519(subtle)),
      syncSigner,
    ]
    const { signing } = await createDeviceSecrets(syncSigner)
    const message = randomBytes(40)
    const good = await syncSigner.sign('entry', signing, message)
    const small = new Uint8Array(32)
    const cases: readonly (readonly [Uint8Array, Bytes, boolean])[] = [
      [signing.publicKey, good, true],
      [signing.publicKey, plusL(good), false],
      [signing.publicKey, good.with(3, (good[3] ?? 0) ^ 1), false],
      [signing.publicKey, good.with(63, 0xff), false],
      [signing.publicKey, good.slice(0, 63), false],
      [small, good, false],
      [small, new Uint8Array(64), false],
      [new Uint8Array(32).fill(0xff), good, false],
      ...Array.from({ length: 64 }, (_, bit): readonly [Uint8Array, Bytes, boolean] => [
        signing.publicKey,
        good.with(bit, (good[bit] ?? 0) ^ 0x10),
        false,
      ]),
    ]
    for (const [key, signature, expected] of cases) {
      const verdicts = await Promise.all(signers.map((signer) => signer.verify('entry', key, message, signature)))
      expect(verdicts).toEqual([expected, expected, expected])
    }
  })
})

describe('second beginning', () => {
  it('a founder cannot replace the circle that everything rests on', async () => {
    const { people } = await setUpLab('alice', 'bob')
    const [alice, bob] = people as [Somebody, Somebody]
    const first = bob.membership.recordsOf(bob.membership.hashes())[0]
    const { circle } = alice.membership
    const create = decodeRecord(first ?? new Uint8Array(0))
    if (!create.ok || create.value.body.type !== 'create') throw new Error('no beginning')
    const again = await signRecord(syncSigner, alice.secrets, {
      circle,
      parents: [],
      body: { ...create.value.body, circleName: 'Alice’s own' },
    })
    expect(reasons(await bob.membership.receive([again.bytes]))).toEqual(['second-beginning'])
    expect(bob.membership.state().name).toBe('Tuesday group')
  })
})

/** People and circles for tests and the simulator: `const { alice, bob } = await setUp('alice', 'bob')`. */
import { randomBytes, type Bytes } from '../base/bytes.ts'
import type { Result } from '../base/errors.ts'
import type { CircleId, HashId } from '../base/ids.ts'
import { defaultSigner, signingKeyPair, type Signer } from '../crypto/sign.ts'
import type { JoinProof, RecordBody, Role } from '../wire/record.ts'
import { addDevice } from './add-device.ts'
import { addMember } from './add-member.ts'
import { createCircle } from './create.ts'
import { createDeviceSecrets } from './identity.ts'
import { grantTo, recipientOf } from './keys.ts'
import { invitationIdOf } from './names.ts'
import { openMembership, openReceived } from './open.ts'
import { signJoinProof } from './proof.ts'
import type { RecordStore, StoredRecord } from './record-store.ts'
import { signRecord } from './sign-record.ts'
import type { DeviceSecrets, Membership } from './state.ts'
import { decodeExact, type VerifiedRecord } from './verify.ts'

export interface MemoryRecordStore extends RecordStore {
  readonly kept: Map<HashId, StoredRecord>
  /** From now on every write fails, as on a full disk. */
  failing: boolean
}

export function memoryRecordStore(records: readonly StoredRecord[] = []): MemoryRecordStore {
  const kept = new Map(records.map((record) => [record.hash, record]))
  const store: MemoryRecordStore = {
    kept,
    failing: false,
    records: () => Promise.resolve([...kept.values()]),
    putRecords(added) {
      if (store.failing) return Promise.reject(new Error('the disk is full'))
      for (const record of added) kept.set(record.hash, record)
      return Promise.resolve()
    },
  }
  return store
}

export interface TestInvitation {
  readonly keys: ReturnType<typeof signingKeyPair>
  readonly body: Extract<RecordBody, { type: 'invite' }>
}

export function newInvitation(role: Role = 'organiser', expiresAt = 2_000): TestInvitation {
  const keys = signingKeyPair(randomBytes(32))
  return {
    keys,
    body: { type: 'invite', invitationKey: keys.publicKey, role, history: 'all', createdAt: 1_000, expiresAt },
  }
}

export async function proofFor(
  signer: Signer,
  circle: CircleId,
  joiner: DeviceSecrets,
  name: string,
  invitation: TestInvitation,
): Promise<JoinProof> {
  const { keys } = invitation
  const id = invitationIdOf(keys.publicKey)
  return signJoinProof(signer, circle, { secrets: joiner, name }, { id, keys }, randomBytes(32))
}

/** An ADMIT body with every key the admitting membership holds. */
export async function admission(
  signer: Signer,
  by: Membership,
  joiner: DeviceSecrets,
  name: string,
  invitation: TestInvitation,
): Promise<Extract<RecordBody, { type: 'admit' }>> {
  const to = [recipientOf(joiner.certificate)]
  const grants = by.heldEpochs().flatMap((epoch) => {
    const key = by.epochKey(epoch)
    return key === undefined ? [] : [grantTo(to, epoch, key)]
  })
  return {
    type: 'admit',
    join: await proofFor(signer, by.circle, joiner, name, invitation),
    admittedAt: 1_500,
    grants,
  }
}

/** A record signed by anybody over any parents, checked by nobody: what a dishonest member could write. */
export async function forge(
  signer: Signer,
  secrets: DeviceSecrets,
  circle: CircleId,
  parents: readonly HashId[],
  body: RecordBody,
): Promise<StoredRecord> {
  const { hash, bytes } = await signRecord(signer, secrets, { circle, parents, body })
  return { hash, bytes }
}

/** Without checking signatures; for the resolver's own tests. */
export function asVerified(circle: CircleId, records: readonly StoredRecord[]): readonly VerifiedRecord[] {
  return records.map(({ bytes }) => {
    const read = decodeExact(bytes, circle)
    if (!read.ok) throw new Error(`not a record: ${read.error}`)
    return read.value
  })
}

export interface Actor {
  readonly name: string
  readonly secrets: DeviceSecrets
  readonly store: MemoryRecordStore
  readonly membership: Membership
}

export interface Setting<Names extends readonly string[]> {
  readonly signer: Signer
  readonly circle: CircleId
  readonly actors: { readonly [Index in keyof Names]: Actor }
}

const everything = ({ membership }: Actor): readonly Bytes[] => membership.recordsOf(membership.hashes())

/** The actor's membership as this store has it: after a restart, or on a computer that was away. */
export const reopened = async (signer: Signer, actor: Actor): Promise<Actor> => ({
  ...actor,
  membership: await openMembership({
    circle: actor.membership.circle,
    secrets: actor.secrets,
    store: actor.store,
    signer,
  }),
})

/** Every actor gets every record that any other holds. */
export async function meet(...actors: readonly Actor[]): Promise<void> {
  for (const from of actors) for (const to of actors) if (from !== to) await to.membership.receive(everything(from))
}

async function letIn(signer: Signer, host: Actor, name: string, role: Role): Promise<Actor> {
  const secrets = await createDeviceSecrets(signer)
  const invitation = newInvitation(role)
  await expectOk(host.membership.append(invitation.body))
  await expectOk(host.membership.append(await admission(signer, host.membership, secrets, name, invitation)))
  return openAs(signer, host, secrets, name)
}

async function expectOk(done: Promise<Result<unknown, string>>): Promise<void> {
  const result = await done
  if (!result.ok) throw new Error(`${result.error}: ${result.detail ?? ''}`)
}

/** The first named founds the circle and lets in the others, as organisers unless `role` says otherwise. */
export async function setUp<const Names extends readonly string[]>(
  names: Names,
  role: Role = 'organiser',
): Promise<Setting<Names>> {
  const signer = await defaultSigner()
  const [founderName = 'alice', ...others] = names
  const secrets = await createDeviceSecrets(signer)
  const made = await createCircle({
    secrets,
    kind: 'group',
    circleName: 'Tuesday group',
    founderName,
    now: 1_000,
    signer,
  })
  const store = memoryRecordStore(made.records)
  const membership = await openMembership({ circle: made.circle, secrets, store, signer })
  const founder: Actor = { name: founderName, secrets, store, membership }
  const actors = [founder]
  for (const name of others) actors.push(await letIn(signer, founder, name, role))
  await meet(...actors)
  // One actor for each name, in their order.
  return { signer, circle: made.circle, actors: actors as unknown as Setting<Names>['actors'] }
}

/** Opens what `from` holds as somebody who has nothing of it yet. */
export async function openAs(signer: Signer, from: Actor, secrets: DeviceSecrets, name: string): Promise<Actor> {
  const store = memoryRecordStore()
  const request = { circle: from.membership.circle, secrets, store, signer }
  const { membership } = await openReceived(request, everything(from))
  if (membership === undefined) throw new Error(`${name} could not open the circle`)
  return { name, secrets, store, membership }
}

/** A circle within the setting's group: the first founds it and puts in the others, as organisers unless `role` says otherwise. */
export async function setUpCircle<const Actors extends readonly Actor[]>(
  setting: { readonly signer: Signer; readonly circle: CircleId },
  people: Actors,
  role: Role = 'organiser',
): Promise<{ readonly circle: CircleId; readonly actors: { readonly [Index in keyof Actors]: Actor } }> {
  const { signer } = setting
  const [founder, ...others] = people
  if (founder === undefined) throw new Error('a circle of nobody')
  const { secrets, name } = founder
  const made = await createCircle({
    secrets,
    kind: 'circle',
    group: setting.circle,
    circleName: 'Planning',
    founderName: name,
    now: 1_000,
    signer,
  })
  const store = memoryRecordStore(made.records)
  const membership = await openMembership({ circle: made.circle, secrets, store, signer })
  const actors: Actor[] = [{ name, secrets, store, membership }]
  for (const other of others) {
    const certificates = [other.secrets.certificate]
    await expectOk(addMember(membership, { name: other.name, role, history: 'all', certificates, now: 1_000 }))
  }
  for (const other of others) actors.push(await openAs(signer, { ...founder, membership }, other.secrets, other.name))
  // One actor for each of the people, in their order.
  return { circle: made.circle, actors: actors as unknown as { readonly [Index in keyof Actors]: Actor } }
}

/** A second computer of the same person, in the same circle. */
export async function secondComputer(signer: Signer, actor: Actor): Promise<Actor> {
  const secrets = await createDeviceSecrets(signer, actor.secrets.identity.seed)
  await expectOk(addDevice(actor.membership, secrets.certificate))
  return openAs(signer, actor, secrets, actor.name)
}

/**
 * What is checked once, on receipt, before a record is stored: that its bytes are the one encoding of what they say, and
 * every signature in it. Whether its author was allowed to say it is for resolve.ts, which is pure.
 */
import { equalBytes, type Bytes } from '../base/bytes.ts'
import { fail, ok, type Result } from '../base/errors.ts'
import type { CircleId, DeviceId, HashId, InvitationId, MemberId } from '../base/ids.ts'
import type { Signer } from '../crypto/sign.ts'
import type { DecodeProblem } from '../wire/codec.ts'
import {
  decodeRecord,
  encodeRecord,
  encodeUnsignedRecord,
  type DeviceCertificate,
  type MembershipRecord,
  type Role,
} from '../wire/record.ts'
import { verifyCertificate } from './identity.ts'
import { certificatesIn, invitationIn, isIntroducing, joinersIn, type Introducing } from './ledger.ts'
import { circleIdOf, deviceIdOf, hashOfRecord } from './names.ts'
import { verifyJoinProof } from './proof.ts'

/** A record whose signatures have been checked, or that came out of this computer's own sealed store. */
export interface VerifiedRecord {
  readonly hash: HashId
  readonly record: MembershipRecord
}

export type RecordProblem =
  | DecodeProblem
  | 'other-circle'
  | 'signature-invalid'
  | 'certificate-invalid'
  | 'proof-invalid'
  | 'not-the-founder'

/**
 * Keys that signatures are checked with. Every identifier commits to its key, so it does not matter which record brought it. Only
 * of devices that somebody brought in who may ever have been allowed to: else one member could fill the log in the names of
 * people that it made up. Who may ever have been is what the records say without regard to removals and quarrels, so that it
 * only grows: whoever was in by any state that anybody ever saw is among them.
 */
export interface KnownKeys {
  readonly devices: Map<DeviceId, DeviceCertificate>
  readonly invitations: Map<InvitationId, Bytes>
  readonly members: Map<DeviceId, Set<MemberId>>
  /** Members that some record made organisers. */
  readonly organisers: Set<MemberId>
  readonly roles: Map<InvitationId, Role>
  /** Records that bring somebody in, or raise them, by those who may not have been allowed to, as far as is known yet. */
  readonly unsettled: Set<MembershipRecord>
}

export const noKeys = (): KnownKeys => ({
  devices: new Map(),
  invitations: new Map(),
  members: new Map(),
  organisers: new Set(),
  roles: new Map(),
  unsettled: new Set(),
})

export const copyKeys = (known: KnownKeys): KnownKeys => ({
  devices: new Map(known.devices),
  invitations: new Map(known.invitations),
  members: new Map([...known.members].map(([device, members]) => [device, new Set(members)])),
  organisers: new Set(known.organisers),
  roles: new Map(known.roles),
  unsettled: new Set(known.unsettled),
})

function learnIntroduction(known: KnownKeys, body: Introducing, role: Role): void {
  for (const [index, { device, member }] of joinersIn(body).entries()) {
    const certificate = certificatesIn(body)[index]
    if (certificate !== undefined && !known.devices.has(device)) known.devices.set(device, certificate)
    const members = known.members.get(device) ?? new Set()
    known.members.set(device, members.add(member))
    if (role === 'organiser') known.organisers.add(member)
  }
}

/** False: its author may not have been allowed to say it, by what is known yet. */
function settle(known: KnownKeys, { author, body }: MembershipRecord): boolean {
  if (body.type === 'create') {
    learnIntroduction(known, body, 'organiser')
    return true
  }
  const members = [...(known.members.get(author) ?? [])]
  const isByOrganiser = members.some((member) => known.organisers.has(member))
  if (body.type === 'role' && body.role === 'organiser' && isByOrganiser) known.organisers.add(body.member)
  if (body.type === 'invite' && isByOrganiser) known.roles.set(invitationIn(body), body.role)
  if (!isIntroducing(body)) return isByOrganiser
  const role =
    body.type === 'add' ? body.role : body.type === 'admit' ? known.roles.get(body.join.invitation) : 'member'
  if (isByOrganiser && body.type !== 'device' && role !== undefined) learnIntroduction(known, body, role)
  // Anybody may bring in a computer of their own.
  else if (joinersIn(body).every(({ member }) => members.includes(member))) learnIntroduction(known, body, 'member')
  else return false
  return true
}

/** Call for verified records only. */
export function learnKeys(known: KnownKeys, record: MembershipRecord): void {
  const { body } = record
  if (body.type === 'invite') known.invitations.set(invitationIn(body), body.invitationKey)
  const maySettle = isIntroducing(body) || body.type === 'invite' || (body.type === 'role' && body.role === 'organiser')
  if (!maySettle) return
  known.unsettled.add(record)
  if (!settle(known, record)) return
  known.unsettled.delete(record)
  for (let progressed = true; progressed;) {
    const settled = [...known.unsettled].filter((open) => settle(known, open))
    for (const one of settled) known.unsettled.delete(one)
    progressed = settled.length > 0
  }
}

export function decodeExact(
  bytes: Uint8Array,
  circle: CircleId,
): Result<VerifiedRecord, DecodeProblem | 'other-circle'> {
  const read = decodeRecord(bytes)
  if (!read.ok) return read
  if (read.value.circle !== circle) return fail('other-circle')
  // Two encodings of one statement would have two hashes.
  if (!equalBytes(encodeRecord(read.value), bytes)) return fail('malformed', 'not the one encoding')
  return ok({ hash: hashOfRecord(bytes), record: read.value })
}

const authorsCertificate = (known: KnownKeys, record: MembershipRecord): DeviceCertificate | undefined =>
  record.body.type === 'create' ? record.body.founder : known.devices.get(record.author)

/** What must arrive before this record's signatures can be checked. */
export function missingKey(known: KnownKeys, record: MembershipRecord): DeviceId | InvitationId | undefined {
  if (authorsCertificate(known, record) === undefined) return record.author
  const { body } = record
  return body.type === 'admit' && !known.invitations.has(body.join.invitation) ? body.join.invitation : undefined
}

function isFounded(record: MembershipRecord): boolean {
  const { body } = record
  if (body.type !== 'create') return true
  return (
    record.parents.length === 0 &&
    record.author === deviceIdOf(body.founder) &&
    record.circle === circleIdOf(record.author, body.nonce, body.kind, body.group)
  )
}

async function proofHolds(signer: Signer, known: KnownKeys, { circle, body }: MembershipRecord): Promise<boolean> {
  if (body.type !== 'admit') return true
  const invitationKey = known.invitations.get(body.join.invitation)
  return invitationKey !== undefined && verifyJoinProof(signer, circle, invitationKey, body.join)
}

/** Each by its identity key and its own, and all of one identity. */
async function certificatesHold(signer: Signer, { body }: MembershipRecord): Promise<boolean> {
  const certificates = certificatesIn(body)
  const [first] = certificates
  for (const certificate of certificates) {
    if (first === undefined || !equalBytes(certificate.identityKey, first.identityKey)) return false
    if (!(await verifyCertificate(signer, certificate))) return false
  }
  return new Set(certificates.map((certificate) => deviceIdOf(certificate))).size === certificates.length
}

/** Undefined: everything holds. Call when missingKey names nothing. */
export async function verifyRecord(
  signer: Signer,
  known: KnownKeys,
  record: MembershipRecord,
): Promise<RecordProblem | undefined> {
  if (!isFounded(record)) return 'not-the-founder'
  const author = authorsCertificate(known, record)
  if (author === undefined) return 'signature-invalid'
  if (!(await signer.verify('record', author.signingKey, encodeUnsignedRecord(record), record.signature))) {
    return 'signature-invalid'
  }
  if (!(await certificatesHold(signer, record))) return 'certificate-invalid'
  return (await proofHolds(signer, known, record)) ? undefined : 'proof-invalid'
}

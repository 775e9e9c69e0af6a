/**
 * A membership record: one signed statement about who is in a circle and which keys it uses. Records form a DAG by their
 * parents; shared/membership resolves any set of them. Laid out in PROTOCOL.md, "Membership records".
 */
import type { Bytes } from '../base/bytes.ts'
import type { Result } from '../base/errors.ts'
import type { CircleId, DeviceId, EpochId, HashId, InvitationId, MemberId } from '../base/ids.ts'
import { createWriter, decodeAll, refuse, type DecodeProblem, type Reader, type Writer } from './codec.ts'
import { readPlace, writePlace, type Place } from './entry.ts'
import {
  MAX_DEVICES,
  MAX_HEADS,
  MAX_NAME,
  MAX_PARENTS,
  MAX_RECORD,
  MAX_TIME,
  MAX_WRAPS,
  WIRE_VERSION,
} from './limits.ts'

export type Role = 'organiser' | 'member'

/** A member's identity key vouches for a device's keys, and the device agrees: neither can be named by the other alone. */
export interface DeviceCertificate {
  readonly identityKey: Bytes
  readonly signingKey: Bytes
  readonly boxKey: Bytes
  /** By the identity key, over the two device keys. */
  readonly signature: Bytes
  /** By the signing key, over the identity key and the box key. */
  readonly consent: Bytes
}

/** An epoch key for one device. */
export interface WrappedKey {
  readonly device: DeviceId
  readonly wrapped: Bytes
}

export interface EpochGrant {
  readonly epoch: EpochId
  readonly wraps: readonly WrappedKey[]
}

export interface CreateBody {
  readonly type: 'create'
  readonly kind: 'group' | 'circle'
  /** The group a circle belongs to; absent for a group. */
  readonly group?: CircleId
  readonly nonce: Bytes
  readonly circleName: string
  readonly founderName: string
  readonly founder: DeviceCertificate
  readonly createdAt: number
  readonly grant: EpochGrant
}

export interface InviteBody {
  readonly type: 'invite'
  /** Derived from the code; the log never holds the code. */
  readonly invitationKey: Bytes
  readonly role: Role
  readonly history: 'all' | 'from-now'
  readonly createdAt: number
  readonly expiresAt: number
}

export interface CancelBody {
  readonly type: 'cancel'
  readonly invitation: InvitationId
  /** 'words-differ' burns an invitation that somebody else may have had. */
  readonly reason: 'cancelled' | 'words-differ'
}

/** What a newcomer proves; see shared/membership/proof.ts. */
export interface JoinProof {
  readonly invitation: InvitationId
  readonly name: string
  readonly certificate: DeviceCertificate
  readonly challenge: Bytes
  /** By the invitation key: "I had the code". */
  readonly proof: Bytes
  /** By the joiner's identity key: "I want to be in this circle". */
  readonly consent: Bytes
}

export interface AdmitBody {
  readonly type: 'admit'
  readonly join: JoinProof
  readonly admittedAt: number
  readonly grants: readonly EpochGrant[]
}

/** Another computer of the same member; signed by one of that member's devices. */
export interface DeviceBody {
  readonly type: 'device'
  readonly certificate: DeviceCertificate
  readonly grants: readonly EpochGrant[]
}

export interface EpochBody {
  readonly type: 'epoch'
  /** epochId of this record's key: hash(key, circle, parents). */
  readonly grant: EpochGrant
  readonly parents: readonly EpochId[]
  /** Older keys sealed under the new one, so that history opens for those who come later. */
  readonly older: readonly { readonly epoch: EpochId; readonly sealedKey: Bytes }[]
}

/** Keys for devices that were left out, for example added while a key was changing. */
export interface GrantBody {
  readonly type: 'grant'
  readonly grants: readonly EpochGrant[]
}

export interface RemoveBody {
  readonly type: 'remove'
  readonly target: { readonly member: MemberId } | { readonly device: DeviceId }
  /** The last entry accepted from each of the removed devices. */
  readonly lastAccepted: readonly (Place & { readonly hash: HashId })[]
}

export interface ProfileBody {
  readonly type: 'profile'
  readonly name: string
}

export interface RenameBody {
  readonly type: 'rename'
  readonly circleName: string
}

export interface RoleBody {
  readonly type: 'role'
  readonly member: MemberId
  readonly role: Role
}

/** The device goes on under a new incarnation, because its log forked or was restored. */
export interface IncarnationBody {
  readonly type: 'incarnation'
  readonly incarnation: number
}

/**
 * Somebody who is in the group is put into a circle of it. Nothing is asked of them: they can leave. Their certificates, signed by
 * their own identity key and by each computer's own, come from the group's log, so nobody can put in a made-up person under
 * another's keys.
 */
export interface AddBody {
  readonly type: 'add'
  readonly name: string
  readonly role: Role
  readonly history: 'all' | 'from-now'
  /** All of one identity; at least one. */
  readonly certificates: readonly DeviceCertificate[]
  /** For display only. */
  readonly addedAt: number
  readonly grants: readonly EpochGrant[]
}

/** The circle has ended, or goes on again. Nothing is taken from anybody. */
export interface CloseBody {
  readonly type: 'close'
  readonly closed: boolean
}

/** What the author's own computer is called, for its owner to tell it from another. */
export interface DeviceNameBody {
  readonly type: 'device-name'
  readonly name: string
}

/** From a newer version: kept and passed on, without effect here. */
export interface UnknownBody {
  readonly type: 'unknown'
  readonly code: number
  readonly bytes: Bytes
}

export type RecordBody =
  | CreateBody
  | InviteBody
  | CancelBody
  | AdmitBody
  | DeviceBody
  | EpochBody
  | GrantBody
  | RemoveBody
  | ProfileBody
  | RenameBody
  | RoleBody
  | IncarnationBody
  | AddBody
  | CloseBody
  | DeviceNameBody
  | UnknownBody

export interface UnsignedRecord {
  readonly circle: CircleId
  readonly author: DeviceId
  readonly parents: readonly HashId[]
  readonly body: RecordBody
}

export interface MembershipRecord extends UnsignedRecord {
  readonly signature: Bytes
}

const CODES = {
  create: 1,
  invite: 2,
  cancel: 3,
  admit: 4,
  device: 5,
  epoch: 6,
  grant: 7,
  remove: 8,
  profile: 9,
  rename: 10,
  role: 11,
  incarnation: 12,
  add: 13,
  close: 14,
  'device-name': 15,
} as const

const ROLES = ['organiser', 'member'] as const
const KINDS = ['group', 'circle'] as const
const HISTORIES = ['all', 'from-now'] as const
const CANCEL_REASONS = ['cancelled', 'words-differ'] as const
const TARGETS = ['member', 'device'] as const
const CLOSINGS = ['open', 'closed'] as const

const readChoice = <Choice extends string>(reader: Reader, choices: readonly Choice[]): Choice =>
  choices[reader.byte()] ?? refuse('malformed', 'not one of the choices')

const MAX_WRAP = 128
const NONCE = 16
const KEY = 32
const SIGNATURE = 64

export const writeCertificate = (writer: Writer, certificate: DeviceCertificate): Writer =>
  writer
    .fixed(certificate.identityKey)
    .fixed(certificate.signingKey)
    .fixed(certificate.boxKey)
    .fixed(certificate.signature)
    .fixed(certificate.consent)

export const readCertificate = (reader: Reader): DeviceCertificate => ({
  identityKey: reader.fixed(KEY),
  signingKey: reader.fixed(KEY),
  boxKey: reader.fixed(KEY),
  signature: reader.fixed(SIGNATURE),
  consent: reader.fixed(SIGNATURE),
})

const writeGrant = (writer: Writer, grant: EpochGrant): Writer =>
  writer.id(grant.epoch).list(grant.wraps, (to, { device, wrapped }) => to.id(device).bytes(wrapped))

const readGrant = (reader: Reader): EpochGrant => ({
  epoch: reader.id<EpochId>(),
  wraps: reader.list(MAX_WRAPS, (from) => ({ device: from.id<DeviceId>(), wrapped: from.bytes(MAX_WRAP) })),
})

const readGrants = (reader: Reader): readonly EpochGrant[] => reader.list(MAX_WRAPS, readGrant)

export const writeJoinProof = (writer: Writer, join: JoinProof): Writer =>
  writeCertificate(writer.id(join.invitation).text(join.name), join.certificate)
    .fixed(join.challenge)
    .fixed(join.proof)
    .fixed(join.consent)

export const readJoinProof = (reader: Reader): JoinProof => ({
  invitation: reader.id<InvitationId>(),
  name: reader.text(MAX_NAME),
  certificate: readCertificate(reader),
  challenge: reader.fixed(KEY),
  proof: reader.fixed(SIGNATURE),
  consent: reader.fixed(SIGNATURE),
})

function writeBody(writer: Writer, body: RecordBody): Writer {
  if (body.type === 'unknown') return writer.byte(body.code).fixed(body.bytes)
  writer.byte(CODES[body.type])
  switch (body.type) {
    case 'create':
      writer.byte(KINDS.indexOf(body.kind))
      if (body.group !== undefined) writer.id(body.group)
      writer.fixed(body.nonce).text(body.circleName).text(body.founderName)
      return writeGrant(writeCertificate(writer, body.founder).uint(body.createdAt), body.grant)
    case 'invite':
      return writer
        .fixed(body.invitationKey)
        .byte(ROLES.indexOf(body.role))
        .byte(HISTORIES.indexOf(body.history))
        .uint(body.createdAt)
        .uint(body.expiresAt)
    case 'cancel':
      return writer.id(body.invitation).byte(CANCEL_REASONS.indexOf(body.reason))
    case 'admit':
      return writeJoinProof(writer, body.join).uint(body.admittedAt).list(body.grants, writeGrant)
    case 'device':
      return writeCertificate(writer, body.certificate).list(body.grants, writeGrant)
    case 'epoch':
      return writeGrant(writer, body.grant)
        .list(body.parents, (to, epoch) => to.id(epoch))
        .list(body.older, (to, { epoch, sealedKey }) => to.id(epoch).bytes(sealedKey))
    case 'grant':
      return writer.list(body.grants, writeGrant)
    case 'remove':
      if ('member' in body.target) writer.byte(0).id(body.target.member)
      else writer.byte(1).id(body.target.device)
      return writer.list(body.lastAccepted, (to, place) => writePlace(to, place).hash(place.hash))
    case 'profile':
      return writer.text(body.name)
    case 'rename':
      return writer.text(body.circleName)
    case 'role':
      return writer.id(body.member).byte(ROLES.indexOf(body.role))
    case 'incarnation':
      return writer.uint(body.incarnation)
    case 'add':
      return writer
        .text(body.name)
        .byte(ROLES.indexOf(body.role))
        .byte(HISTORIES.indexOf(body.history))
        .list(body.certificates, writeCertificate)
        .uint(body.addedAt)
        .list(body.grants, writeGrant)
    case 'close':
      return writer.byte(body.closed ? 1 : 0)
    case 'device-name':
      return writer.text(body.name)
  }
}

function readCreate(reader: Reader): CreateBody {
  const kind = readChoice(reader, KINDS)
  return {
    type: 'create',
    kind,
    ...(kind === 'circle' ? { group: reader.id<CircleId>() } : {}),
    nonce: reader.fixed(NONCE),
    circleName: reader.text(MAX_NAME),
    founderName: reader.text(MAX_NAME),
    founder: readCertificate(reader),
    createdAt: reader.uint(MAX_TIME),
    grant: readGrant(reader),
  }
}

function readAdd(reader: Reader): AddBody {
  const body: AddBody = {
    type: 'add',
    name: reader.text(MAX_NAME),
    role: readChoice(reader, ROLES),
    history: readChoice(reader, HISTORIES),
    certificates: reader.list(MAX_DEVICES, readCertificate),
    addedAt: reader.uint(MAX_TIME),
    grants: readGrants(reader),
  }
  return body.certificates.length === 0 ? refuse('malformed', 'nobody added') : body
}

function readBody(reader: Reader): RecordBody {
  const code = reader.byte()
  switch (code) {
    case CODES.create:
      return readCreate(reader)
    case CODES.invite:
      return {
        type: 'invite',
        invitationKey: reader.fixed(KEY),
        role: readChoice(reader, ROLES),
        history: readChoice(reader, HISTORIES),
        createdAt: reader.uint(MAX_TIME),
        expiresAt: reader.uint(MAX_TIME),
      }
    case CODES.cancel:
      return { type: 'cancel', invitation: reader.id<InvitationId>(), reason: readChoice(reader, CANCEL_REASONS) }
    case CODES.admit:
      return {
        type: 'admit',
        join: readJoinProof(reader),
        admittedAt: reader.uint(MAX_TIME),
        grants: readGrants(reader),
      }
    case CODES.device:
      return { type: 'device', certificate: readCertificate(reader), grants: readGrants(reader) }
    case CODES.epoch:
      return {
        type: 'epoch',
        grant: readGrant(reader),
        parents: reader.list(MAX_PARENTS, (from) => from.id<EpochId>()),
        older: reader.list(MAX_WRAPS, (from) => ({ epoch: from.id<EpochId>(), sealedKey: from.bytes(MAX_WRAP) })),
      }
    case CODES.grant:
      return { type: 'grant', grants: readGrants(reader) }
    case CODES.remove:
      return {
        type: 'remove',
        target:
          readChoice(reader, TARGETS) === 'member'
            ? { member: reader.id<MemberId>() }
            : { device: reader.id<DeviceId>() },
        lastAccepted: reader.list(MAX_HEADS, (from) => ({ ...readPlace(from), hash: from.hash() })),
      }
    case CODES.profile:
      return { type: 'profile', name: reader.text(MAX_NAME) }
    case CODES.rename:
      return { type: 'rename', circleName: reader.text(MAX_NAME) }
    case CODES.role:
      return { type: 'role', member: reader.id<MemberId>(), role: readChoice(reader, ROLES) }
    case CODES.incarnation:
      return { type: 'incarnation', incarnation: reader.uint(65_535) }
    case CODES.add:
      return readAdd(reader)
    case CODES.close:
      return { type: 'close', closed: readChoice(reader, CLOSINGS) === 'closed' }
    case CODES['device-name']:
      return { type: 'device-name', name: reader.text(MAX_NAME) }
    default:
      return { type: 'unknown', code, bytes: reader.rest() }
  }
}

/** The bytes that the signature is over. Parents are sorted, so that one statement has one encoding. */
export const encodeUnsignedRecord = (record: UnsignedRecord): Bytes =>
  createWriter()
    .byte(WIRE_VERSION)
    .id(record.circle)
    .id(record.author)
    .list(record.parents.toSorted(), (to, parent) => to.hash(parent))
    .bytes(writeBody(createWriter(), record.body).done())
    .done()

export const encodeRecord = (record: MembershipRecord): Bytes =>
  createWriter().fixed(encodeUnsignedRecord(record)).fixed(record.signature).done()

const isStrictlyRising = (values: readonly string[]): boolean =>
  values.every((value, index) => index === 0 || (values[index - 1] ?? '') < value)

export function decodeRecord(bytes: Uint8Array): Result<MembershipRecord, DecodeProblem> {
  if (bytes.length > MAX_RECORD) return { ok: false, error: 'too-large', detail: `a record over ${MAX_RECORD} bytes` }
  return decodeAll(bytes, (reader) => {
    if (reader.byte() !== WIRE_VERSION) refuse('other-version', 'record version')
    const circle = reader.id<CircleId>()
    const author = reader.id<DeviceId>()
    const parents = reader.list(MAX_PARENTS, (from) => from.hash())
    if (!isStrictlyRising(parents)) refuse('malformed', 'parents out of order')
    const body = decodeAll(reader.bytes(MAX_RECORD), readBody)
    if (!body.ok) return refuse(body.error, body.detail ?? '')
    return { circle, author, parents, body: body.value, signature: reader.fixed(SIGNATURE) }
  })
}

/** The samples behind the golden vectors: fixed keys, fixed times, nothing random. */
import { concat, fromHex, toHex, utf8, type Bytes } from '../../shared/base/bytes.ts'
import type { CircleId, DocumentId, EpochId, HashId } from '../../shared/base/ids.ts'
import { hash } from '../../shared/crypto/hash.ts'
import { defaultSigner, signingKeyPair } from '../../shared/crypto/sign.ts'
import { boxKeyPairFromSecret } from '../../shared/crypto/wrap.ts'
import { encodeJoining, type JoiningMessage } from '../../shared/joining/messages.ts'
import {
  agreedProof,
  bind,
  commitmentTo,
  helloProof,
  stopProof,
  welcomeProof,
} from '../../shared/joining/conversation.ts'
import type { InvitationSecrets } from '../../shared/joining/code.ts'
import { circleIdOf, deviceIdOf, epochIdOf, invitationIdOf, memberIdOf } from '../../shared/membership/names.ts'
import { signJoinProof } from '../../shared/membership/proof.ts'
import type { DeviceSecrets } from '../../shared/membership/state.ts'
import {
  encodeEntry,
  encodeEntryBody,
  encodeUnsignedEntry,
  NO_HASH,
  seenOf,
  type Entry,
  type EntryBody,
  type UnsignedEntry,
} from '../../shared/wire/entry.ts'
import {
  encodeRecord,
  encodeUnsignedRecord,
  type DeviceCertificate,
  type EpochGrant,
  type MembershipRecord,
  type RecordBody,
} from '../../shared/wire/record.ts'

const fixed = (name: string, length = 32): Bytes => hash('golden vector', utf8(name)).slice(0, length)

const signer = await defaultSigner()

async function person(name: string, owner = name): Promise<DeviceSecrets> {
  const identity = signingKeyPair(fixed(`${owner} identity`))
  const signing = signingKeyPair(fixed(`${name} signing`))
  const box = boxKeyPairFromSecret(fixed(`${name} box`))
  const certificate: DeviceCertificate = {
    identityKey: identity.publicKey,
    signingKey: signing.publicKey,
    boxKey: box.publicKey,
    signature: await signer.sign('device certificate', identity, concat(signing.publicKey, box.publicKey)),
    consent: await signer.sign('device consent', signing, concat(identity.publicKey, box.publicKey)),
  }
  return {
    identity,
    signing,
    box,
    certificate,
    member: memberIdOf(identity.publicKey),
    device: deviceIdOf(certificate),
  }
}

export const ada = await person('Ada')
export const ben = await person('Ben')
const bensLaptop = await person('Ben’s laptop', 'Ben')

const NONCE = fixed('circle nonce', 16)
const AT = 1_790_000_000_000
export const circle: CircleId = circleIdOf(ada.device, NONCE, 'group')
const inner: CircleId = circleIdOf(ada.device, NONCE, 'circle', circle)
const epoch: EpochId = epochIdOf(fixed('first epoch'), circle, [])
const nextEpoch: EpochId = epochIdOf(fixed('next epoch'), circle, [epoch])
const invitationKeys = signingKeyPair(fixed('invitation'))
export const invitation: InvitationSecrets = {
  id: invitationIdOf(invitationKeys.publicKey),
  keys: invitationKeys,
  roomKey: fixed('room'),
}
const grant = (of: EpochId, ...to: readonly DeviceSecrets[]): EpochGrant => ({
  epoch: of,
  wraps: to.map(({ device }) => ({
    device,
    wrapped: concat(fixed('wrap one'), fixed('wrap two'), fixed('wrap 3', 16)),
  })),
})

const channel = { transcript: fixed('channel') }
const reveal = {
  type: 'reveal',
  nonce: fixed('joiner nonce'),
  certificate: ben.certificate,
  name: 'Ben Ångström',
} as const
const commitment = commitmentTo(reveal)
const hello = {
  type: 'hello',
  proof: helloProof(invitation, channel, commitment),
  commitment,
  device: ben.device,
} as const
const welcome = {
  type: 'welcome',
  proof: welcomeProof(invitation, channel, hello),
  nonce: fixed('inviter nonce'),
  circle,
  groupName: 'Tuesday group',
  inviterName: 'Ada',
  inviter: ada.certificate,
} as const
export const bound = bind(channel, hello, welcome, reveal)
const welcomeComputer = {
  type: 'welcome-computer',
  proof: welcomeProof(invitation, channel, hello, 'welcome-computer'),
  nonce: fixed('inviter nonce'),
  inviterName: 'Ada',
  inviter: ada.certificate,
} as const
/** The same conversation but for the kind of welcome. */
export const boundComputer = bind(channel, hello, welcomeComputer, reveal)
const join = await signJoinProof(signer, circle, { secrets: ben, name: 'Ben Ångström' }, invitation, bound.challenge)

const parents = [toHex(fixed('parent one')) as HashId, toHex(fixed('parent two')) as HashId].toSorted()

const BODIES: Readonly<Record<string, RecordBody>> = {
  create: {
    type: 'create',
    kind: 'group',
    nonce: NONCE,
    circleName: 'Tuesday group',
    founderName: 'Ada',
    founder: ada.certificate,
    createdAt: AT,
    grant: grant(epoch, ada),
  },
  'create inner circle': {
    type: 'create',
    kind: 'circle',
    group: circle,
    nonce: NONCE,
    circleName: 'Planning',
    founderName: 'Ada',
    founder: ada.certificate,
    createdAt: AT,
    grant: grant(epochIdOf(fixed('inner epoch'), inner, []), ada),
  },
  invite: {
    type: 'invite',
    invitationKey: invitationKeys.publicKey,
    role: 'organiser',
    history: 'all',
    createdAt: AT,
    expiresAt: AT + 604_800_000,
  },
  cancel: { type: 'cancel', invitation: invitation.id, reason: 'words-differ' },
  admit: { type: 'admit', join, admittedAt: AT + 1, grants: [grant(epoch, ben)] },
  device: { type: 'device', certificate: ada.certificate, grants: [] },
  epoch: {
    type: 'epoch',
    grant: grant(nextEpoch, ada, ben),
    parents: [epoch],
    older: [{ epoch, sealedKey: concat(fixed('sealed one'), fixed('sealed two'), fixed('sealed 3', 8)) }],
  },
  grant: { type: 'grant', grants: [grant(epoch, ben), grant(nextEpoch, ben)] },
  'remove member': {
    type: 'remove',
    target: { member: ben.member },
    lastAccepted: [{ device: ben.device, incarnation: 1, seq: 300, hash: parents[0]! }],
  },
  'remove device': { type: 'remove', target: { device: ben.device }, lastAccepted: [] },
  profile: { type: 'profile', name: 'Ada Lovelace' },
  rename: { type: 'rename', circleName: 'Wednesday group' },
  role: { type: 'role', member: ben.member, role: 'member' },
  incarnation: { type: 'incarnation', incarnation: 65_535 },
  add: {
    type: 'add',
    name: 'Ben Ångström',
    role: 'member',
    history: 'all',
    certificates: [ben.certificate, bensLaptop.certificate],
    addedAt: AT + 2,
    grants: [grant(epoch, ben, bensLaptop), grant(nextEpoch, ben, bensLaptop)],
  },
  'add from now on': {
    type: 'add',
    name: 'Ben',
    role: 'organiser',
    history: 'from-now',
    certificates: [ben.certificate],
    addedAt: AT,
    grants: [],
  },
  close: { type: 'close', closed: true },
  'open again': { type: 'close', closed: false },
  'device name': { type: 'device-name', name: 'Ada’s old laptop' },
  'from a newer version': { type: 'unknown', code: 200, bytes: Uint8Array.of(1, 2, 3) },
}

async function signedRecord(name: string, body: RecordBody): Promise<readonly [string, MembershipRecord]> {
  const unsigned = {
    circle: name === 'create inner circle' ? inner : circle,
    author: ada.device,
    parents: body.type === 'create' ? [] : parents,
    body,
  }
  return [name, { ...unsigned, signature: await signer.sign('record', ada.signing, encodeUnsignedRecord(unsigned)) }]
}

export const records: ReadonlyMap<string, MembershipRecord> = new Map(
  await Promise.all(Object.entries(BODIES).map(([name, body]) => signedRecord(name, body))),
)

async function signedEntry(unsigned: UnsignedEntry): Promise<Entry> {
  return { ...unsigned, signature: await signer.sign('entry', ada.signing, encodeUnsignedEntry(unsigned)) }
}

const place = { circle, device: ada.device, incarnation: 0, epoch, sealedBody: fixed('sealed body') }

export const entries: ReadonlyMap<string, Entry> = new Map([
  ['first update', await signedEntry({ kind: 'update', ...place, seq: 1, previous: NO_HASH })],
  [
    'update under a late incarnation',
    await signedEntry({
      kind: 'update',
      ...place,
      incarnation: 65_535,
      seq: 0xffff_ffff,
      previous: toHex(fixed('previous')) as HashId,
    }),
  ],
  [
    'fold',
    await signedEntry({
      kind: 'fold',
      ...place,
      seq: 300,
      previous: NO_HASH,
      foldsFrom: 1,
      folded: toHex(fixed('folded')) as HashId,
    }),
  ],
])

export const bodies: ReadonlyMap<string, EntryBody> = new Map([
  [
    'one keystroke',
    {
      document: toHex(fixed('document', 16)) as DocumentId,
      authoredAt: AT,
      seen: [],
      update: Uint8Array.of(0, 0, 1, 2, 3),
    },
  ],
  [
    'after reading others',
    {
      document: toHex(fixed('document', 16)) as DocumentId,
      authoredAt: AT,
      seen: [
        seenOf({ device: ben.device, incarnation: 0, seq: 12, hash: toHex(fixed('seen')) as HashId }),
        seenOf({ device: ada.device, incarnation: 2, seq: 1, hash: toHex(fixed('seen too')) as HashId }),
      ],
      update: concat(...Array.from({ length: 20 }, (_, index) => fixed(`update ${index}`))),
    },
  ],
])

export const messages: ReadonlyMap<string, JoiningMessage> = new Map<string, JoiningMessage>([
  ['hello', hello],
  ['welcome', welcome],
  ['reveal', reveal],
  ['confirm', { type: 'confirm', join }],
  ['admitted', { type: 'admitted', count: 130 }],
  ['records', { type: 'records', records: [fixed('record a'), fixed('record b', 5)] }],
  ['received', { type: 'received' }],
  ['stop by joiner', { type: 'stop', reason: 'words-differ', proof: stopProof(invitation, channel, 'joiner') }],
  ['stop by inviter', { type: 'stop', reason: 'code-used', proof: stopProof(invitation, channel, 'inviter') }],
  ['busy', { type: 'busy' }],
  ['ready', { type: 'ready' }],
  ['welcome computer', welcomeComputer],
  ['agreed', { type: 'agreed', proof: agreedProof(invitation, channel, boundComputer.challenge) }],
  ['identity', { type: 'identity', name: 'Ada', seed: fixed('Ada identity') }],
  ['device', { type: 'device', certificate: ada.certificate }],
  [
    'circles',
    {
      type: 'circles',
      circles: [
        { circle, count: 130 },
        { circle: inner, count: 2 },
      ],
    },
  ],
  [
    'stop by a computer in a group',
    { type: 'stop', reason: 'already-in-a-group', proof: stopProof(invitation, channel, 'joiner') },
  ],
])

const hexOf = <Value>(samples: ReadonlyMap<string, Value>, encode: (value: Value) => Bytes) =>
  Object.fromEntries([...samples].map(([name, value]) => [name, toHex(encode(value))]))

/** What the data files hold, as this version writes it. */
export const golden = (): Readonly<
  Record<'records' | 'entries' | 'bodies' | 'messages', Readonly<Record<string, string>>>
> => ({
  records: hexOf(records, encodeRecord),
  entries: hexOf(entries, encodeEntry),
  bodies: hexOf(bodies, encodeEntryBody),
  messages: hexOf(messages, encodeJoining),
})

// ------------------------------------------------------------------------------------------------------------- failures

export interface Failure {
  readonly decoder: 'record' | 'entry' | 'body' | 'message'
  readonly because: string
  readonly bytes: string
  readonly expected: string
}

type Edit = (bytes: Bytes) => Bytes

const set =
  (offset: number, value: number): Edit =>
  (bytes) =>
    bytes.with(offset < 0 ? bytes.length + offset : offset, value)
const cut =
  (count: number): Edit =>
  (bytes) =>
    bytes.slice(0, bytes.length - count)
const extend =
  (...more: readonly number[]): Edit =>
  (bytes) =>
    concat(bytes, Uint8Array.from(more))
const splice =
  (offset: number, removed: number, ...added: readonly number[]): Edit =>
  (bytes) =>
    concat(bytes.slice(0, offset), Uint8Array.from(added), bytes.slice(offset + removed))

/** version 1, circle 16, author 16: the number of parents stands at 33. */
const PARENTS = 33
const FIRST_PARENT = PARENTS + 1
/** After two parents of 32 bytes: the length of the body. */
const BODY_LENGTH = FIRST_PARENT + 64

function swapParents(bytes: Bytes): Bytes {
  const [one, two] = [bytes.slice(FIRST_PARENT, FIRST_PARENT + 32), bytes.slice(FIRST_PARENT + 32, FIRST_PARENT + 64)]
  return concat(bytes.slice(0, FIRST_PARENT), two, one, bytes.slice(FIRST_PARENT + 64))
}

const doubleParent = (bytes: Bytes): Bytes =>
  concat(
    bytes.slice(0, FIRST_PARENT + 32),
    bytes.slice(FIRST_PARENT, FIRST_PARENT + 32),
    bytes.slice(FIRST_PARENT + 64),
  )

/** In 'add from now on', after the length of the body (2 bytes): type 1, name 4, role 1, history 1, then the number of certificates. */
const ADDED_COUNT = BODY_LENGTH + 2 + 7
const CERTIFICATE = 224

/** Without the one certificate: the body's length says 224 less. */
function addNobody(bytes: Bytes): Bytes {
  const length = (bytes[BODY_LENGTH]! & 127) + bytes[BODY_LENGTH + 1]! * 128 - CERTIFICATE
  return concat(
    bytes.slice(0, BODY_LENGTH),
    Uint8Array.of(length),
    bytes.slice(BODY_LENGTH + 2, ADDED_COUNT),
    Uint8Array.of(0),
    bytes.slice(ADDED_COUNT + 1 + CERTIFICATE),
  )
}

/** In 'after reading others': document 16, time 6, count 1, and a place of 18. */
const SEEN_ENTRY = 16 + 6 + 1 + 18

const CASES: readonly (readonly [Failure['decoder'], string, string, string, Edit])[] = [
  ['record', 'cancel', 'nothing at all', 'malformed', () => new Uint8Array(0)],
  ['record', 'cancel', 'another version', 'other-version', set(0, 2)],
  ['record', 'cancel', 'cut off by a byte', 'malformed', cut(1)],
  ['record', 'cancel', 'a byte too many', 'malformed', extend(0)],
  ['record', 'cancel', 'parents out of order', 'malformed', swapParents],
  ['record', 'cancel', 'one parent twice', 'malformed', doubleParent],
  ['record', 'cancel', 'more parents than allowed', 'too-large', set(PARENTS, 17)],
  ['record', 'cancel', 'a number longer than it needs to be', 'malformed', splice(PARENTS, 1, 0x82, 0)],
  ['record', 'cancel', 'a body longer than any record', 'too-large', splice(BODY_LENGTH, 1, 0xff, 0xff, 0x7f)],
  ['record', 'cancel', 'a body that ends early', 'malformed', set(BODY_LENGTH, 17)],
  ['record', 'cancel', 'no such reason', 'malformed', set(-65, 2)],
  ['record', 'role', 'no such role', 'malformed', set(-65, 7)],
  ['record', 'profile', 'a name that is not UTF-8', 'malformed', set(-65, 0xff)],
  ['record', 'incarnation', 'an incarnation too high', 'too-large', splice(BODY_LENGTH + 2, 3, 0x80, 0x80, 0x04)],
  ['record', 'cancel', 'one bit of the signature', 'signature-invalid', (bytes) => set(-64, bytes.at(-64)! ^ 1)(bytes)],
  [
    'record',
    'cancel',
    'one bit of what is signed',
    'signature-invalid',
    (bytes) => set(-66, bytes.at(-66)! ^ 1)(bytes),
  ],
  ['record', 'cancel', 'another circle', 'other-circle', (bytes) => set(1, bytes[1]! ^ 1)(bytes)],
  ['record', 'create', 'a founder who is not the author', 'not-the-founder', (bytes) => set(17, bytes[17]! ^ 1)(bytes)],
  ['record', 'close', 'neither open nor closed', 'malformed', set(-65, 2)],
  ['record', 'add from now on', 'nobody added', 'malformed', addNobody],
  ['record', 'add from now on', 'more computers than one person has', 'too-large', splice(ADDED_COUNT, 1, 17)],
  ['record', 'add from now on', 'no such history', 'malformed', set(ADDED_COUNT - 1, 2)],
  ['record', 'device name', 'one bit of the name', 'signature-invalid', (bytes) => set(-66, bytes.at(-66)! ^ 1)(bytes)],
  ['entry', 'first update', 'nothing at all', 'malformed', () => new Uint8Array(0)],
  ['entry', 'first update', 'another version', 'other-version', set(0, 0)],
  ['entry', 'first update', 'no such kind', 'malformed', set(1, 3)],
  ['entry', 'first update', 'seq 0', 'malformed', set(35, 0)],
  ['entry', 'first update', 'cut off by a byte', 'malformed', cut(1)],
  ['entry', 'first update', 'a byte too many', 'malformed', extend(7)],
  ['entry', 'first update', 'an incarnation too high', 'too-large', splice(34, 1, 0x80, 0x80, 0x04)],
  [
    'entry',
    'first update',
    'a number too long for any computer',
    'malformed',
    splice(34, 1, ...Array<number>(12).fill(0xff), 1),
  ],
  ['entry', 'fold', 'a fold of nothing', 'malformed', splice(85, 1, 0xac, 0x02)],
  ['body', 'one keystroke', 'padding that says something', 'malformed', set(-1, 1)],
  ['body', 'one keystroke', 'padding longer than it needs to be', 'malformed', extend(0)],
  ['body', 'one keystroke', 'cut off within the update', 'malformed', cut(44)],
  ['body', 'after reading others', 'a place without its entry', 'malformed', (bytes) => bytes.slice(0, SEEN_ENTRY)],
  ['message', 'hello', 'nothing at all', 'malformed', () => new Uint8Array(0)],
  ['message', 'hello', 'another version', 'other-version', set(0, 9)],
  ['message', 'hello', 'no such message', 'malformed', set(1, 99)],
  ['message', 'hello', 'cut off by a byte', 'malformed', cut(1)],
  ['message', 'ready', 'a byte too many', 'malformed', extend(0)],
  ['message', 'stop by joiner', 'no such reason', 'malformed', set(2, 99)],
  ['message', 'admitted', 'more records than any circle has', 'too-large', splice(2, 2, 0xff, 0x7f)],
  ['message', 'circles', 'more circles than anybody is in', 'too-large', splice(2, 1, 0xff, 0x7f)],
  ['message', 'circles', 'more records than any circle has', 'too-large', splice(19, 2, 0xff, 0x7f)],
  ['message', 'identity', 'a seed that is cut off', 'malformed', cut(1)],
  ['message', 'welcome computer', 'read as a welcome', 'too-large', set(1, 2)],
  ['message', 'records', 'more records than a message may hold', 'too-large', splice(2, 1, 0xff, 0x7f)],
]

/** Ben's computer under Ada's identity: whatever Ada signs, the computer itself agreed to Ben's only. */
const CLAIMED: DeviceCertificate = {
  ...ben.certificate,
  identityKey: ada.certificate.identityKey,
  signature: await signer.sign('device certificate', ada.identity, concat(ben.signing.publicKey, ben.box.publicKey)),
}
const CLAIMS: readonly (readonly [string, DeviceCertificate])[] = [
  ['claimed with the consent that it gave its owner', CLAIMED],
  [
    'claimed with a consent by the claiming identity',
    {
      ...CLAIMED,
      consent: await signer.sign('device consent', ada.identity, concat(ada.identity.publicKey, ben.box.publicKey)),
    },
  ],
  [
    'claimed with its own signature for another purpose',
    {
      ...CLAIMED,
      consent: await signer.sign('device certificate', ben.signing, concat(ada.identity.publicKey, ben.box.publicKey)),
    },
  ],
  ['without its identity', { ...ben.certificate, signature: ben.certificate.consent }],
]
/** Signed rightly by their author. */
const CLAIMING = await Promise.all(
  CLAIMS.flatMap(([because, certificate]): readonly (readonly [string, RecordBody])[] => [
    [`device: a computer ${because}`, { type: 'device', certificate, grants: [] }],
    [
      `add: a computer ${because}`,
      {
        type: 'add',
        name: 'Nobody',
        role: 'member',
        history: 'all',
        certificates: [certificate],
        addedAt: AT,
        grants: [],
      },
    ],
  ]).map(([because, body]) => signedRecord(because, body)),
)

export function failures(): readonly Failure[] {
  const all = golden()
  const samples = { record: all.records, entry: all.entries, body: all.bodies, message: all.messages }
  const changed = CASES.map(([decoder, sample, because, expected, edit]) => ({
    decoder,
    because: `${sample}: ${because}`,
    expected,
    bytes: toHex(edit(fromHex(samples[decoder][sample] ?? ''))),
  }))
  const claiming = CLAIMING.map(([because, record]) => ({
    decoder: 'record' as const,
    because,
    expected: 'certificate-invalid',
    bytes: toHex(encodeRecord(record)),
  }))
  return [...changed, ...claiming]
}

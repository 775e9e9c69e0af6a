/** Logs for the resolver's tests: people without real keys, since the resolver trusts signatures to have been checked. */
import { utf8, type Bytes } from '../base/bytes.ts'
import type { CircleId, EpochId } from '../base/ids.ts'
import { hash } from '../crypto/hash.ts'
import { encodeRecord, type DeviceCertificate, type EpochGrant, type RecordBody } from '../wire/record.ts'
import { circleIdOf, deviceIdOf, epochIdOf, hashOfRecord, invitationIdOf, memberIdOf } from './names.ts'
import { resolve } from './resolve.ts'
import type { CircleState } from './state.ts'
import type { VerifiedRecord } from './verify.ts'

export const filler = (text: string): Bytes => hash('test', utf8(text))
export const signature = new Uint8Array(64)

export interface Person {
  readonly certificate: DeviceCertificate
  readonly device: ReturnType<typeof deviceIdOf>
  readonly member: ReturnType<typeof memberIdOf>
  readonly name: string
}

export function person(name: string, identity = name): Person {
  const certificate = {
    identityKey: filler(`${identity} identity`),
    signingKey: filler(`${name} signing`),
    boxKey: filler(`${name} box`),
    signature,
    consent: signature,
  }
  return { certificate, device: deviceIdOf(certificate), member: memberIdOf(certificate.identityKey), name }
}

export const PEOPLE = ['ann', 'bea', 'cal', 'dov', 'eve', 'fay'].map((name) => person(name))
export const [ann, bea, cal, dov, eve] = PEOPLE as [Person, Person, Person, Person, Person]
export const nonce = new Uint8Array(16)
const group = 'ab'.repeat(16) as CircleId
export const circle: CircleId = circleIdOf(ann.device, nonce, 'circle', group)
export const epochKey = (name: string): Bytes => filler(`epoch ${name}`)
export const firstEpoch = epochIdOf(epochKey('first'), circle, [])
export const invitationKey = (name: string): Bytes => filler(`invitation ${name}`)

export function say(author: Person, parents: readonly VerifiedRecord[], body: RecordBody): VerifiedRecord {
  const hashes = [...new Set(parents.map((parent) => parent.hash))].toSorted()
  const record = { circle, author: author.device, parents: hashes, body, signature }
  return { hash: hashOfRecord(encodeRecord(record)), record }
}

export const genesis = say(ann, [], {
  type: 'create',
  kind: 'circle',
  group,
  nonce,
  circleName: 'Group',
  founderName: 'ann',
  founder: ann.certificate,
  createdAt: 1,
  grant: { epoch: firstEpoch, wraps: [] },
})

/** Boxes are not opened by the resolver. */
export const boxes = (of: EpochId, ...to: readonly Person[]) => ({
  epoch: of,
  wraps: to.map(({ device }) => ({ device, wrapped: nonce })),
})

export const invite = (
  name: string,
  role: 'organiser' | 'member' = 'organiser',
  history: 'all' | 'from-now' = 'all',
): RecordBody => ({
  type: 'invite',
  invitationKey: invitationKey(name),
  role,
  history,
  createdAt: 1,
  expiresAt: 100,
})

export const admit = (joiner: Person, invitation: string, admittedAt = 50): RecordBody => ({
  type: 'admit',
  join: {
    invitation: invitationIdOf(invitationKey(invitation)),
    name: joiner.name,
    certificate: joiner.certificate,
    challenge: filler('challenge'),
    proof: signature,
    consent: signature,
  },
  admittedAt,
  grants: [boxes(firstEpoch, joiner)],
})

export const cancel = (name: string): RecordBody => ({
  type: 'cancel',
  invitation: invitationIdOf(invitationKey(name)),
  reason: 'cancelled',
})
type Accepted = Extract<RecordBody, { type: 'remove' }>['lastAccepted']
export const removal = ({ member }: Person, lastAccepted: Accepted = []): RecordBody => ({
  type: 'remove',
  target: { member },
  lastAccepted,
})
export const removalOfDevice = ({ device }: Person, lastAccepted: Accepted = []): RecordBody => ({
  type: 'remove',
  target: { device },
  lastAccepted,
})
export const role = ({ member }: Person, to: 'organiser' | 'member'): RecordBody => ({ type: 'role', member, role: to })
export const rename = (circleName: string): RecordBody => ({ type: 'rename', circleName })
export const profile = (name: string): RecordBody => ({ type: 'profile', name })
export const close = (closed = true): RecordBody => ({ type: 'close', closed })
export const deviceName = (name: string): RecordBody => ({ type: 'device-name', name })
export const anotherComputer = ({ certificate }: Person, ...grants: readonly EpochGrant[]): RecordBody => ({
  type: 'device',
  certificate,
  grants,
})
export const grant = (...grants: readonly EpochGrant[]): RecordBody => ({ type: 'grant', grants })

type AddBody = Extract<RecordBody, { type: 'add' }>
/** All computers of the first one's member. */
export const add = (computers: readonly Person[], options: Partial<AddBody> = {}): RecordBody => ({
  type: 'add',
  name: computers[0]?.name ?? '',
  role: 'member',
  history: 'all',
  certificates: computers.map(({ certificate }) => certificate),
  addedAt: 1,
  grants: [boxes(firstEpoch, ...computers)],
  ...options,
})

export const epochOf = (name: string, parents: readonly EpochId[]): EpochId =>
  epochIdOf(epochKey(name), circle, parents)
export const epoch = (
  name: string,
  parents: readonly EpochId[],
  to: readonly Person[] = [],
  older: readonly EpochId[] = [],
): RecordBody => ({
  type: 'epoch',
  grant: boxes(epochOf(name, parents), ...to),
  parents,
  older: older.map((of) => ({ epoch: of, sealedKey: nonce })),
})

/** A circle of ann, bea, cal, dov and eve, the first three organisers. */
export function populated(): { records: VerifiedRecord[]; tip: VerifiedRecord } {
  const records = [genesis]
  let tip = genesis
  const next = (body: RecordBody) => {
    tip = say(ann, [tip], body)
    records.push(tip)
  }
  for (const joiner of [bea, cal, dov, eve]) {
    next(invite(joiner.name, joiner === dov || joiner === eve ? 'member' : 'organiser'))
    next(admit(joiner, joiner.name))
  }
  return { records, tip }
}

export const stateAfter = (...records: readonly VerifiedRecord[]): CircleState => {
  const { state } = resolve(circle, records)
  if (state === undefined) throw new Error('no state')
  return state
}
export const reasonFor = (record: VerifiedRecord, ...records: readonly VerifiedRecord[]): string | undefined =>
  stateAfter(...records).skipped.find(({ hash }) => hash === record.hash)?.reason

/** What the two computers say to each other while somebody joins; laid out in PROTOCOL.md, "Joining". */
import type { Bytes } from '../base/bytes.ts'
import type { Result } from '../base/errors.ts'
import type { CircleId, DeviceId } from '../base/ids.ts'
import { createWriter, decodeAll, refuse, type DecodeProblem, type Reader, type Writer } from '../wire/codec.ts'
import { MAX_NAME, MAX_RECORD } from '../wire/limits.ts'
import {
  readCertificate,
  readJoinProof,
  writeCertificate,
  writeJoinProof,
  type DeviceCertificate,
  type JoinProof,
} from '../wire/record.ts'
import {
  IDENTITY_SEED,
  JOINING_VERSION,
  MAX_CIRCLES_SENT,
  MAX_RECORDS_IN_MESSAGE,
  MAX_RECORDS_SENT,
  NONCE,
  PROOF,
} from './limits.ts'

export const STOP_REASONS = [
  'code-used',
  'code-expired',
  'code-cancelled',
  'words-differ',
  'cancelled',
  'not-allowed',
  'storage-failed',
  'other-version',
  'already-in-a-group',
] as const

export type StopReason = (typeof STOP_REASONS)[number]

/** Joiner: "I have the code for this connection, and I stand by a nonce, keys and a name that I shall show later." */
export interface HelloMessage {
  readonly type: 'hello'
  readonly proof: Bytes
  readonly commitment: Bytes
  /** Only to be recognised after an interruption; grants nothing. */
  readonly device: DeviceId
}

/** Inviter, once the joiner has proved the code: who is being let in, by whom and into what. */
export interface WelcomeMessage {
  readonly type: 'welcome'
  readonly proof: Bytes
  readonly nonce: Bytes
  readonly circle: CircleId
  readonly groupName: string
  readonly inviterName: string
  readonly inviter: DeviceCertificate
}

/**
 * Inviter instead of `welcome`: the newcomer is to be another computer of the inviter's own. Nothing of the group is said, because
 * nobody needs it before the words are compared. Another type of message, so that safety words and proofs cover which one it is.
 */
export interface WelcomeComputerMessage {
  readonly type: 'welcome-computer'
  readonly proof: Bytes
  readonly nonce: Bytes
  readonly inviterName: string
  readonly inviter: DeviceCertificate
}

export type AnyWelcome = WelcomeMessage | WelcomeComputerMessage

/** Joiner: what the commitment held. */
export interface RevealMessage {
  readonly type: 'reveal'
  readonly nonce: Bytes
  readonly certificate: DeviceCertificate
  readonly name: string
}

/** Joiner, after its person found the words equal. */
export interface ConfirmMessage {
  readonly type: 'confirm'
  readonly join: JoinProof
}

/** Inviter: so many records follow. */
export interface AdmittedMessage {
  readonly type: 'admitted'
  readonly count: number
}

export interface RecordsMessage {
  readonly type: 'records'
  readonly records: readonly Bytes[]
}

/** Joiner: all records are checked and stored. */
export interface ReceivedMessage {
  readonly type: 'received'
}

/** A new computer, instead of `confirm`: its person found the words equal. */
export interface AgreedMessage {
  readonly type: 'agreed'
  readonly proof: Bytes
}

/** To one's own new computer, once both have said that the words are the same. `seed` is secret: whoever handles it wipes it. */
export interface IdentityMessage {
  readonly type: 'identity'
  readonly name: string
  readonly seed: Bytes
}

/** From the new computer: its own keys, certified by the identity it was given. */
export interface DeviceMessage {
  readonly type: 'device'
  readonly certificate: DeviceCertificate
}

export interface CircleAnnounced {
  readonly circle: CircleId
  /** Records of it that follow. */
  readonly count: number
}

/** To the new computer: the circles that it was added to, the group first; their records follow in this order. */
export interface CirclesMessage {
  readonly type: 'circles'
  readonly circles: readonly CircleAnnounced[]
}

/** Either: this conversation ends, and why. `proof`: by somebody who has the code. */
export interface StopMessage {
  readonly type: 'stop'
  readonly reason: StopReason
  readonly proof: Bytes
}

/** Either: another connection is being served; stay. */
export interface BusyMessage {
  readonly type: 'busy'
}

/** Inviter, to those who were told to stay: say hello again. */
export interface ReadyMessage {
  readonly type: 'ready'
}

export type JoiningMessage =
  | HelloMessage
  | WelcomeMessage
  | RevealMessage
  | ConfirmMessage
  | AdmittedMessage
  | RecordsMessage
  | ReceivedMessage
  | StopMessage
  | BusyMessage
  | ReadyMessage
  | WelcomeComputerMessage
  | AgreedMessage
  | IdentityMessage
  | DeviceMessage
  | CirclesMessage

const CODES = {
  hello: 1,
  welcome: 2,
  reveal: 3,
  confirm: 4,
  admitted: 5,
  records: 6,
  received: 7,
  stop: 8,
  busy: 9,
  ready: 10,
  'welcome-computer': 11,
  agreed: 12,
  identity: 13,
  device: 14,
  circles: 15,
} as const

function write(writer: Writer, message: JoiningMessage): Writer {
  switch (message.type) {
    case 'hello':
      return writer.fixed(message.proof).fixed(message.commitment).id(message.device)
    case 'welcome':
      writer.fixed(message.proof).fixed(message.nonce).id(message.circle)
      return writeCertificate(writer.text(message.groupName).text(message.inviterName), message.inviter)
    case 'reveal':
      return writeCertificate(writer.fixed(message.nonce), message.certificate).text(message.name)
    case 'confirm':
      return writeJoinProof(writer, message.join)
    case 'admitted':
      return writer.uint(message.count)
    case 'records':
      return writer.list(message.records, (to, record) => to.bytes(record))
    case 'stop':
      return writer.byte(STOP_REASONS.indexOf(message.reason)).fixed(message.proof)
    case 'welcome-computer':
      return writeCertificate(
        writer.fixed(message.proof).fixed(message.nonce).text(message.inviterName),
        message.inviter,
      )
    case 'agreed':
      return writer.fixed(message.proof)
    case 'identity':
      return writer.text(message.name).fixed(message.seed)
    case 'device':
      return writeCertificate(writer, message.certificate)
    case 'circles':
      return writer.list(message.circles, (to, { circle, count }) => to.id(circle).uint(count))
    case 'received':
    case 'busy':
    case 'ready':
      return writer
  }
}

export const encodeJoining = (message: JoiningMessage): Bytes =>
  write(createWriter().byte(JOINING_VERSION).byte(CODES[message.type]), message).done()

const readAnnounced = (reader: Reader): CircleAnnounced => ({
  circle: reader.id<CircleId>(),
  count: reader.uint(MAX_RECORDS_SENT),
})

function readFields(reader: Reader): JoiningMessage {
  switch (reader.byte()) {
    case CODES.hello:
      return {
        type: 'hello',
        proof: reader.fixed(PROOF),
        commitment: reader.fixed(PROOF),
        device: reader.id<DeviceId>(),
      }
    case CODES.welcome:
      return {
        type: 'welcome',
        proof: reader.fixed(PROOF),
        nonce: reader.fixed(NONCE),
        circle: reader.id<CircleId>(),
        groupName: reader.text(MAX_NAME),
        inviterName: reader.text(MAX_NAME),
        inviter: readCertificate(reader),
      }
    case CODES.reveal:
      return {
        type: 'reveal',
        nonce: reader.fixed(NONCE),
        certificate: readCertificate(reader),
        name: reader.text(MAX_NAME),
      }
    case CODES.confirm:
      return { type: 'confirm', join: readJoinProof(reader) }
    case CODES.admitted:
      return { type: 'admitted', count: reader.uint(MAX_RECORDS_SENT) }
    case CODES.records:
      return { type: 'records', records: reader.list(MAX_RECORDS_IN_MESSAGE, (from) => from.bytes(MAX_RECORD)) }
    case CODES.received:
      return { type: 'received' }
    case CODES.stop: {
      const reason = STOP_REASONS[reader.byte()] ?? refuse('malformed', 'stop reason')
      return { type: 'stop', reason, proof: reader.fixed(PROOF) }
    }
    case CODES.busy:
      return { type: 'busy' }
    case CODES.ready:
      return { type: 'ready' }
    case CODES['welcome-computer']:
      return {
        type: 'welcome-computer',
        proof: reader.fixed(PROOF),
        nonce: reader.fixed(NONCE),
        inviterName: reader.text(MAX_NAME),
        inviter: readCertificate(reader),
      }
    case CODES.agreed:
      return { type: 'agreed', proof: reader.fixed(PROOF) }
    case CODES.identity:
      return { type: 'identity', name: reader.text(MAX_NAME), seed: reader.fixed(IDENTITY_SEED) }
    case CODES.device:
      return { type: 'device', certificate: readCertificate(reader) }
    case CODES.circles:
      return { type: 'circles', circles: reader.list(MAX_CIRCLES_SENT, readAnnounced) }
    default:
      return refuse('malformed', 'message type')
  }
}

export const decodeJoining = (bytes: Uint8Array): Result<JoiningMessage, DecodeProblem> =>
  decodeAll(bytes, (reader) => {
    if (reader.byte() !== JOINING_VERSION) refuse('other-version', 'joining version')
    return readFields(reader)
  })

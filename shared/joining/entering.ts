/**
 * What differs between coming in as somebody new (enter-as-person.ts) and as another computer of a person's own
 * (enter-as-computer.ts). joiner.ts leads both through the code and the words.
 */
import type { Bytes } from '../base/bytes.ts'
import type { CircleId, DeviceId, InvitationId } from '../base/ids.ts'
import type { Signer } from '../crypto/sign.ts'
import { openReceived } from '../membership/open.ts'
import type { StoredRecord } from '../membership/record-store.ts'
import type { DeviceSecrets, Membership } from '../membership/state.ts'
import { MAX_BYTES_TOGETHER } from './limits.ts'
import type { CircleAnnounced, JoiningMessage } from './messages.ts'

/** The conversation as an entering sees it, after its own person found the words equal. */
export interface EnteringTalk {
  say(message: JoiningMessage): Promise<void>
  /** False once the joining is over or the connection broke. Ask after every wait. */
  isOpen(): boolean
  /** Ends the joining; the inviter is told why. */
  stop(reason: 'not-allowed' | 'other-version'): void
  showReceived(received: number, expected: number): void
  /** Runs `store`, after which there is no way back; then this computer is in the circle. Rejection ends the joining. */
  keep(circle: CircleId, store: () => Promise<void>): Promise<void>
}

/** One for one conversation. */
export interface Entering {
  readonly newcomer: 'person' | 'computer'
  /** Empty where it was not said. */
  readonly groupName: string
  /** What is said once this side's person has found the words equal. */
  yes(): Promise<JoiningMessage>
  /** What the inviter says after that. False: it has no place in the conversation. */
  hear(talk: EnteringTalk, message: JoiningMessage): Promise<boolean>
  /** The connection broke, after our yes. Undefined: it may be taken up again with the same code. */
  afterLoss(): 'connection-lost' | undefined
  /** Wipes what was received and not handed over. */
  forget(): void
}

/** Records that were announced, taken in the announced order. */
export interface Receiving {
  readonly circles: readonly { readonly circle: CircleId; readonly records: readonly Bytes[] }[]
  readonly expected: number
  received(): number
  /** False: nothing came, or more than was announced. */
  take(records: readonly Bytes[]): boolean
}

export function createReceiving(announced: readonly CircleAnnounced[]): Receiving {
  const circles = announced.map(({ circle, count }) => ({ circle, count, records: [] as Bytes[] }))
  let received = 0
  let bytes = 0
  return {
    circles,
    expected: announced.reduce((sum, { count }) => sum + count, 0),
    received: () => received,
    take(records) {
      const current = circles.find(({ count, records: so }) => so.length < count)
      bytes += records.reduce((sum, record) => sum + record.length, 0)
      received += records.length
      if (current === undefined || records.length === 0 || bytes > MAX_BYTES_TOGETHER) return false
      current.records.push(...records)
      return current.records.length <= current.count
    },
  }
}

export interface Replayed {
  /** Undefined: the records do not make up the circle. */
  readonly membership: Membership | undefined
  /** What is to be stored: all that was verified. */
  readonly kept: readonly StoredRecord[]
  /** Some of it is written by a newer version. */
  readonly isNewer: boolean
}

/** Checks and resolves received records, in memory. */
export async function replay(
  request: { readonly circle: CircleId; readonly secrets: DeviceSecrets; readonly signer: Signer },
  records: readonly Bytes[],
): Promise<Replayed> {
  const kept: StoredRecord[] = []
  const store = {
    records: () => Promise.resolve(kept),
    putRecords(checked: readonly StoredRecord[]) {
      kept.push(...checked)
      return Promise.resolve()
    },
  }
  const { membership, refusals } = await openReceived({ ...request, store }, records)
  return { membership, kept, isNewer: refusals.some(({ reason }) => reason === 'other-version') }
}

/** And by this invitation. */
export const isInBy = (membership: Membership, inviter: DeviceId, invitation: InvitationId): boolean =>
  membership.state().invitations.get(invitation)?.usedByDevice === membership.secrets.device &&
  isIn(membership, inviter)

/** Is this device in, let in where the person whose words were compared is, and can it read? */
export function isIn(membership: Membership, inviter: DeviceId): boolean {
  const { devices } = membership.state()
  const { device, member } = membership.secrets
  const me = devices.get(device)
  return (
    me?.present === true &&
    me.member === member &&
    devices.get(inviter)?.present === true &&
    membership.heldEpochs().length > 0
  )
}

/**
 * What differs between letting in somebody new (admit-person.ts) and taking in another computer of one's own
 * (admit-computer.ts). inviter.ts leads both through the code and the words; after that the admission has the conversation.
 */
import type { Bytes } from '../base/bytes.ts'
import type { DeviceId } from '../base/ids.ts'
import type { AnyWelcome, JoiningMessage, RevealMessage } from './messages.ts'
import type { Bound } from './conversation.ts'
import { MAX_RECORDS_IN_MESSAGE, RECORDS_MESSAGE } from './limits.ts'

/** Why somebody with the code is not let in; all are reasons of a `stop` too. */
export type Refusal = 'code-used' | 'code-expired' | 'code-cancelled' | 'not-allowed'

/** One conversation from the comparing of words on. */
export interface Conversation {
  readonly channel: { readonly transcript: Bytes }
  readonly reveal: RevealMessage
  readonly bound: Bound
  /** Milliseconds since 1970 on the inviter's clock, at the newcomer's hello. */
  readonly startedAt: number
  say(message: JoiningMessage): Promise<void>
  /** False once another is served, all is over or the connection broke. Ask after every wait. */
  isOpen(): boolean
  /** Ends the joining; the newcomer is told why. */
  stop(reason: Refusal | 'storage-failed'): void
  done(): void
}

/** One for one inviter side: it remembers whom it let in. */
export interface Admission {
  readonly newcomer: 'person' | 'computer'
  /** Proofs that may fail before the code is good no more. Undefined: any number. */
  readonly maxFailedProofs?: number
  /** May this device be let in with the code now? */
  refusal(device: DeviceId, at: number): Refusal | undefined
  /** True: whoever is refused hears why, and the side goes on for others. */
  outlastsRefusals(): boolean
  readonly welcomeType: AnyWelcome['type']
  welcome(fresh: { readonly proof: Bytes; readonly nonce: Bytes }): AnyWelcome
  /** What the inviter's screen calls the newcomer. */
  nameOf(reveal: RevealMessage): string
  /** The newcomer's "the words are the same": undefined where `message` says something else. */
  readsYes(conversation: Conversation, message: JoiningMessage): Promise<boolean> | undefined
  /** Both people have found the words equal; `yes` passed readsYes. */
  admit(conversation: Conversation, yes: JoiningMessage): Promise<void>
  /** What the newcomer says after that. False: it has no place in the conversation. */
  hear(conversation: Conversation, message: JoiningMessage): Promise<boolean>
  /** The connection of the one who is served broke. Undefined: the same code serves again. */
  afterLoss(): 'connection-lost' | undefined
  /** The device that a record of this side adds, stored or about to be, where somebody may want to take it out again. */
  added(): DeviceId | undefined
  /** Has something else brought the invitation to its end? `served`: the device in conversation now. */
  ended(served: DeviceId | undefined): Refusal | undefined
  onChange(listener: () => void): () => void
  /** The words differed: nobody may be let in by this code. */
  burn(): Promise<void>
  /** This device was met in the group's own room: the name to show where it was let in by this code. */
  arrived(device: DeviceId): string | undefined
}

/** In messages of about RECORDS_MESSAGE bytes, as long as the conversation is open; `records` is not empty. */
export async function sayRecords(
  conversation: Pick<Conversation, 'say' | 'isOpen'>,
  records: readonly Bytes[],
): Promise<void> {
  let batch: Bytes[] = []
  let size = 0
  for (const record of records) {
    if (batch.length === MAX_RECORDS_IN_MESSAGE || (batch.length > 0 && size + record.length > RECORDS_MESSAGE)) {
      await conversation.say({ type: 'records', records: batch })
      if (!conversation.isOpen()) return
      batch = []
      size = 0
    }
    batch.push(record)
    size += record.length
  }
  await conversation.say({ type: 'records', records: batch })
}

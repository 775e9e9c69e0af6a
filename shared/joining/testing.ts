/** Two ends of one connection in memory, and one invitation with both its sides, for tests. */
import { randomBytes, type Bytes } from '../base/bytes.ts'
import { createEmitter } from '../base/emitter.ts'
import type { Clock } from '../base/clock.ts'
import { hash } from '../crypto/hash.ts'
import { defaultSigner, type Signer } from '../crypto/sign.ts'
import { createDeviceSecrets } from '../membership/identity.ts'
import type { StoredRecord } from '../membership/record-store.ts'
import type { DeviceSecrets, Membership } from '../membership/state.ts'
import type { Channel } from '../sync/channel.ts'
import type { Timers } from '../sync/timers.ts'
import { admitComputer } from './admit-computer.ts'
import { admitPerson } from './admit-person.ts'
import { newCode, stretchCode, type Argon2id, type InvitationSecrets } from './code.ts'
import type { ReceivedComputer } from './enter-as-computer.ts'
import { createInviterSide, type InviterSide } from './inviter.ts'
import { createJoinerSide, type JoinerRequest, type JoinerSide } from './joiner.ts'

/** Stands in for Argon2id where a test needs many codes quickly. */
export const quickStretch: Argon2id = ({ password, salt }) => Promise.resolve(hash('test stretch', salt, password))

class TestChannel implements Channel {
  readonly kind = 'memory'
  readonly initiator: boolean
  readonly transcript: Bytes
  other: TestChannel | undefined
  isClosed = false
  private handler: ((message: Bytes) => void | Promise<void>) | undefined
  private queue: Bytes[] = []
  private turn: Promise<void> = Promise.resolve()
  private readonly closing = createEmitter<string>()
  private readonly onSend: (message: Bytes) => Bytes | undefined

  constructor(initiator: boolean, transcript: Bytes, onSend: (message: Bytes) => Bytes | undefined) {
    this.initiator = initiator
    this.transcript = transcript
    this.onSend = onSend
  }

  send(message: Uint8Array): Promise<void> {
    if (this.isClosed) return Promise.reject(new Error('closed'))
    const passed = this.onSend(new Uint8Array(message))
    if (passed !== undefined) this.other?.take(passed)
    return Promise.resolve()
  }

  take(message: Bytes): void {
    if (this.isClosed) return
    const { handler } = this
    if (handler === undefined) this.queue.push(message)
    else this.turn = this.turn.then(() => (this.isClosed ? undefined : handler(message)))
  }

  onMessage(handler: (message: Bytes) => void | Promise<void>): void {
    this.handler = handler
    const early = this.queue
    this.queue = []
    for (const message of early) this.take(message)
  }

  onClose(handler: (reason: string) => void): void {
    if (this.isClosed) handler('closed before')
    else this.closing.on(handler)
  }

  close(reason = 'closed'): void {
    if (this.isClosed) return
    this.isClosed = true
    this.closing.emit(reason)
    const { other } = this
    // What was sent before the close arrives before it.
    if (other !== undefined) void other.turn.then(() => other.close(reason))
  }
}

/** `tap` sees, and may change or swallow, what either end sends. */
export function channelPair(
  tap: (from: 'inviter' | 'joiner', message: Bytes) => Bytes | undefined = (_from, message) => message,
): readonly [inviter: Channel, joiner: Channel] {
  const transcript = randomBytes(32)
  const inviter = new TestChannel(true, transcript, (message) => tap('inviter', message))
  const joiner = new TestChannel(false, transcript, (message) => tap('joiner', message))
  inviter.other = joiner
  joiner.other = inviter
  return [inviter, joiner]
}

/** Time that passes when a test says so. */
export function manualTimers(): Timers & { pass(milliseconds: number): void } {
  const waiting = new Set<{ readonly at: number; readonly run: () => void }>()
  let time = 0
  return {
    after(milliseconds, run) {
      const timer = { at: time + milliseconds, run }
      waiting.add(timer)
      return () => waiting.delete(timer)
    },
    pass(milliseconds) {
      time += milliseconds
      for (const timer of Array.from(waiting)) {
        if (timer.at <= time && waiting.delete(timer)) timer.run()
      }
    },
  }
}

export interface Invited {
  readonly invitation: InvitationSecrets
  readonly clock: Clock & { time: number }
  readonly inviterSide: (timers?: Timers) => InviterSide
}

/** Writes an invitation into the membership's log, good from 1,000 to 2,000 on the clock, which stands at 1,500. */
export async function inviteBy(
  signer: Signer,
  membership: Membership,
  inviterName: string,
  history: 'all' | 'from-now' = 'all',
): Promise<Invited> {
  const invitation = await stretchCode(newCode(), quickStretch)
  const appended = await membership.append({
    type: 'invite',
    invitationKey: invitation.keys.publicKey,
    role: 'organiser',
    history,
    createdAt: 1_000,
    expiresAt: 2_000,
  })
  if (!appended.ok) throw new Error(appended.detail ?? appended.error)
  const clock = { time: 1_500, now: () => clock.time }
  const inviterSide = (timers?: Timers) => {
    const admission = admitPerson({ membership, invitation, inviterName, signer, clock })
    return createInviterSide({ admission, invitation, signer, clock, ...(timers === undefined ? {} : { timers }) })
  }
  return { invitation, clock, inviterSide }
}

export interface ComputerCode {
  readonly invitation: InvitationSecrets
  readonly oldSide: InviterSide
  readonly log: readonly string[]
}

/** A code for another computer of the one whose circles these are, the group first. */
export async function computerCode(
  signer: Signer,
  name: string,
  ...circles: readonly [Membership, ...Membership[]]
): Promise<ComputerCode> {
  const invitation = await stretchCode(newCode(), quickStretch)
  const log: string[] = []
  const admission = admitComputer({
    circles: () => [...circles],
    invitation,
    name,
    signer,
    log: (line) => void log.push(line),
  })
  const oldSide = createInviterSide({ admission, invitation, signer, clock: { now: () => 1_500 } })
  return { invitation, oldSide, log }
}

export interface Newcomer {
  readonly secrets: DeviceSecrets
  readonly stored: StoredRecord[]
  /** What it was given as another computer of somebody, one for each time. */
  readonly computers: ReceivedComputer[]
  readonly joinerSide: (
    invitation: InvitationSecrets,
    onRecords?: JoinerRequest['onRecords'],
    asComputer?: JoinerRequest['asComputer'] | 'refused',
  ) => JoinerSide
}

export async function newcomer(name: string): Promise<Newcomer> {
  const signer = await defaultSigner()
  const secrets = await createDeviceSecrets(signer)
  const stored: StoredRecord[] = []
  const computers: ReceivedComputer[] = []
  const store: JoinerRequest['onRecords'] = (_circle, records) => {
    stored.push(...records)
    return Promise.resolve()
  }
  const becomeComputer = (received: ReceivedComputer): Promise<void> => {
    computers.push(received)
    return Promise.resolve()
  }
  const joinerSide: Newcomer['joinerSide'] = (invitation, onRecords = store, asComputer = becomeComputer) =>
    createJoinerSide({
      invitation,
      secrets,
      name,
      signer,
      onRecords,
      ...(asComputer === 'refused' ? {} : { asComputer }),
    })
  return { secrets, stored, computers, joinerSide }
}

/**
 * One circle's part of a session between two devices: hello, records, then who has what, what is asked for and what is sent.
 * Nothing is given to a device before its hello proves that it is a present device of the circle.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import type { CircleId, DeviceId, DocumentId, MemberId } from '../base/ids.ts'
import type { Signer } from '../crypto/sign.ts'
import { mayFollow } from '../membership/may-follow.ts'
import { decodeEntry } from '../wire/entry.ts'
import type { Channel } from './channel.ts'
import type { Claims } from './claims.ts'
import { createRecordExchange } from './exchange-records.ts'
import { createPresenceExchange } from './exchange-presence.ts'
import { createEntryFetcher } from './fetch-entries.ts'
import { tagOf } from './hello.ts'
import type { LogName } from './logs.ts'
import { encodeMessage, type CircleTag, type HeadHint, type HelloOffer, type Message } from './messages.ts'
import { createProving, type SessionRefusal, type Their } from './proving.ts'
import type { Advance, Replica } from './replica.ts'
import { createEntrySender } from './send-entries.ts'
import { entriesAfterRemoval, takeAfterRemoval } from './hand-over.ts'
import { createHeadTeller } from './tell-heads.ts'
import type { Timers } from './timers.ts'

/** Messages kept from one whose records are still on their way. */
const MAX_EARLY = 8

export type CircleMessage = Exclude<Message, { type: 'hello' | 'welcome' }>
export type { SessionRefusal } from './proving.ts'

export interface CircleStatus {
  readonly circle: CircleId
  readonly device: DeviceId
  readonly member: MemberId
  readonly theyLack: number
  readonly weLack: number
  /** Changes that the other says it has and did not deliver when asked. */
  readonly withheld: number
  /** Neither lacks anything now. */
  readonly matched: boolean
  /** The last seq the other says it holds of each log; of logs that it did not deliver, no more than we have. */
  readonly theirHeads: readonly HeadHint[]
}

export interface PresenceEvent {
  readonly circle: CircleId
  readonly device: DeviceId
  readonly incarnation: number
  readonly document: DocumentId
  readonly update: Bytes
}

export interface CircleSessionOptions {
  readonly replica: Replica
  readonly channel: Channel
  readonly signer: Signer
  readonly clock: Clock
  readonly timers: Timers
  /** Which connection fetches each log just now, so that two do not fetch the same. Shared by the sessions of one replica. */
  readonly claims: Claims
  /** Why this device may not be met in this circle just now; undefined: it may. */
  readonly refusalOf: (device: DeviceId) => SessionRefusal | undefined
  readonly onStatus: () => void
  readonly onPresence: (event: PresenceEvent) => void
  /** So many changes were handed to the channel. */
  readonly onChangesSent: (count: number) => void
  readonly refuse: (reason: string, device?: DeviceId) => void
}

export interface CircleSession {
  readonly replica: Replica
  readonly tag: CircleTag
  /** Our hellos under the epochs in use that were not offered yet. */
  offers(): Promise<readonly HelloOffer[]>
  /** All that one message offers for this circle. `late`: after the first exchange of hellos. */
  onOffers(offers: readonly HelloOffer[], late: boolean): Promise<void>
  onMessage(message: CircleMessage): Promise<void>
  /** Undefined until the other has proved who it is, and while it turns us away. */
  status(): CircleStatus | undefined
  /** Whoever proved to be at the other end, also one that was removed. */
  device(): DeviceId | undefined
  /** The gate has changed. */
  reconsider(): void
  sendPresence(document: DocumentId, update: Uint8Array): void
  close(): void
}

/** A fold stands for all that it merges. */
const changesIn = (entries: readonly Uint8Array[]): number =>
  entries.reduce((sum, bytes) => {
    const entry = decodeEntry(bytes)
    if (!entry.ok) return sum
    return sum + (entry.value.kind === 'fold' ? entry.value.seq - entry.value.foldsFrom + 1 : 1)
  }, 0)

export function createCircleSession(options: CircleSessionOptions): CircleSession {
  const { replica, channel, signer, clock, timers, claims } = options
  const { membership, circle } = replica
  const tag = tagOf(channel.transcript, circle)
  const early: CircleMessage[] = []
  const take = takeAfterRemoval(replica)
  let refusedByThem = false
  let handedOver = false
  let closed = false

  const send = async (message: Message): Promise<void> => {
    if (message.type === 'entries') options.onChangesSent(changesIn(message.entries))
    try {
      await channel.send(encodeMessage(message))
    } catch {
      // The channel is closed; its onClose ends this session, and the next one begins from what both sides hold.
    }
  }
  const refuse = (reason: string): void => options.refuse(reason, proving.device())
  const their = (): Their | undefined => (refusedByThem ? undefined : proving.their())
  const isProved = (): boolean => their() !== undefined
  /** Keys or records that honest people may still lack. */
  const mayWait = (): boolean =>
    !records.isWhole() || membership.state().withoutKey.some(({ device }) => device === membership.secrets.device)
  /** The record that says whose the device is was too much here; or this person came in from now on, and the log is from before. */
  const isBeyond = (log: LogName): boolean => {
    const { devices, fallen } = membership.state()
    if (!devices.has(log.device) && !fallen.has(log.device)) return records.isSame() && !records.isWhole()
    return !mayFollow(membership.state(), membership.secrets.member, log)
  }
  const theyFollow = (log: LogName): boolean => {
    const from = their()
    return from === undefined || mayFollow(membership.state(), from.member, log)
  }

  const records = createRecordExchange({ membership, tag, isProved, send, refuse })
  const heads = createHeadTeller({ replica, timers, tag, isProved, theyFollow, send })
  const fetcher = createEntryFetcher({
    replica,
    timers,
    claims,
    tag,
    isProved,
    mayWait,
    isBeyond,
    theyFollow,
    send,
    refuse,
  })
  const sender = createEntrySender({ replica, tag, theirSeq: (log) => fetcher.theirSeq(log), theyFollow, send, refuse })
  const presence = createPresenceExchange({ replica, clock })

  const proving = createProving({
    replica,
    channel,
    signer,
    refusalOf: options.refusalOf,
    onProved: ({ hello, told }) => begin(hello.recordsDigest, told, hello.heads),
    onUnknown: () => records.askUnknown(),
    onRemoved: async (device, { recordsDigest }) => {
      early.length = 0
      await records.tellRemoved(device, recordsDigest)
    },
    onLost: () => {
      fetcher.letGo()
      options.onStatus()
    },
    refuse: options.refuse,
  })

  const begin = async (
    digest: Bytes | undefined,
    told: Their['told'],
    theirHeads: readonly HeadHint[],
  ): Promise<void> => {
    await records.begin(digest)
    sender.restart()
    heads.begin(told)
    fetcher.onHeads(theirHeads)
    options.onStatus()
    for (const message of early.splice(0)) await onMessage(message)
  }

  const afterRecords = (): void => {
    // What waited for a record may go on.
    fetcher.retry()
    // Of a log that they cannot read without it, they were told nothing.
    heads.soon()
    options.onStatus()
  }

  const offerNewEpochs = async (): Promise<void> => {
    if (proving.their() !== undefined || proving.isTurnedAway()) return
    const offers = await proving.offers()
    if (offers.length > 0 && !closed) await send({ type: 'hello', offers })
  }

  const onMembershipChange = async (): Promise<void> => {
    if (closed) return
    await proving.reconsider()
    await offerNewEpochs()
    await records.sendMissing()
    afterRecords()
  }

  const onAdvance = ({ own, entries }: Advance): void => {
    if (!isProved()) return
    if (own) sender.push(entries)
    heads.soon()
    fetcher.ask()
    options.onStatus()
  }

  const onPresence = (sealed: Bytes, { device, incarnation }: Their): void => {
    const body = presence.read(sealed)
    if (body === 'too-often') return
    if (body === 'bad-presence') return refuse(body)
    options.onPresence({ circle, device, incarnation, ...body })
  }

  /** They turned us away, and speak to us again: what was sent meanwhile they did not read. */
  const resume = (): Promise<void> => {
    refusedByThem = false
    return begin(undefined, [], [])
  }

  const onRefused = (reason: string): void => {
    options.refuse(`they refused: ${reason}`, proving.device())
    if (proving.their() === undefined) return
    refusedByThem = true
    fetcher.letGo()
    options.onStatus()
    if (reason === 'removed') inBackground(handOver(), 'read-failed')
  }

  /** What was written here in good faith, before this device could hear of its removal: theirs to set aside or to take in. */
  const handOver = async (): Promise<void> => {
    if (handedOver) return
    handedOver = true
    for (const entries of await entriesAfterRemoval(replica, (log) => fetcher.theirSeq(log))) {
      await send({ type: 'entries', tag, part: 'pushed', entries })
    }
  }

  const onProvedMessage = async (message: CircleMessage, from: Their): Promise<void> => {
    switch (message.type) {
      case 'refused':
        return onRefused(message.reason)
      case 'record-hashes':
        await records.onHashes(message.hashes)
        return options.onStatus()
      case 'records':
        await records.onRecords(message.records)
        return afterRecords()
      case 'have':
        fetcher.onHeads(message.heads)
        fetcher.onForks(message.forks)
        return options.onStatus()
      case 'want':
        return sender.answer(message.wants, message.forks)
      case 'entries':
        await fetcher.onEntries(message.entries, message.part)
        heads.soon()
        return options.onStatus()
      case 'presence':
        return onPresence(message.sealed, from)
    }
  }

  /** Of one that is not proved: only what may bring the records that say who it is. */
  const onUnprovedMessage = async (message: CircleMessage): Promise<void> => {
    if (message.type === 'refused') return onRefused(message.reason)
    // It was told that it was removed; what it sent before it read that is no offence.
    if (proving.isTurnedAway()) {
      const device = proving.removed()
      if (device !== undefined && message.type === 'entries') await take(device, message.entries)
      return
    }
    if (!proving.isUnknown()) return refuse('before-hello')
    if (message.type === 'record-hashes') return records.onHashes(message.hashes)
    if (message.type === 'records') return records.onRecords(message.records)
    // They know us already and begin; we know them once their records are here.
    if (early.length >= MAX_EARLY) return refuse('before-hello')
    early.push(message)
  }

  const onMessage = async (message: CircleMessage): Promise<void> => {
    // Records come before the refusal that they explain, and after it only where it was withdrawn.
    if (refusedByThem && message.type !== 'refused' && proving.their() !== undefined) await resume()
    const from = their()
    return from === undefined ? onUnprovedMessage(message) : onProvedMessage(message, from)
  }

  const inBackground = (work: Promise<void>, reason: string): void => {
    work.catch(() => refuse(reason))
  }
  const stops = [
    replica.onAdvance(onAdvance),
    membership.onChange(() => inBackground(onMembershipChange(), 'membership-failed')),
    claims.onRelease(() => fetcher.ask()),
  ]

  return {
    replica,
    tag,
    offers: () => proving.offers(),
    onOffers: (offers, late) => proving.onOffers(offers, late),
    onMessage,
    status: () => {
      const from = their()
      if (from === undefined) return undefined
      const { device, member } = from
      const counts = fetcher.counts()
      const isEven = counts.theyLack === 0 && counts.weLack === 0 && counts.withheld === 0
      return { circle, device, member, ...counts, matched: isEven && records.isSame() }
    },
    device: () => proving.device(),
    reconsider: () => {
      if (!closed) inBackground(proving.reconsider(), 'gate-failed')
    },
    sendPresence: (document, update) => {
      const sealed = isProved() ? presence.seal(document, update) : undefined
      if (sealed !== undefined) void send({ type: 'presence', tag, sealed })
    },
    close: () => {
      closed = true
      heads.stop()
      fetcher.stop()
      sender.stop()
      for (const stop of stops) stop()
    },
  }
}

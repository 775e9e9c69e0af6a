/**
 * Proof first, answers after. Each side offers hellos under epochs that the other may hold; the first that opens is judged, and
 * only a present device of the circle is answered at length. One that was removed is told why, and nothing else.
 */
import type { Bytes } from '../base/bytes.ts'
import type { DeviceId, EpochId, MemberId } from '../base/ids.ts'
import { open, seal } from '../crypto/seal.ts'
import type { Signer } from '../crypto/sign.ts'
import { MAX_HEADS } from '../wire/limits.ts'
import type { Channel } from './channel.ts'
import { epochsInUse } from './epochs-in-use.ts'
import { digestOf, epochHintOf, hintOf, NO_DIGEST, signedHello, tagOf } from './hello.ts'
import type { Head } from './logs.ts'
import { decodeHello, encodeHello, encodeMessage, MAX_OFFERS, type Hello, type HelloOffer } from './messages.ts'
import type { Replica } from './replica.ts'
import { knownDevice } from './vouching.ts'

export type SessionRefusal =
  | 'removed'
  | 'bad-session-signature'
  | 'same-device'
  /** The group was proved by one device on this channel, and the circle by another. */
  | 'other-device'
  | 'not-in-the-group'

export interface Their {
  readonly device: DeviceId
  readonly incarnation: number
  readonly member: MemberId
  readonly hello: Hello
  /** The heads that they have read in a hello of ours. */
  readonly told: readonly Head[]
}

export interface ProvingOptions {
  readonly replica: Replica
  readonly channel: Channel
  readonly signer: Signer
  /** A circle's gate: why this device may not be met here just now. */
  readonly refusalOf: (device: DeviceId) => SessionRefusal | undefined
  /** They are a present device; called again where that was in doubt meanwhile. */
  readonly onProved: (their: Their) => Promise<void>
  /** Our records do not know the device; theirs may. */
  readonly onUnknown: () => Promise<void>
  /** They proved who they are, and were removed: to be told why. */
  readonly onRemoved: (device: DeviceId, hello: Hello) => Promise<void>
  readonly onLost: () => void
  readonly refuse: (reason: string, device?: DeviceId) => void
}

export interface Proving {
  their(): Their | undefined
  /** Whoever proved to be at the other end, a removed device too. */
  device(): DeviceId | undefined
  /** A hello waits for the records that say whose it is. */
  isUnknown(): boolean
  /** They are told no more, and what they say is not read; but see removed(). */
  isTurnedAway(): boolean
  /** Whoever is turned away because it was removed, and proved to be that device. */
  removed(): DeviceId | undefined
  /** Hellos under the epochs that were not offered yet. */
  offers(): Promise<readonly HelloOffer[]>
  /** All that one message offers for this circle. `late`: they said it after the first exchange, and may not have had ours. */
  onOffers(offers: readonly HelloOffer[], late: boolean): Promise<void>
  /** Records, or the gate, have changed. */
  reconsider(): Promise<void>
}

interface Heard {
  readonly hello: Hello
  readonly epoch: EpochId
  readonly late: boolean
}

export function createProving(options: ProvingOptions): Proving {
  const { replica, channel, signer } = options
  const { membership, circle } = replica
  const me = membership.secrets
  const tag = tagOf(channel.transcript, circle)
  const offered = new Set<EpochId>()
  const theirEpochs = new Set<EpochId>()
  const hints = new Map<string, EpochId>()
  /** What the hello said that only those can read who hold the epoch that new entries are sealed under. */
  let full: { readonly epoch: EpochId; readonly heads: readonly Head[] } | undefined
  let signing: Promise<Bytes> | undefined
  let their: Their | undefined
  let waiting: (Heard & { readonly why: 'unknown' | SessionRefusal }) | undefined
  let removed: DeviceId | undefined
  let answeredLate = false

  const sign = (): Promise<Bytes> => {
    signing ??= signer.sign('session', me.signing, signedHello(channel.transcript, channel.initiator, circle))
    return signing
  }
  const isPresent = (device: DeviceId): boolean => membership.state().devices.get(device)?.present === true

  const isTurnedAway = (): boolean => waiting !== undefined && waiting.why !== 'unknown'
  const mayHaveChanged = ({ why, hello }: NonNullable<typeof waiting>): boolean => {
    if (why === 'unknown') return true
    if (why === 'bad-session-signature' || why === 'same-device') return false
    // Whom the gate kept out and was meanwhile removed here too is to be told so as soon as the gate lets them.
    const maySpeak = why !== 'removed' || isPresent(hello.device)
    return maySpeak && options.refusalOf(hello.device) === undefined
  }

  const offerUnder = (epoch: EpochId, signature: Bytes, heads: readonly Head[], digest: Bytes) => {
    const keys = replica.keys(epoch)
    if (keys === undefined) return undefined
    offered.add(epoch)
    const incarnation = replica.incarnation()
    const hello = { device: me.device, incarnation, signature, recordsDigest: digest, heads: heads.map(hintOf) }
    const sealed = seal(keys.hello, encodeHello(hello))
    return { tag, epochHint: epochHintOf(channel.transcript, circle, epoch), sealed }
  }
  /** Under a key that somebody removed may hold: no more than who we are. One who was removed is thereby spared what it has. */
  const minimalDigest = (): Bytes => (isPresent(me.device) ? NO_DIGEST : digestOf(membership.hashes()))

  const offers = async (): Promise<readonly HelloOffer[]> => {
    const signature = await sign()
    const first = offered.size === 0
    const sealing = membership.sealingEpoch()
    const made: HelloOffer[] = []
    for (const epoch of epochsInUse(membership, MAX_OFFERS)) {
      if (offered.has(epoch)) continue
      if (first && epoch === sealing) full = { epoch, heads: replica.heads().slice(0, MAX_HEADS) }
      const isFull = full?.epoch === epoch
      const heads = isFull ? (full?.heads ?? []) : []
      const offer = offerUnder(epoch, signature, heads, isFull ? digestOf(membership.hashes()) : minimalDigest())
      if (offer !== undefined) made.push(offer)
    }
    return made
  }

  const epochOf = (hint: string): EpochId | undefined => {
    const held = membership.heldEpochs()
    if (held.length !== hints.size) {
      for (const epoch of held) hints.set(epochHintOf(channel.transcript, circle, epoch), epoch)
    }
    return hints.get(hint)
  }

  const turnAway = async (reason: SessionRefusal, heard: Heard): Promise<void> => {
    waiting = { ...heard, why: reason }
    if (reason === 'removed') {
      removed = heard.hello.device
      await options.onRemoved(removed, heard.hello)
    }
    options.refuse(reason, heard.hello.device)
    // The channel's close, if that is why it fails, ends the session by itself.
    await channel.send(encodeMessage({ type: 'refused', tag, reason })).catch(() => undefined)
  }

  const answer = (signature: Bytes, { epoch, late }: Heard): void => {
    if (offered.has(epoch) && (!late || answeredLate)) return
    answeredLate ||= late
    const offer = offerUnder(epoch, signature, [], minimalDigest())
    if (offer === undefined) return
    channel.send(encodeMessage({ type: 'hello', offers: [offer] })).catch(() => undefined)
  }

  const judge = async (heard: Heard): Promise<void> => {
    const { hello, late } = heard
    if (hello.device === me.device) return turnAway('same-device', heard)
    const known = knownDevice(membership.state(), hello.device)
    if (known === undefined) {
      waiting = { ...heard, why: 'unknown' }
      return options.onUnknown()
    }
    const before = waiting
    const signature = await sign()
    const message = signedHello(channel.transcript, !channel.initiator, circle)
    const isSigned = await signer.verify('session', known.certificate.signingKey, message, hello.signature)
    // Judged meanwhile, by what else came or changed.
    if (their !== undefined || waiting !== before) return
    if (!isSigned) return turnAway('bad-session-signature', heard)
    const refusal = options.refusalOf(hello.device)
    if (refusal !== undefined) return turnAway(refusal, heard)
    answer(signature, heard)
    if (!isPresent(hello.device)) return turnAway('removed', heard)
    waiting = undefined
    removed = undefined
    // Theirs are under every epoch they might share with us; what came late may be from one who could not read ours.
    const told = !late && full !== undefined && theirEpochs.has(full.epoch) ? full.heads : []
    const { device, incarnation } = hello
    their = { device, incarnation, member: known.member, hello, told }
    await options.onProved(their)
  }

  const firstThatOpens = (offersOfOne: readonly HelloOffer[], late: boolean): Heard | undefined => {
    for (const offer of offersOfOne) {
      // An epoch that we do not hold: they are ahead of us, and answer under one of ours.
      const epoch = epochOf(offer.epochHint)
      const key = epoch === undefined ? undefined : replica.keys(epoch)?.hello
      if (epoch === undefined || key === undefined) continue
      const plain = open(key, offer.sealed)
      const hello = plain === undefined ? undefined : decodeHello(plain)
      if (hello?.ok === true) return { hello: hello.value, epoch, late }
      options.refuse('bad-hello')
    }
    return undefined
  }

  return {
    their: () => their,
    device: () => their?.device ?? removed,
    isUnknown: () => waiting?.why === 'unknown',
    isTurnedAway,
    removed: () => (waiting?.why === 'removed' ? removed : undefined),
    offers,
    onOffers: async (offersOfOne, late) => {
      // Whoever was turned away is judged again when records change, not when they ask again.
      if (their !== undefined || isTurnedAway()) return
      for (const { epochHint } of offersOfOne) {
        const epoch = epochOf(epochHint)
        if (epoch !== undefined) theirEpochs.add(epoch)
      }
      const heard = firstThatOpens(offersOfOne, late)
      if (heard !== undefined) await judge(heard)
    },
    reconsider: async () => {
      if (their === undefined) {
        return waiting !== undefined && mayHaveChanged(waiting) ? judge(waiting) : undefined
      }
      const { hello, device } = their
      const refusal = isPresent(device) ? options.refusalOf(device) : 'removed'
      if (refusal === undefined) return
      const epoch = theirEpochs.values().next().value
      their = undefined
      options.onLost()
      if (epoch !== undefined) await turnAway(refusal, { hello, epoch, late: false })
    },
  }
}

/**
 * One circle's part of a session between two devices: hello, records, then who has what, what is asked for and what is sent.
 * Nothing is given to a device before its hello proves that it is a present device of the circle.
 */
import { concat, fromHex, toHex, type Bytes } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import type { CircleId, DeviceId, DocumentId, EpochId, HashId, MemberId } from '../base/ids.ts'
import { hash } from '../crypto/hash.ts'
import { open, seal } from '../crypto/seal.ts'
import type { Signer } from '../crypto/sign.ts'
import { hashOfRecord } from '../membership/names.ts'
import { MAX_HEADS } from '../wire/limits.ts'
import type { Channel } from './channel.ts'
import type { Claims } from './claims.ts'
import { logKey, type LogKey, type LogName } from './logs.ts'
import {
  decodeHello,
  decodePresence,
  encodeHello,
  encodeMessage,
  encodePresence,
  headPrefix,
  MAX_ENTRIES_IN_MESSAGE,
  MAX_FORKS,
  MAX_PRESENCE,
  MAX_RECORD_HASHES,
  MAX_RECORDS_IN_MESSAGE,
  type CircleTag,
  type HeadHint,
  type Hello,
  type HelloOffer,
  type Message,
  type Want,
} from './messages.ts'
import type { Advance, Replica } from './replica.ts'
import type { StoredEntry } from './store.ts'
import type { Timers } from './timers.ts'

/** Bytes of entries in one message, and in the whole answer to one want: the asker asks again, so a slow one is never flooded. */
const MESSAGE_BYTES = 256 * 1024
const ANSWER_BYTES = 1024 * 1024
const RECORDS_BYTES = 1024 * 1024
/** Bytes pushed unasked that may wait for the link; what is over is fetched by the other when it can. */
const PUSH_BYTES = 1024 * 1024
const HAVE_AFTER_MS = 100
const ANSWER_WITHIN_MS = 20_000
const PRESENCE_A_SECOND = 40
/** Messages kept from one whose records are still on their way. */
const MAX_EARLY = 8

type CircleMessage = Exclude<Message, { type: 'hello' }>

export type SessionRefusal = 'removed' | 'unknown-device' | 'bad-session-signature' | 'same-device'

export interface CircleStatus {
  readonly circle: CircleId
  readonly device: DeviceId
  readonly member: MemberId
  readonly theyLack: number
  readonly weLack: number
  /** Neither lacks anything now. */
  readonly matched: boolean
  /** The last seq the other says it holds of each log. */
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
  readonly onStatus: () => void
  readonly onPresence: (event: PresenceEvent) => void
  readonly refuse: (reason: string, device?: DeviceId) => void
}

export interface CircleSession {
  readonly replica: Replica
  readonly tag: CircleTag
  /** Our hello under the current epoch; undefined where we hold no key. */
  offer(): Promise<HelloOffer | undefined>
  onOffer(offer: HelloOffer): Promise<void>
  onMessage(message: CircleMessage): Promise<void>
  /** Undefined until the other has proved who it is. */
  status(): CircleStatus | undefined
  sendPresence(document: DocumentId, update: Uint8Array): void
  close(): void
}

const TAG_LENGTH = 16

export const tagOf = (transcript: Uint8Array, circle: CircleId): CircleTag =>
  toHex(hash('session circle', transcript, fromHex(circle)).subarray(0, TAG_LENGTH))

const epochHintOf = (transcript: Uint8Array, circle: CircleId, epoch: EpochId): string =>
  toHex(hash('session epoch', transcript, fromHex(circle), fromHex(epoch)).subarray(0, TAG_LENGTH))

/** Bound to this connection, to the side the signer is on and to the circle: it proves nothing anywhere else. */
const signedHello = (transcript: Uint8Array, initiator: boolean, circle: CircleId): Bytes =>
  concat(transcript, Uint8Array.of(initiator ? 1 : 0), fromHex(circle))

const digestOf = (hashes: ReadonlySet<HashId>): Bytes =>
  hash('record set', ...[...hashes].toSorted().map((each) => fromHex(each)))

interface Their {
  readonly hello: Hello
  readonly member: MemberId
}

export function createCircleSession(options: CircleSessionOptions): CircleSession {
  const { replica, channel, signer, clock, timers, claims } = options
  const { membership, circle } = replica
  const me = membership.secrets
  const tag = tagOf(channel.transcript, circle)
  const self = {}

  let their: Their | undefined
  /** A hello whose device our records do not know yet; theirs may say. */
  let unproved: Hello | undefined
  let closed = false
  const heads = new Map<LogKey, HeadHint>()
  const pushed = new Map<LogKey, number>()
  const told = new Map<LogKey, number>()
  const offered = new Set<EpochId>()
  const stuck = new Set<LogKey>()
  const askedForks = new Set<string>()
  const toldForks = new Set<HashId>()
  /** Logs of which the other holds another branch: nothing to fetch there, and no lack that could end. */
  const diverged = new Set<LogKey>()
  const questions: Want[] = []
  const early: CircleMessage[] = []
  const forksToAsk: HashId[] = []
  let theirRecords: Set<HashId> | undefined
  let hashesSent = false
  let asking: readonly Want[] | undefined
  let answering = false
  let pushing = 0
  let cancelHave: (() => void) | undefined
  let cancelPatience = (): void => undefined
  let presence = { second: 0, count: 0 }

  const send = async (message: Message): Promise<void> => {
    try {
      await channel.send(encodeMessage(message))
    } catch {
      // The channel is closed; its onClose ends this session, and the next one begins from what both sides hold.
    }
  }
  const sendSoon = (message: Message): void => void send(message)
  const refuse = (reason: string): void => options.refuse(reason, their?.hello.device ?? unproved?.device)

  // --- hello ---

  const hint = (head: { hash: HashId } & LogName & { seq: number }): HeadHint => ({
    device: head.device,
    incarnation: head.incarnation,
    seq: head.seq,
    prefix: headPrefix(head.hash),
  })

  const offerUnder = async (epoch: EpochId): Promise<HelloOffer | undefined> => {
    const keys = replica.keys(epoch)
    if (keys === undefined) return undefined
    offered.add(epoch)
    const message = signedHello(channel.transcript, channel.initiator, circle)
    const signature = await signer.sign('session', me.signing, message)
    const first = replica.heads().slice(0, MAX_HEADS).map(hint)
    for (const head of first) told.set(logKey(head), head.seq)
    const incarnation = replica.incarnation()
    const recordsDigest = digestOf(membership.hashes())
    const sealed = seal(
      keys.hello,
      encodeHello({ device: me.device, incarnation, signature, recordsDigest, heads: first }),
    )
    return { tag, epochHint: epochHintOf(channel.transcript, circle, epoch), sealed }
  }

  const onOffer = async (offer: HelloOffer): Promise<void> => {
    if (their !== undefined) return
    const epoch = membership
      .heldEpochs()
      .find((held) => epochHintOf(channel.transcript, circle, held) === offer.epochHint)
    // They are ahead of us: they can open our hello and will answer under its epoch.
    if (epoch === undefined) return
    const key = replica.keys(epoch)?.hello
    const plain = key === undefined ? undefined : open(key, offer.sealed)
    const hello = plain === undefined ? undefined : decodeHello(plain)
    if (hello?.ok !== true) return refuse('bad-hello')
    if (!offered.has(epoch)) {
      const answer = await offerUnder(epoch)
      if (answer !== undefined) await send({ type: 'hello', offers: [answer] })
    }
    await prove(hello.value)
  }

  const reject = async (reason: SessionRefusal, hello: Hello): Promise<void> => {
    options.refuse(reason, hello.device)
    await send({ type: 'refused', tag, reason })
  }

  const prove = async (hello: Hello): Promise<void> => {
    const device = membership.state().devices.get(hello.device)
    if (hello.device === me.device) return reject('same-device', hello)
    if (device === undefined) {
      unproved = hello
      // Only hashes: they show nothing to one who does not hold the records.
      return sendHashes()
    }
    unproved = undefined
    if (!device.present) return reject('removed', hello)
    const message = signedHello(channel.transcript, !channel.initiator, circle)
    const isSigned = await signer.verify('session', device.certificate.signingKey, message, hello.signature)
    if (!isSigned) return reject('bad-session-signature', hello)
    their = { hello, member: device.member }
    await begin(hello)
  }

  const begin = async (hello: Hello): Promise<void> => {
    const mine = digestOf(membership.hashes())
    if (toHex(mine) === toHex(hello.recordsDigest)) theirRecords ??= new Set(membership.hashes())
    else await sendHashes()
    await sendMissingRecords()
    sendHave()
    noteHeads(hello.heads)
    options.onStatus()
    for (const message of early.splice(0)) await onMessage(message)
  }

  // --- records ---

  const sendHashes = async (): Promise<void> => {
    if (hashesSent) return
    hashesSent = true
    await send({ type: 'record-hashes', tag, hashes: [...membership.hashes()].slice(0, MAX_RECORD_HASHES) })
  }

  const sendMissingRecords = async (): Promise<void> => {
    if (their === undefined || theirRecords === undefined) return
    const held = theirRecords
    const missing = membership.recordsOf([...membership.hashes()].filter((each) => !held.has(each)))
    for (const record of missing) held.add(hashOfRecord(record))
    for (const records of inMessages(missing, RECORDS_BYTES, MAX_RECORDS_IN_MESSAGE)) {
      await send({ type: 'records', tag, records })
    }
  }

  const onRecordHashes = async (hashes: readonly HashId[]): Promise<void> => {
    theirRecords = new Set([...hashes, ...(theirRecords ?? [])])
    await sendHashes()
    await sendMissingRecords()
    options.onStatus()
  }

  const onRecords = async (records: readonly Bytes[]): Promise<void> => {
    for (const record of records) theirRecords?.add(hashOfRecord(record))
    for (const { reason } of await membership.receive(records)) {
      if (reason !== 'waits-for-a-key') refuse(`record: ${reason}`)
    }
    // What waited for a record may go on.
    stuck.clear()
    ask()
    options.onStatus()
  }

  const onMembershipChange = async (): Promise<void> => {
    if (closed) return
    stuck.clear()
    if (their !== undefined && membership.state().devices.get(their.hello.device)?.present !== true) {
      const { hello } = their
      their = undefined
      releaseClaims()
      options.onStatus()
      return reject('removed', hello)
    }
    if (unproved !== undefined) await prove(unproved)
    await sendMissingRecords()
    ask()
    options.onStatus()
  }

  // --- who has what ---

  const theirSeq = (log: LogName): number => heads.get(logKey(log))?.seq ?? 0
  const mySeqs = (): ReadonlyMap<LogKey, number> => new Map(replica.heads().map((head) => [logKey(head), head.seq]))

  const sendHave = (): void => {
    cancelHave?.()
    cancelHave = undefined
    if (their === undefined) return
    const news = replica.heads().filter((head) => told.get(logKey(head)) !== head.seq)
    const forks = replica
      .forks()
      .entries()
      .map((fork) => fork.hash)
      .filter((each) => !toldForks.has(each))
      .slice(0, MAX_FORKS)
    for (const head of news) told.set(logKey(head), head.seq)
    for (const each of forks) toldForks.add(each)
    for (let at = 0; at === 0 || at < news.length; at += MAX_HEADS) {
      const part = news.slice(at, at + MAX_HEADS)
      if (part.length > 0 || forks.length > 0) {
        sendSoon({ type: 'have', tag, heads: part.map(hint), forks: at === 0 ? forks : [] })
      }
    }
  }
  const haveSoon = (): void => {
    cancelHave ??= timers.after(HAVE_AFTER_MS, sendHave)
  }

  const noteHeads = (news: readonly HeadHint[]): void => {
    for (const head of news) {
      const key = logKey(head)
      // Bounded: a device that invents logs gets no memory for them.
      if (!heads.has(key) && heads.size >= 16 * MAX_HEADS) return refuse('too-many-logs')
      heads.set(key, head)
      stuck.delete(key)
    }
    ask()
  }

  /** Where their head and our entry of the same place differ, one of their entries is the proof of a fork. */
  const proofsToAsk = (): Want[] =>
    [...heads.values()].flatMap((head) => {
      const mine = replica.itemAt(head)
      const question = `${logKey(head)} ${head.prefix}`
      if (mine === undefined || headPrefix(mine.hash) === head.prefix || askedForks.has(question)) return []
      if (replica.forks().has(head)) return []
      askedForks.add(question)
      diverged.add(logKey(head))
      return [{ device: head.device, incarnation: head.incarnation, from: head.seq, limit: 1 }]
    })

  const ask = (): void => {
    if (their === undefined || asking !== undefined || closed) return
    const mine = mySeqs()
    const wants: Want[] = [...proofsToAsk(), ...questions.splice(0, MAX_HEADS)].slice(0, MAX_HEADS)
    for (const [key, head] of heads) {
      const have = mine.get(key) ?? 0
      if (wants.length >= MAX_HEADS || head.seq <= have || stuck.has(key) || diverged.has(key)) continue
      if (!claims.take(key, self)) continue
      wants.push({ device: head.device, incarnation: head.incarnation, from: have + 1, limit: 0 })
    }
    const forks = forksToAsk.splice(0, MAX_FORKS)
    if (wants.length === 0 && forks.length === 0) return
    asking = wants
    sendSoon({ type: 'want', tag, wants, forks })
    awaitAnswer()
  }

  /** One who says it has something and does not send it must not keep us from asking somebody else. */
  const awaitAnswer = (): void => {
    cancelPatience()
    cancelPatience = timers.after(ANSWER_WITHIN_MS, () => {
      refuse('no-answer')
      answered()
    })
  }

  const releaseClaims = (): void => claims.release(self)

  const answered = (): void => {
    const mine = mySeqs()
    for (const { from, limit, ...log } of asking ?? []) {
      // No progress: whatever is wrong with it must not be asked for over and over.
      if (limit === 0 && (mine.get(logKey(log)) ?? 0) < from) stuck.add(logKey(log))
    }
    asking = undefined
    cancelPatience()
    releaseClaims()
    ask()
  }

  const onEntries = async (entries: readonly Bytes[], part: 'pushed' | 'answer' | 'end'): Promise<void> => {
    if (entries.length > 0) {
      const report = await replica.receive(entries)
      for (const { reason, device, incarnation, seq } of report.refused) {
        options.refuse(reason, their?.hello.device)
        if (reason === 'chain-broken' && device !== undefined && incarnation !== undefined && seq !== undefined) {
          askForBranch({ device, incarnation })
        }
      }
    }
    if (part === 'end') answered()
    else if (asking !== undefined) awaitAnswer()
    haveSoon()
    options.onStatus()
  }

  /** Their entry does not follow ours: then theirs at the place of our head is another one. */
  const askForBranch = (log: LogName): void => {
    const head = replica.heads().find((each) => logKey(each) === logKey(log))
    const question = `${logKey(log)} branch`
    if (head === undefined || askedForks.has(question)) return
    askedForks.add(question)
    diverged.add(logKey(log))
    questions.push({ device: log.device, incarnation: log.incarnation, from: head.seq, limit: 1 })
  }

  // --- sending ---

  const sendEntries = async (entries: readonly Bytes[], part: 'pushed' | 'answer'): Promise<void> => {
    for (const some of inMessages(entries, MESSAGE_BYTES, MAX_ENTRIES_IN_MESSAGE)) {
      await send({ type: 'entries', tag, part, entries: some })
    }
  }

  const answer = async (wants: readonly Want[], forks: readonly HashId[]): Promise<void> => {
    const wanted = new Set(forks)
    const kept = replica
      .forks()
      .entries()
      .filter((fork) => wanted.has(fork.hash))
    await sendEntries(
      kept.map(({ bytes }) => bytes),
      'answer',
    )
    let left = ANSWER_BYTES
    for (const { device, incarnation, from, limit } of wants) {
      let next = from
      let count = limit === 0 ? Number.POSITIVE_INFINITY : limit
      while (left > 0 && count > 0 && !closed) {
        const found = await replica.read({ device, incarnation }, next, Math.min(count, 64))
        const taken: StoredEntry[] = []
        for (const entry of found) {
          if (left <= 0) break
          left -= entry.bytes.length
          taken.push(entry)
        }
        await sendEntries(
          taken.map(({ bytes }) => bytes),
          'answer',
        )
        const last = taken.at(-1)
        if (last === undefined || taken.length < Math.min(count, 64)) break
        next = last.seq + 1
        count -= taken.length
      }
    }
    await send({ type: 'entries', tag, part: 'end', entries: [] })
  }

  const onWant = (wants: readonly Want[], forks: readonly HashId[]): void => {
    if (answering) return refuse('impatient')
    answering = true
    answer(wants, forks)
      .catch(() => refuse('read-failed'))
      .finally(() => {
        answering = false
      })
  }

  const push = (entries: readonly StoredEntry[]): void => {
    for (const entry of entries) {
      const key = logKey(entry)
      const reached = Math.max(theirSeq(entry), pushed.get(key) ?? 0)
      if (reached < entry.from - 1 || reached >= entry.seq || pushing > PUSH_BYTES) continue
      pushed.set(key, entry.seq)
      pushing += entry.bytes.length
      void send({ type: 'entries', tag, part: 'pushed', entries: [entry.bytes] }).finally(() => {
        pushing -= entry.bytes.length
      })
    }
  }

  const onAdvance = ({ own, entries }: Advance): void => {
    if (their === undefined) return
    if (own) push(entries)
    haveSoon()
    ask()
    options.onStatus()
  }

  // --- presence ---

  const onPresence = (sealed: Bytes): void => {
    if (their === undefined) return
    const second = Math.floor(clock.now() / 1000)
    presence = { second, count: second === presence.second ? presence.count + 1 : 1 }
    if (presence.count > PRESENCE_A_SECOND) return
    const keys = replica.keys(membership.state().currentEpoch)
    const plain = keys === undefined ? undefined : open(keys.presence, sealed)
    const body = plain === undefined ? undefined : decodePresence(plain)
    if (body?.ok !== true) return refuse('bad-presence')
    const { device, incarnation } = their.hello
    options.onPresence({ circle, device, incarnation, ...body.value })
  }

  const sendPresence = (document: DocumentId, update: Uint8Array): void => {
    const keys = replica.keys(membership.state().currentEpoch)
    if (their === undefined || keys === undefined || update.length > MAX_PRESENCE - 128) return
    sendSoon({
      type: 'presence',
      tag,
      sealed: seal(keys.presence, encodePresence({ document, update: new Uint8Array(update) })),
    })
  }

  const status = (): CircleStatus | undefined => {
    if (their === undefined) return undefined
    const mine = replica.heads()
    const seqs = mySeqs()
    const theyLack = mine
      .filter((head) => !diverged.has(logKey(head)))
      .reduce((sum, head) => sum + Math.max(0, head.seq - theirSeq(head)), 0)
    const weLack = [...heads]
      .filter(([key]) => !diverged.has(key))
      .reduce((sum, [key, { seq }]) => sum + Math.max(0, seq - (seqs.get(key) ?? 0)), 0)
    const records = theirRecords
    const sameRecords = records !== undefined && [...membership.hashes()].every((each) => records.has(each))
    const matched = theyLack === 0 && weLack === 0 && sameRecords && records.size === membership.hashes().size
    const { hello, member } = their
    return { circle, device: hello.device, member, theyLack, weLack, matched, theirHeads: [...heads.values()] }
  }

  const onMessage = async (message: CircleMessage): Promise<void> => {
    if (message.type === 'refused') return options.refuse(`they refused: ${message.reason}`)
    if (message.type === 'record-hashes' && unproved !== undefined) return onRecordHashes(message.hashes)
    if (message.type === 'records' && unproved !== undefined) return onRecords(message.records)
    if (their === undefined) {
      // They know us already and begin; we know them once their records are here.
      if (unproved === undefined || early.length >= MAX_EARLY) return refuse('before-hello')
      early.push(message)
      return
    }
    switch (message.type) {
      case 'record-hashes':
        return onRecordHashes(message.hashes)
      case 'records':
        return onRecords(message.records)
      case 'have': {
        noteHeads(message.heads)
        const unknown = message.forks.filter((each) => !askedForks.has(each))
        for (const each of unknown) askedForks.add(each)
        forksToAsk.push(...unknown)
        ask()
        return options.onStatus()
      }
      case 'want':
        return onWant(message.wants, message.forks)
      case 'entries':
        return onEntries(message.entries, message.part)
      case 'presence':
        return onPresence(message.sealed)
    }
  }

  const stops = [
    replica.onAdvance(onAdvance),
    membership.onChange(() => void onMembershipChange().catch(() => refuse('membership-failed'))),
    claims.onRelease(() => ask()),
  ]

  return {
    replica,
    tag,
    offer: () => offerUnder(membership.state().currentEpoch),
    onOffer,
    onMessage,
    status,
    sendPresence,
    close: () => {
      closed = true
      cancelHave?.()
      cancelPatience()
      releaseClaims()
      for (const stop of stops) stop()
    },
  }
}

/** In order, each part within so many bytes (or one item) and so many items. */
function inMessages<Item extends Uint8Array>(items: readonly Item[], bytes: number, count: number): Item[][] {
  const messages: Item[][] = []
  let size = 0
  for (const item of items) {
    const last = messages.at(-1)
    if (last === undefined || last.length >= count || size + item.length > bytes) {
      messages.push([item])
      size = item.length
    } else {
      last.push(item)
      size += item.length
    }
  }
  return messages
}

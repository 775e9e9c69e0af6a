/**
 * Makes a Link private (PROTOCOL.md, "Channel"). Whatever a link does to frames, the result is the messages as they were sent
 * or a close with a named reason: every frame is sealed under a counter, so a lost, repeated, moved, cut or changed one
 * does not open.
 */
import nacl from 'tweetnacl'
import { concat, randomBytes, type Bytes } from '../base/bytes.ts'
import { agree } from '../crypto/agree.ts'
import { derive, hmacSha512 } from '../crypto/derive.ts'
import { hash } from '../crypto/hash.ts'
import { boxKeyPairFromSecret } from '../crypto/wrap.ts'
import { MAX_MESSAGE, type Channel } from './channel.ts'
import { LinkClosed, MAX_FRAME, type Link } from './link.ts'
import { systemTimers, type Timers } from './timers.ts'

const VERSION = 1
const PUBLIC = 32
const TAG = nacl.secretbox.overheadLength
const MAX_CHUNK = MAX_FRAME - TAG - 1
/** Bytes of whole messages that may wait for a slow handler. Senders wait for answers well below this (session.ts). */
const MAX_WAITING = 4 * MAX_MESSAGE
/** However short they are. */
const MAX_WAITING_MESSAGES = 16_384

/** First byte of each sealed frame. */
const PART = 0
const LAST = 1
/** No message: proves the keys at the beginning, and later that the other is still there. */
const ALIVE = 2

export type ChannelProblem =
  | 'bad-handshake'
  | 'other-version'
  | 'handshake-timeout'
  | 'bad-frame'
  | 'message-too-large'
  | 'flooded'
  | 'silent'
  | 'handler-failed'

export interface ChannelOptions {
  /** Milliseconds for the handshake. */
  readonly timeoutMs?: number
  /** Milliseconds between signs of life; three without one close the channel. */
  readonly aliveMs?: number
  readonly timers?: Timers
}

interface Keys {
  readonly transcript: Bytes
  readonly sending: Bytes
  readonly receiving: Bytes
}

function agreeOnKeys(secret: Bytes, mine: Bytes, theirs: Bytes, initiator: boolean): Keys | undefined {
  const shared = agree(secret, theirs)
  if (shared === undefined) return undefined
  const [first, second] = initiator ? [mine, theirs] : [theirs, mine]
  const transcript = hash('channel', Uint8Array.of(VERSION), first, second)
  const root = hmacSha512(transcript, shared)
  const forward = derive(root, 'channel from initiator')
  const back = derive(root, 'channel to initiator')
  return initiator
    ? { transcript, sending: forward, receiving: back }
    : { transcript, sending: back, receiving: forward }
}

/** A counter never comes twice under one key: keys belong to one direction of one connection. */
function createNonces(): () => Uint8Array {
  const nonce = new Uint8Array(nacl.secretbox.nonceLength)
  return () => {
    for (let at = 0; at < nonce.length; at++) {
      const next = ((nonce[at] ?? 0) + 1) & 0xff
      nonce[at] = next
      if (next !== 0) break
    }
    return nonce
  }
}

function createSealer(key: Bytes): (flag: number, chunk: Uint8Array) => Uint8Array {
  const next = createNonces()
  return (flag, chunk) => nacl.secretbox(concat(Uint8Array.of(flag), chunk), next(), key)
}

type Received = { readonly message: Bytes } | { readonly problem: ChannelProblem } | undefined

function createReceiver(key: Bytes): (frame: Uint8Array) => Received {
  const next = createNonces()
  let parts: Uint8Array[] = []
  let length = 0
  return (frame) => {
    const plain = frame.length > MAX_FRAME ? null : nacl.secretbox.open(frame, next(), key)
    const flag = plain?.[0]
    if (plain === null || flag === undefined || flag > ALIVE) return { problem: 'bad-frame' }
    if (flag === ALIVE) return plain.length === 1 ? undefined : { problem: 'bad-frame' }
    // A message is cut only where a frame is full: otherwise empty parts would pile up without end.
    if (flag === PART && plain.length !== MAX_CHUNK + 1) return { problem: 'bad-frame' }
    length += plain.length - 1
    if (length > MAX_MESSAGE) return { problem: 'message-too-large' }
    parts.push(plain.subarray(1))
    if (flag === PART) return undefined
    const message = concat(...parts)
    parts = []
    length = 0
    return { message }
  }
}

/** Messages handed over one after the other; early ones are kept until there is a handler. */
function createInbox(close: (problem: ChannelProblem) => void) {
  const queue: Bytes[] = []
  let waiting = 0
  let handler: ((message: Bytes) => void | Promise<void>) | undefined
  let busy = false
  let open = true

  const run = async (): Promise<void> => {
    if (busy || handler === undefined) return
    busy = true
    try {
      for (let next = queue.shift(); open && next !== undefined; next = queue.shift()) {
        waiting -= next.length
        await handler(next)
      }
    } catch {
      // Handlers answer for their own errors; one that escapes must not leave a half-understood conversation open.
      close('handler-failed')
    } finally {
      busy = false
    }
  }

  return {
    push: (message: Bytes) => {
      waiting += message.length
      if (waiting > MAX_WAITING || queue.length >= MAX_WAITING_MESSAGES) return close('flooded')
      queue.push(message)
      void run()
    },
    setHandler: (set: (message: Bytes) => void | Promise<void>) => {
      handler = set
      void run()
    },
    stop: () => {
      open = false
      queue.length = 0
    },
  }
}

/** Rejects with LinkClosed, its message a ChannelProblem or the link's own reason; the link is closed then. */
export function openChannel(link: Link, options: ChannelOptions = {}): Promise<Channel> {
  const timers = options.timers ?? systemTimers
  const secret = randomBytes(PUBLIC)
  const mine = boxKeyPairFromSecret(secret).publicKey

  return new Promise((resolve, reject) => {
    let settled = false
    let receive: ((frame: Uint8Array) => void) | undefined
    const fail = (reason: string): void => {
      link.close(reason)
      if (settled) return
      settled = true
      cancelTimeout()
      secret.fill(0)
      reject(new LinkClosed(reason))
    }
    const cancelTimeout = timers.after(options.timeoutMs ?? 10_000, () => fail('handshake-timeout'))
    const confirmed = (channel: Channel): void => {
      settled = true
      cancelTimeout()
      resolve(channel)
    }
    const begin = (frame: Uint8Array): void => {
      if (frame[0] !== VERSION) return fail(frame.length === PUBLIC + 1 ? 'other-version' : 'bad-handshake')
      if (frame.length !== PUBLIC + 1) return fail('bad-handshake')
      const keys = agreeOnKeys(secret, mine, new Uint8Array(frame.subarray(1)), link.initiator)
      secret.fill(0)
      if (keys === undefined) return fail('bad-handshake')
      receive = startChannel(link, keys, { timers, aliveMs: options.aliveMs ?? 5000, confirmed })
    }
    link.onClose(fail)
    link.onFrame((frame) => {
      if (receive !== undefined) receive(frame)
      else if (!settled) begin(frame)
    })
    link.send(concat(Uint8Array.of(VERSION), mine)).catch(() => fail('closed'))
  })
}

interface Start {
  readonly timers: Timers
  readonly aliveMs: number
  readonly confirmed: (channel: Channel) => void
}

/** Returns what takes the frames after the handshake. */
function startChannel(link: Link, keys: Keys, { timers, aliveMs, confirmed }: Start): (frame: Uint8Array) => void {
  const sealed = createSealer(keys.sending)
  const opened = createReceiver(keys.receiving)
  const inbox = createInbox((problem) => link.close(problem))
  let sending: Promise<void> = Promise.resolve()
  let isConfirmed = false
  let quietFor = 0
  let cancelBeat: () => void = () => undefined

  /** Sealing happens when a frame's turn comes: counters follow the order of sending. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = sending.then(work)
    sending = done.catch(() => undefined)
    return done
  }

  const sendMessage = async (message: Uint8Array): Promise<void> => {
    for (let at = 0; at === 0 || at < message.length; at += MAX_CHUNK) {
      const chunk = message.subarray(at, at + MAX_CHUNK)
      await link.send(sealed(at + MAX_CHUNK >= message.length ? LAST : PART, chunk))
    }
  }

  const beat = (): void => {
    if (quietFor++ >= 3) return link.close('silent')
    void inTurn(() => link.send(sealed(ALIVE, new Uint8Array(0)))).catch(() => undefined)
    cancelBeat = timers.after(aliveMs, beat)
  }

  const channel: Channel = {
    kind: link.kind,
    initiator: link.initiator,
    transcript: keys.transcript,
    send: (message) => {
      if (message.length > MAX_MESSAGE) return Promise.reject(new RangeError('message length'))
      return inTurn(() => sendMessage(message))
    },
    onMessage: inbox.setHandler,
    onClose: (handler) => link.onClose(handler),
    close: (reason) => link.close(reason),
  }

  link.onClose(() => {
    cancelBeat()
    inbox.stop()
    keys.sending.fill(0)
    keys.receiving.fill(0)
  })
  beat()

  return (frame) => {
    const received = opened(frame)
    quietFor = 0
    if (received !== undefined && 'problem' in received) return link.close(received.problem)
    if (!isConfirmed) {
      isConfirmed = true
      confirmed(channel)
    }
    if (received !== undefined) inbox.push(received.message)
  }
}

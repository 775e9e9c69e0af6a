/** Conversations: a hostile side of a channel, of the host's link, of a LAN connection, of somebody's cursor. */
import { Duplex } from 'node:stream'
import type { Socket } from 'node:net'
import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { concat, utf8, type Bytes } from '../../shared/base/bytes.ts'
import type { DocumentId } from '../../shared/base/ids.ts'
import { hash } from '../../shared/crypto/hash.ts'
import { boxKeyPairFromSecret } from '../../shared/crypto/wrap.ts'
import { HostError } from '../../shared/host/errors.ts'
import type { HostLink } from '../../shared/host/host-link.ts'
import type { HostPorts } from '../../shared/host/ports.ts'
import { createHostClient, serveHost } from '../../shared/host/rpc.ts'
import { yjsClientIdOf } from '../../shared/membership/names.ts'
import type { Membership } from '../../shared/membership/state.ts'
import type { PresenceEvent } from '../../shared/sync/circle-session.ts'
import type { DocumentHandle } from '../../shared/sync/replica.ts'
import { openChannel } from '../../shared/sync/open-channel.ts'
import type { Link } from '../../shared/sync/link.ts'
import type { Timers } from '../../shared/sync/timers.ts'
import { emptyBackups } from '../fixtures/backups-port.ts'
import { emptyKeychain } from '../fixtures/keychain-port.ts'
import { answerCall, callRoom, HandshakeRefused } from '../../electron/services/lan/handshake.ts'
import { roomKeys } from '../../electron/services/lan/keys.ts'
import { LAN_LIMITS } from '../../electron/services/lan/limits.ts'
import { createPresenceSource } from '../../renderer/session/presence.ts'
import { ada, ben, circle } from '../vectors/samples.ts'
import { isSample, must, type Target } from './target.ts'
import { envelopes } from './text-targets.ts'

const never: Timers = { after: () => () => undefined }

interface Scripted {
  readonly link: Link
  readonly sent: Uint8Array[]
  readonly closed: () => string | undefined
  arrive(frame: Uint8Array): void
}

function scriptedLink(initiator: boolean): Scripted {
  const sent: Uint8Array[] = []
  const closers: ((reason: string) => void)[] = []
  let reason: string | undefined
  let handle: (frame: Uint8Array) => void = () => undefined
  return {
    sent,
    closed: () => reason,
    arrive: (frame) => handle(frame),
    link: {
      kind: 'memory',
      initiator,
      send: (frame) => {
        sent.push(frame.slice())
        return Promise.resolve()
      },
      onFrame: (set) => {
        handle = set
      },
      onClose: (handler) => void closers.push(handler),
      close: (why = 'closed') => {
        if (reason !== undefined) return
        reason = why
        for (const closer of closers) closer(why)
      },
    },
  }
}

const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

const HANDSHAKE = concat(Uint8Array.of(1), boxKeyPairFromSecret(hash('fuzz', utf8('secret'))).publicKey)

const handshakeTarget: Target = {
  name: 'channel handshake',
  share: 0.5,
  samples: [HANDSHAKE],
  counted: false,
  async offer(bytes) {
    const near = scriptedLink(false)
    const opening = openChannel(near.link, { timers: never }).then(
      () => 'opened',
      (thrown: unknown) => (thrown instanceof Error ? thrown.message : 'thrown'),
    )
    near.arrive(bytes)
    // A frame under no key at all comes next; whatever the handshake was, it must not open.
    near.arrive(bytes)
    const outcome = await opening
    must(outcome !== 'opened', 'a channel opened for one who did not prove the keys')
    must(near.closed() === outcome, 'a refused channel left its link open')
    return outcome
  },
}

/** Two honest ends, and what one of them sends first, changed on its way. */
async function offerFrame(
  change: (frame: Uint8Array) => Uint8Array,
): Promise<{ got: number; closed: string | undefined }> {
  const [near, far] = [scriptedLink(true), scriptedLink(false)]
  const opening = [openChannel(near.link, { timers: never }), openChannel(far.link, { timers: never })] as const
  for (const opened of opening) opened.catch(() => undefined)
  const pump = (): void => {
    for (const frame of near.sent.splice(0)) far.arrive(frame)
    for (const frame of far.sent.splice(0)) near.arrive(frame)
  }
  for (let round = 0; round < 4; round++) {
    pump()
    await settled()
  }
  const [one, other] = await Promise.all(opening)
  let got = 0
  other.onMessage(() => void (got += 1))
  void one.send(utf8('a message that somebody wants to change')).catch(() => undefined)
  await settled()
  for (const frame of near.sent.splice(0)) far.arrive(change(frame))
  await settled()
  return { got, closed: far.closed() }
}

/** The bytes of an input say how the frame is changed: xored from the front, and cut or made longer to their length. */
const frameTarget: Target = {
  name: 'channel frame',
  share: 0.2,
  samples: [new Uint8Array(56), new Uint8Array(57)],
  counted: false,
  async offer(bytes) {
    let same = false
    const { got, closed } = await offerFrame((frame) => {
      const length = Math.max(0, frame.length + bytes.length - 56)
      const next = new Uint8Array(length)
      next.set(frame.subarray(0, length))
      for (let at = 0; at < Math.min(length, bytes.length); at++) next[at] = (next[at] ?? 0) ^ (bytes[at] ?? 0)
      same = length === frame.length && next.every((byte, at) => byte === frame[at])
      return next
    })
    must(got === (same ? 1 : 0), same ? 'an honest frame was lost' : 'a changed frame was taken')
    must(same || closed === 'bad-frame', `a changed frame left the channel open: ${closed}`)
    return same ? 'accepted' : (closed ?? '')
  },
}

// ---------------------------------------------------------------------------------------------------------- the host's link

interface HostSide {
  readonly link: HostLink
  readonly sent: Uint8Array[]
  deliver(message: Uint8Array): void
}

function hostSide(): HostSide {
  const sent: Uint8Array[] = []
  let handle: (message: Uint8Array) => void = () => undefined
  return {
    sent,
    deliver: (message) => handle(message),
    link: {
      send: (message) => void sent.push(message),
      onMessage: (set) => {
        handle = set
      },
      onClose: () => undefined,
      close: () => undefined,
    },
  }
}

function recordingPorts(calls: unknown[]): HostPorts {
  const call =
    <Value>(value: Value) =>
    (request?: unknown): Promise<Value> => {
      calls.push(request)
      return Promise.resolve(value)
    }
  const status = { enabled: false, port: 4455, lan: false, addresses: [], problem: '' }
  return {
    info: { get: call({ kind: 'browser' as const, appVersion: '', platform: '', profileDirectory: '' }) },
    lan: {
      join: call(undefined),
      leave: call(undefined),
      send: (request) => {
        calls.push(request)
        return Promise.reject(new HostError('link-closed'))
      },
      closeLink: call(undefined),
    },
    signaling: { serverStatus: call(status), setServer: call(status), relay: call({ url: '' }) },
    storage: { space: call({ freeBytes: 1, low: false }) },
    backups: emptyBackups((request) => calls.push(request)),
    profile: { remembered: call({}), remember: call(undefined), wipe: call(undefined) },
    keychain: emptyKeychain((request) => calls.push(request)),
    files: { waiting: call([]), read: call({ bytes: new Uint8Array() }), done: call(undefined) },
  }
}

function serveTarget(): Target {
  const side = hostSide()
  const calls: unknown[] = []
  const refused: string[] = []
  serveHost(
    side.link,
    recordingPorts(calls),
    () => () => undefined,
    (refusal) => void refused.push(refusal),
  )
  return {
    name: 'call to the host',
    share: 3,
    samples: envelopes.slice(0, 3),
    counted: false,
    async offer(bytes) {
      calls.length = refused.length = side.sent.length = 0
      side.deliver(bytes)
      await Promise.resolve()
      for (const call of calls) {
        if (typeof call !== 'object' || call === null || !('frame' in call)) continue
        must(call.frame instanceof Uint8Array && call.frame.length > 0, 'a frame that is no frame reached the LAN')
      }
      must(refused.length + calls.length > 0, 'neither refused nor called')
      return calls.length > 0 ? 'accepted' : (refused[0] ?? '')
    },
  }
}

function clientTarget(): Target {
  const side = hostSide()
  const refused: string[] = []
  let events = 0
  const client = createHostClient(side.link, (refusal) => void refused.push(refusal))
  client.onEvent(() => void (events += 1))
  return {
    name: 'answer or event of the host',
    share: 3,
    samples: envelopes.slice(3),
    counted: false,
    offer(bytes) {
      refused.length = events = 0
      side.deliver(bytes)
      must(refused.length + events > 0, 'neither refused nor taken')
      return events > 0 ? 'accepted' : (refused[0] ?? '')
    },
  }
}

// ------------------------------------------------------------------------------------------------------------- the LAN

const ROOM = { keys: roomKeys(hash('fuzz', utf8('room'))) }
const NAMES = { caller: '00000000000000000001', called: '00000000000000000002' }

interface Pipe {
  readonly socket: Socket
  readonly written: Buffer[]
}

function pipe(): Pipe {
  const written: Buffer[] = []
  const duplex = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      written.push(chunk)
      done()
    },
  })
  duplex.on('error', () => undefined)
  return { socket: duplex as unknown as Socket, written }
}

async function callerBytes(): Promise<Bytes> {
  const { socket, written } = pipe()
  const calling = callRoom(socket, ROOM, { own: NAMES.caller, other: NAMES.called }, LAN_LIMITS).catch(() => undefined)
  await settled()
  socket.destroy()
  await calling
  return new Uint8Array(Buffer.concat(written))
}

async function lanTarget(): Promise<Target> {
  const samples = [await callerBytes(), await callerBytes()]
  return {
    name: 'LAN connection',
    share: 0.4,
    samples,
    counted: false,
    async offer(bytes) {
      const { socket, written } = pipe()
      socket.push(Buffer.from(bytes))
      socket.push(null)
      const names = { own: NAMES.called, answersTo: [NAMES.called] }
      const outcome = await answerCall(socket, () => [ROOM], names, LAN_LIMITS).then(
        () => 'opened',
        (thrown: unknown) => (thrown instanceof HandshakeRefused ? thrown.message : `threw ${String(thrown)}`),
      )
      must(!outcome.startsWith('threw') && outcome !== 'opened', `a changed call: ${outcome}`)
      must(socket.destroyed, 'a refused connection stays open')
      // One who does not hold the room's key hears nothing: what answers at all must begin with a good prefix and message.
      const isRecorded = samples.some((sample) => isSample([sample.slice(0, 32)], bytes.slice(0, 32)))
      must(written.length === 0 || isRecorded, 'answered one who does not know the room')
      return outcome
    },
  }
}

// ------------------------------------------------------------------------------------------------------------- cursors

const DOCUMENT = 'd'.repeat(32) as DocumentId

function cursorTarget(): Target {
  const client = yjsClientIdOf(circle, ben.device, 0)
  const cursorOf = (state: Record<string, unknown>): Bytes => {
    const doc = new Y.Doc()
    doc.clientID = client
    const awareness = new Awareness(doc)
    awareness.setLocalState(state)
    const update = new Uint8Array(encodeAwarenessUpdate(awareness, [client]))
    awareness.destroy()
    return update
  }
  const listeners = new Set<(event: PresenceEvent) => void>()
  const state = {
    devices: new Map([[ben.device, { member: ben.member }]]),
    members: new Map([[ben.member, { name: 'Ben' }]]),
  }
  let refused = 0
  const source = createPresenceSource({
    membership: { circle, secrets: ada, state: () => state } as unknown as Membership,
    carrier: {
      sendPresence: () => undefined,
      onPresence: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    clock: { now: () => 1 },
    log: () => void (refused += 1),
  })
  const doc = new Y.Doc()
  doc.clientID = yjsClientIdOf(circle, ada.device, 0)
  const { awareness } = source.start({ id: DOCUMENT, doc } as DocumentHandle).presence
  clearInterval((awareness as unknown as { _checkInterval: NodeJS.Timeout })._checkInterval)
  return {
    name: 'somebody’s cursor',
    share: 2,
    samples: [cursorOf({ user: { name: 'Mallory' }, cursor: { anchor: 1 } }), cursorOf({})],
    counted: false,
    offer(bytes) {
      refused = 0
      for (const listener of listeners) {
        listener({ circle, device: ben.device, incarnation: 0, document: DOCUMENT, update: bytes })
      }
      for (const [each, value] of awareness.getStates()) {
        must(each === client || each === doc.clientID, 'a cursor in another one’s name')
        const user = (value as { user?: { name?: string } }).user
        must(user === undefined || user.name === 'Ben' || each === doc.clientID, 'a cursor under another name')
      }
      return refused > 0 ? 'refused' : 'accepted'
    },
  }
}

export async function createLinkTargets(): Promise<readonly Target[]> {
  return [handshakeTarget, frameTarget, serveTarget(), clientTarget(), await lanTarget(), cursorTarget()]
}

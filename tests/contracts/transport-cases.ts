/**
 * What every Transport must do, as plain functions without a test framework, so that the same cases run under vitest and
 * inside a browser's page (WebRTC). A case throws an Error with a sentence where the transport breaks the contract of
 * shared/sync/link.ts.
 */
import { concat, equalBytes, randomBytes, toHex } from '../../shared/base/bytes.ts'
import { type Link, MAX_FRAME, type Room, type Transport } from '../../shared/sync/link.ts'
import { type FaultPlan, applyFaults, faultyLink } from './faulty-link.ts'

export interface TransportPair {
  /** Two transports that can reach each other, on one machine or two. Neither has joined anything. */
  readonly left: Transport
  readonly right: Transport
  /** Ends both, and whatever they stood on. */
  close(): Promise<void>
}

export type MakePair = () => Promise<TransportPair>

export interface CaseTiming {
  /** Milliseconds within which two who can reach each other must link, and a close must be noticed. */
  readonly linkWithin: number
  /** Milliseconds of quiet after which two who share no room are taken to never link. */
  readonly quiet: number
}

export const DEFAULT_TIMING: CaseTiming = { linkWithin: 10_000, quiet: 1000 }

export interface TransportCase {
  readonly name: string
  /** `a` acts and `b` answers; run each case a second time with the two exchanged. */
  run(a: Transport, b: Transport, timing: CaseTiming): Promise<void>
}

interface End {
  readonly link: Link
  readonly frames: Uint8Array[]
  readonly closes: string[]
}

interface Member {
  readonly ends: End[]
  leave(): void
}

export const makeRoom = (purpose: Room['purpose'] = 'circle'): Room => ({ key: randomBytes(32), purpose })

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

function check(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(sentence)
}

async function until(condition: () => boolean, within: number, sentence: string): Promise<void> {
  const deadline = Date.now() + within
  while (!condition()) {
    check(Date.now() < deadline, `not within ${within} ms: ${sentence}`)
    await sleep(5)
  }
}

async function rejection(promise: Promise<unknown>, sentence: string): Promise<Error> {
  try {
    await promise
  } catch (thrown) {
    check(thrown instanceof Error, `rejected with something that is not an Error: ${String(thrown)}`)
    return thrown
  }
  throw new Error(sentence)
}

function listen(link: Link): End {
  const end: End = { link, frames: [], closes: [] }
  // A copy, because a transport may reuse its buffer after the handler returns.
  link.onFrame((frame) => end.frames.push(frame.slice()))
  link.onClose((reason) => end.closes.push(reason))
  return end
}

function enter(transport: Transport, room: Room, onEnd: (end: End) => void = () => {}): Member {
  const ends: End[] = []
  const membership = transport.join(room, (link) => {
    const end = listen(link)
    ends.push(end)
    onEnd(end)
  })
  return { ends, leave: () => membership.leave() }
}

interface Linked {
  readonly here: End
  readonly there: End
  readonly a: Member
  readonly b: Member
}

/**
 * Joins both and finds two ends of one connection. A transport may open more than one link to the same device, so each of
 * a's links sends a marker, and the end that got it first is its other end.
 */
async function link(a: Transport, b: Transport, room: Room, timing: CaseTiming): Promise<Linked> {
  const markers = new Map<string, End>()
  const from = enter(a, room, (end) => {
    const marker = randomBytes(16)
    markers.set(toHex(marker), end)
    // The spare of two links may be closed before it carries anything.
    end.link.send(marker).catch(() => markers.delete(toHex(marker)))
  })
  const to = enter(b, room)
  let found: { here: End; there: End } | undefined
  const look = (): boolean => {
    for (const there of to.ends) {
      const first = there.frames[0]
      const here = first === undefined ? undefined : markers.get(toHex(first))
      if (here !== undefined && here.closes.length === 0 && there.closes.length === 0) found = { here, there }
    }
    return found !== undefined
  }
  await until(look, timing.linkWithin, 'two who share a room link and a first frame crosses')
  check(found !== undefined, 'linked')
  found.there.frames.length = 0
  return { ...found, a: from, b: to }
}

const numbered = (index: number, length: number): Uint8Array => {
  const frame = new Uint8Array(length)
  for (let at = 0; at < length; at++) frame[at] = (index * 31 + at * 7) & 0xff
  frame[0] = index & 0xff
  return frame
}

async function sendAll(end: End, frames: readonly Uint8Array[]): Promise<void> {
  for (const frame of frames) await end.link.send(frame)
}

async function expectFrames(end: End, expected: readonly Uint8Array[], within: number): Promise<void> {
  await until(() => end.frames.length >= expected.length, within, `${expected.length} frames arrive`)
  check(end.frames.length === expected.length, `${end.frames.length} frames arrived, ${expected.length} were sent`)
  for (const [index, frame] of expected.entries()) {
    const got = end.frames[index]
    check(got !== undefined && equalBytes(got, frame), `frame ${index} arrived changed or out of order`)
  }
}

const bothClosed = (linked: Linked): boolean => linked.here.closes.length > 0 && linked.there.closes.length > 0

async function expectClosedOnce(linked: Linked, timing: CaseTiming): Promise<void> {
  await until(() => bothClosed(linked), timing.linkWithin, 'both ends notice the close')
  await sleep(50)
  check(linked.here.closes.length === 1, 'onClose is called once on the end that closed')
  check(linked.there.closes.length === 1, 'onClose is called once on the other end')
}

async function expectRefusesToSend(end: End): Promise<void> {
  const error = await rejection(end.link.send(numbered(1, 8)), 'send on a closed link resolved')
  check(error.name === 'LinkClosed', `send on a closed link rejects with LinkClosed, not ${error.name}`)
}

const BULK_FRAMES = 80
const FAULTS: FaultPlan = {
  seed: 20_240_611,
  drop: 0.15,
  duplicate: 0.15,
  reorder: 0.15,
  truncate: 0.1,
  corrupt: 0.15,
}

export const TRANSPORT_CASES: readonly TransportCase[] = [
  {
    name: 'two in one room link; exactly one of the two ends is the initiator; kind is the transport’s',
    async run(a, b, timing) {
      const linked = await link(a, b, makeRoom(), timing)
      const { here, there } = linked
      check(here.link.initiator !== there.link.initiator, 'exactly one end is the initiator')
      check(here.link.kind === a.kind && there.link.kind === b.kind, 'a link is of its transport’s kind')
      check(a.status().state === 'ready', `a transport with a link is ready, not ${a.status().state}`)
    },
  },
  {
    name: 'a joining room links as a circle’s does',
    async run(a, b, timing) {
      const { here, there } = await link(a, b, makeRoom('joining'), timing)
      await here.link.send(numbered(1, 32))
      await expectFrames(there, [numbered(1, 32)], timing.linkWithin)
    },
  },
  {
    name: 'one who joins later is found',
    async run(a, b, timing) {
      const room = makeRoom()
      const first = enter(b, room)
      await sleep(300)
      const second = enter(a, room)
      await until(() => first.ends.length > 0 && second.ends.length > 0, timing.linkWithin, 'the later one is found')
    },
  },
  {
    name: 'frames of 1 byte to MAX_FRAME cross whole, unchanged and in order',
    async run(a, b, timing) {
      const { here, there } = await link(a, b, makeRoom(), timing)
      const lengths = [1, 2, 3, 255, 256, 16_383, 16_384, 16_385, 65_535, MAX_FRAME, 1]
      const frames = lengths.map((length, index) => numbered(index, length))
      await sendAll(here, frames)
      await expectFrames(there, frames, timing.linkWithin)
    },
  },
  {
    name: 'a thousand small frames sent without waiting keep their order',
    async run(a, b, timing) {
      const { here, there } = await link(a, b, makeRoom(), timing)
      const frames = Array.from({ length: 1000 }, (_, index) => numbered(index, 20 + (index % 50)))
      await Promise.all(frames.map((frame) => here.link.send(frame)))
      await expectFrames(there, frames, timing.linkWithin)
    },
  },
  {
    name: 'a view into a larger buffer crosses as the view, and the buffer may be used again once sent',
    async run(a, b, timing) {
      const { here, there } = await link(a, b, makeRoom(), timing)
      const buffer = concat(numbered(9, 100), numbered(5, 50), numbered(8, 100))
      await here.link.send(buffer.subarray(100, 150))
      buffer.fill(0)
      await here.link.send(buffer.subarray(0, 3))
      await expectFrames(there, [numbered(5, 50), new Uint8Array(3)], timing.linkWithin)
    },
  },
  {
    name: 'frames that came before the handler was set are handed over first, in order',
    async run(a, b, timing) {
      const room = makeRoom()
      const frames = Array.from({ length: 20 }, (_, index) => numbered(index, 40))
      const quiet: Link[] = []
      b.join(room, (opened) => quiet.push(opened))
      enter(a, room, (end) => void sendAll(end, frames).catch(() => undefined))
      await until(() => quiet.length > 0, timing.linkWithin, 'a link opens')
      await sleep(300)
      const ends = quiet.map(listen)
      const whole = (): End | undefined => ends.find((end) => end.frames.length >= frames.length)
      await until(() => whole() !== undefined, timing.linkWithin, 'the early frames are handed over')
      const end = whole()
      check(end !== undefined, 'handed over')
      await expectFrames(end, frames, timing.linkWithin)
    },
  },
  {
    name: 'five megabytes each way at once, with back-pressure, nothing lost',
    async run(a, b, timing) {
      const { here, there } = await link(a, b, makeRoom(), timing)
      const frames = Array.from({ length: BULK_FRAMES }, (_, index) => numbered(index, MAX_FRAME))
      await Promise.all([sendAll(here, frames), sendAll(there, frames)])
      await expectFrames(there, frames, timing.linkWithin)
      await expectFrames(here, frames, timing.linkWithin)
    },
  },
  {
    name: 'a frame that is empty or larger than MAX_FRAME is refused by send and never arrives',
    async run(a, b, timing) {
      const { here, there } = await link(a, b, makeRoom(), timing)
      await rejection(here.link.send(new Uint8Array(0)), 'an empty frame was taken')
      await rejection(here.link.send(new Uint8Array(MAX_FRAME + 1)), 'a frame over the limit was taken')
      await sleep(200)
      check(there.frames.length === 0, 'a refused frame arrived')
    },
  },
  {
    name: 'closing ends both sides once and tells every handler, sends are refused after, and a late onClose is called at once',
    async run(a, b, timing) {
      const linked = await link(a, b, makeRoom(), timing)
      // Channel, session and carrier each listen: one that took another's place would leave that one open for ever.
      const also: string[] = []
      linked.here.link.onClose(() => also.push('here'))
      linked.there.link.onClose(() => also.push('there'))
      linked.here.link.close('the test is done')
      linked.here.link.close('again')
      await expectClosedOnce(linked, timing)
      check(also.toSorted().join(' ') === 'here there', 'every handler is told of the close')
      await expectRefusesToSend(linked.here)
      await expectRefusesToSend(linked.there)
      const late: string[] = []
      linked.here.link.onClose((reason) => late.push(reason))
      linked.there.link.onClose((reason) => late.push(reason))
      check(late.length === 2, 'a handler set after the close is called at once')
    },
  },
  {
    name: 'what was sent before a close still arrives',
    async run(a, b, timing) {
      const linked = await link(a, b, makeRoom(), timing)
      const frames = Array.from({ length: 10 }, (_, index) => numbered(index, 1000))
      await sendAll(linked.here, frames)
      await expectFrames(linked.there, frames, timing.linkWithin)
      linked.here.link.close()
      await expectClosedOnce(linked, timing)
    },
  },
  {
    name: 'leaving closes the room’s links and hands over no more; joining again links again',
    async run(a, b, timing) {
      const room = makeRoom()
      const linked = await link(a, b, room, timing)
      linked.a.leave()
      linked.a.leave()
      await expectClosedOnce(linked, timing)
      await until(() => linked.b.ends.every((end) => end.closes.length > 0), timing.linkWithin, 'every link is closed')
      const [before, beforeB] = [linked.a.ends.length, linked.b.ends.length]
      await sleep(timing.quiet)
      check(linked.a.ends.length === before, 'a link was handed over after leaving')
      check(linked.b.ends.length === beforeB, 'one who stayed was linked to one who left')
      const again = enter(a, room)
      await until(() => again.ends.length > 0, timing.linkWithin, 'joining again links again')
    },
  },
  {
    name: 'different room keys never link',
    async run(a, b, timing) {
      const [one, other] = [enter(a, makeRoom()), enter(b, makeRoom())]
      await sleep(timing.quiet)
      check(one.ends.length === 0 && other.ends.length === 0, 'two who share no room linked')
    },
  },
  {
    name: 'two rooms at once stay apart, and leaving one leaves the other',
    async run(a, b, timing) {
      const first = await link(a, b, makeRoom(), timing)
      const second = await link(a, b, makeRoom(), timing)
      await first.here.link.send(numbered(1, 64))
      await second.here.link.send(numbered(2, 64))
      await expectFrames(first.there, [numbered(1, 64)], timing.linkWithin)
      await expectFrames(second.there, [numbered(2, 64)], timing.linkWithin)
      first.a.leave()
      await expectClosedOnce(first, timing)
      await second.here.link.send(numbered(3, 64))
      await expectFrames(second.there, [numbered(2, 64), numbered(3, 64)], timing.linkWithin)
    },
  },
  {
    name: 'six rooms at once all link',
    async run(a, b, timing) {
      const rooms = Array.from({ length: 6 }, () => makeRoom())
      const sides = rooms.map((room) => [enter(a, room), enter(b, room)] as const)
      const all = (): boolean => sides.every(([one, other]) => one.ends.length > 0 && other.ends.length > 0)
      await until(all, timing.linkWithin, 'all six rooms link')
    },
  },
  {
    name: 'drops, reorders, duplicates, truncation and corruption above it are carried as they are, and close nothing',
    async run(a, b, timing) {
      const { here, there } = await link(a, b, makeRoom(), timing)
      const frames = Array.from({ length: 200 }, (_, index) => numbered(index, 10 + index))
      const faulty = faultyLink(here.link, FAULTS)
      for (const frame of frames) await faulty.send(frame)
      await expectFrames(there, applyFaults(frames, FAULTS), timing.linkWithin)
      await there.link.send(numbered(7, 7))
      await expectFrames(here, [numbered(7, 7)], timing.linkWithin)
      check(here.closes.length === 0 && there.closes.length === 0, 'a link closed over what it carried')
    },
  },
  {
    name: 'closing the transport closes its links on both sides',
    async run(a, b, timing) {
      const linked = await link(a, b, makeRoom(), timing)
      a.close()
      await expectClosedOnce(linked, timing)
      await expectRefusesToSend(linked.here)
    },
  },
]

/** One case against a fresh pair, acting from the left or from the right. */
export async function runCase(
  testCase: TransportCase,
  makePair: MakePair,
  direction: 'left-to-right' | 'right-to-left',
  timing: CaseTiming = DEFAULT_TIMING,
): Promise<void> {
  const pair = await makePair()
  try {
    const [a, b] = direction === 'left-to-right' ? [pair.left, pair.right] : [pair.right, pair.left]
    await testCase.run(a, b, timing)
  } finally {
    await pair.close()
  }
}

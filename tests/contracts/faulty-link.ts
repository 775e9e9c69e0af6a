/**
 * A Link that spoils what is sent through it by a plan drawn from a seed: what a hostile or broken carrier may do. The same
 * plan over the same frames always gives the same result, so a failure can be run again.
 */
import { type Link, MAX_FRAME } from '../../shared/sync/link.ts'

export interface FaultPlan {
  readonly seed: number
  /** Each is the chance, 0 to 1, that a frame suffers it; their sum is at most 1. */
  readonly drop?: number
  readonly duplicate?: number
  /** The frame changes places with the next one. */
  readonly reorder?: number
  /** The frame is cut to a random shorter length of at least 1. */
  readonly truncate?: number
  /** One bit is changed. */
  readonly corrupt?: number
  /** The first so many frames pass unharmed. */
  readonly spare?: number
  /** The link closes once so many frames were offered. */
  readonly closeAfter?: number
}

/** mulberry32: small, and the same on every machine. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

type Fault = 'none' | 'drop' | 'duplicate' | 'reorder' | 'truncate' | 'corrupt'
const FAULTS = ['drop', 'duplicate', 'reorder', 'truncate', 'corrupt'] as const

function pick(plan: FaultPlan, random: () => number, index: number): Fault {
  let left = random()
  if (index < (plan.spare ?? 0)) return 'none'
  for (const fault of FAULTS) {
    left -= plan[fault] ?? 0
    if (left < 0) return fault
  }
  return 'none'
}

function flipBit(frame: Uint8Array, random: () => number): Uint8Array {
  const spoiled = frame.slice()
  const at = Math.floor(random() * frame.length)
  spoiled[at] = (spoiled[at] ?? 0) ^ (1 << Math.floor(random() * 8))
  return spoiled
}

const cut = (frame: Uint8Array, random: () => number): Uint8Array =>
  frame.slice(0, 1 + Math.floor(random() * Math.max(1, frame.length - 1)))

/** Takes each frame in turn and gives the frames to send now. A reordered frame is held until the next one. */
export function createFaults(plan: FaultPlan): (frame: Uint8Array) => Uint8Array[] {
  const random = seededRandom(plan.seed)
  let index = 0
  let held: Uint8Array | undefined
  return (frame) => {
    const fault = pick(plan, random, index++)
    const now = spoil(frame, fault, random)
    const released = held === undefined ? [] : [held]
    held = fault === 'reorder' ? frame.slice() : undefined
    return [...now, ...released]
  }
}

function spoil(frame: Uint8Array, fault: Fault, random: () => number): Uint8Array[] {
  switch (fault) {
    case 'drop':
    case 'reorder':
      return []
    case 'duplicate':
      return [frame, frame]
    case 'truncate':
      return [cut(frame, random)]
    case 'corrupt':
      return [flipBit(frame, random)]
    default:
      return [frame]
  }
}

/** What a receiver gets when `frames` go through a link with this plan. */
export const applyFaults = (frames: readonly Uint8Array[], plan: FaultPlan): Uint8Array[] => {
  const faults = createFaults(plan)
  return frames.flatMap((frame) => faults(frame))
}

/** Spoils what is sent through the result; what is received is as the inner link gives it. */
export function faultyLink(inner: Link, plan: FaultPlan): Link {
  const faults = createFaults(plan)
  let offered = 0
  return {
    kind: inner.kind,
    initiator: inner.initiator,
    async send(frame) {
      // The inner link's own check must not be hidden by a drop or a cut.
      if (frame.length === 0 || frame.length > MAX_FRAME) return inner.send(frame)
      for (const spoiled of faults(frame)) await inner.send(spoiled)
      offered++
      if (offered === plan.closeAfter) inner.close('the fault plan closes here')
    },
    onFrame: (handler) => inner.onFrame(handler),
    onClose: (handler) => inner.onClose(handler),
    close: (reason) => inner.close(reason),
  }
}

/** Both directions spoiled, each by its own seed; for a pair of ends of one connection. */
export const faultyPair = (ends: readonly [Link, Link], plan: FaultPlan): [Link, Link] => [
  faultyLink(ends[0], plan),
  faultyLink(ends[1], { ...plan, seed: plan.seed + 1 }),
]

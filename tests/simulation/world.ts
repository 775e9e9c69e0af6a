/** What a simulated world is made of: people with computers in one group and its circles, a network, and what was promised. */
import { randomFillSync } from 'node:crypto'
import nacl from 'tweetnacl'
import type { Clock } from '../../shared/base/clock.ts'
import type { CircleId, DeviceId, DocumentId } from '../../shared/base/ids.ts'
import type { DeviceSecrets, Membership } from '../../shared/membership/state.ts'
import type { Carrier } from '../../shared/sync/carry.ts'
import type { MemoryStore } from '../../shared/sync/memory-store.ts'
import type { MemoryNetwork } from '../../shared/sync/memory-transport.ts'
import type { DocumentHandle, Replica } from '../../shared/sync/replica.ts'
import { documentId, type ManualTime } from '../../shared/sync/testing.ts'

export const PAPERS: readonly DocumentId[] = [documentId('a'), documentId('b')]
export const NAMES = ['ada', 'ben', 'cho', 'dee', 'eli', 'fay', 'gus', 'hal', 'ivy', 'jon', 'kim', 'lee'] as const
export const MAX_ACTORS = NAMES.length
export const MAX_BRANCHES = 6
export const MAX_CIRCLES = 2

export interface Hold {
  readonly circle: CircleId
  readonly membership: Membership
  readonly replica: Replica
  readonly papers: ReadonlyMap<DocumentId, DocumentHandle>
  readonly tend: { stop(): void }
}

/** One run of the program on a computer, from its start to its crash. */
export interface Running {
  readonly carrier: Carrier
  readonly holds: Map<CircleId, Hold>
  kill(): void
}

export interface Computer {
  readonly name: string
  readonly person: string
  readonly secrets: DeviceSecrets
  readonly clock: Clock
  /** By circle; what a crash leaves. */
  disks: Map<CircleId, MemoryStore>
  backup: { readonly disks: Map<CircleId, MemoryStore>; readonly at: number } | undefined
  running: Running | undefined
  isStarting: boolean
  /** Kills what is being started, too. */
  stop: () => void
}

/** A mark that a resolved flush promised to keep. Nobody ever deletes one. */
export interface Promised {
  readonly circle: CircleId
  readonly paper: DocumentId
  readonly mark: string
  readonly device: DeviceId
  /** The Yjs client it was written with: of one log. */
  readonly client: number
  readonly at: number
}

export interface World {
  readonly seed: number
  readonly random: () => number
  readonly time: ManualTime
  readonly network: MemoryNetwork
  readonly computers: Computer[]
  /** People who are not in the group yet. */
  readonly waiting: string[]
  readonly promised: Set<Promised>
  group: CircleId
  readonly circles: Set<CircleId>
  /** Computers that cannot reach each other are on different branches. */
  readonly branches: Map<string, number>
  /** Directed pairs on which nothing arrives, though the link stands. */
  readonly silent: Set<string>
  hostility: number
  /** Nothing goes wrong any more. */
  isResting: boolean
  /** Problems seen while it ran; any is a failure. */
  readonly problems: string[]
  readonly counts: Record<Count, number>
  /** TEATRAY_SIMULATE_LOG=1 */
  log(line: string): void
}

export type Count =
  | 'edits'
  | 'crashes'
  | 'restored'
  | 'spoiled'
  | 'replayed'
  | 'injected'
  | 'forged'
  | 'removals'
  | 'renewals'
  | 'admitted'
  | 'added'
  /** Admitted or added from now on. */
  | 'fromNow'
  | 'circles'
  | 'computers'
  | 'setAside'
  | 'forks'

export const NO_COUNTS: Readonly<Record<Count, number>> = {
  edits: 0,
  crashes: 0,
  restored: 0,
  spoiled: 0,
  replayed: 0,
  injected: 0,
  forged: 0,
  removals: 0,
  renewals: 0,
  admitted: 0,
  added: 0,
  fromNow: 0,
  circles: 0,
  computers: 0,
  setAside: 0,
  forks: 0,
}

export const pick = <Item>({ random }: Pick<World, 'random'>, items: readonly Item[]): Item | undefined =>
  items[Math.floor(random() * items.length)]

/** All randomness of the process comes from the seed until the returned function is called. */
export function seedEverything(random: () => number): () => void {
  const fill = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length; at++) bytes[at] = Math.floor(random() * 256)
  }
  Object.defineProperty(crypto, 'getRandomValues', {
    configurable: true,
    value: <T extends ArrayBufferView>(array: T): T => {
      fill(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
      return array
    },
  })
  nacl.setPRNG((bytes, length) => fill(bytes.subarray(0, length)))
  return () => {
    Reflect.deleteProperty(crypto, 'getRandomValues')
    nacl.setPRNG((bytes, length) => void randomFillSync(bytes.subarray(0, length)))
  }
}

export const runningHolds = (world: World): readonly { readonly computer: Computer; readonly hold: Hold }[] =>
  world.computers.flatMap((computer) =>
    [...(computer.running?.holds.values() ?? [])].map((hold) => ({ computer, hold })),
  )

export const isIn = ({ membership }: Pick<Hold, 'membership'>): boolean =>
  membership.state().devices.get(membership.secrets.device)?.present === true

export function must(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(sentence)
}

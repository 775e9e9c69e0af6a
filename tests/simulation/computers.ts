/** Computers that start, hold circles, take welcomes, crash, and are put back to an old copy of their disk. */
import type { Clock } from '../../shared/base/clock.ts'
import { describeThrown } from '../../shared/base/errors.ts'
import type { CircleId, DocumentId } from '../../shared/base/ids.ts'
import { openMembership } from '../../shared/membership/open.ts'
import type { DeviceSecrets, Membership } from '../../shared/membership/state.ts'
import { createCarrier, type Carrier } from '../../shared/sync/carry.ts'
import { createMemoryStore, type MemoryStore } from '../../shared/sync/memory-store.ts'
import { openReplica, type DocumentHandle } from '../../shared/sync/replica.ts'
import type { CircleStore, StoredEntry } from '../../shared/sync/store.ts'
import { tendCircle } from '../../shared/sync/tend-circle.ts'
import { mortal, type ManualTime } from '../../shared/sync/testing.ts'
import type { Welcome } from '../../shared/sync/welcome.ts'
import { decodeEntry } from '../../shared/wire/entry.ts'
import { checkWelcome } from '../../renderer/session/receive-welcome.ts'
import { syncSigner } from '../fixtures/sync-ed25519.ts'
import { PAPERS, type Computer, type Hold, type Running, type World } from './world.ts'

const TEN_YEARS = 10 * 365 * 86_400_000

/** Most clocks are a little wrong and some are years wrong; none decides anything. */
const skewedClock = ({ random, time }: World): Clock => {
  const by = random() < 0.3 ? (random() - 0.5) * 2 * TEN_YEARS : (random() - 0.5) * 600_000
  return { now: () => Math.max(0, Math.floor(time.now() + by)) }
}

export function createComputer(world: World, name: string, person: string, secrets: DeviceSecrets): Computer {
  const computer: Computer = {
    name,
    person,
    secrets,
    clock: skewedClock(world),
    disks: new Map(),
    backup: undefined,
    running: undefined,
    isStarting: false,
    stop: () => undefined,
  }
  world.computers.push(computer)
  for (const other of world.computers) reach(world, computer, other)
  return computer
}

/** Cut or healed as their branches say. */
export function reach(world: World, one: Computer, other: Computer): void {
  if (one === other) return
  const together = (world.branches.get(one.name) ?? 0) === (world.branches.get(other.name) ?? 0)
  world.network.setReachable(one.name, other.name, together)
}

interface Process {
  readonly world: World
  readonly computer: Computer
  readonly timers: ManualTime
  readonly running: Running
  readonly isDead: () => boolean
  readonly mortalOf: (disk: MemoryStore) => CircleStore
}

/** A write takes a while, and a crash before its end means that it never was. */
function slowDisk({ world, timers }: Process, store: CircleStore): CircleStore {
  const slowly = <Value>(write: () => Promise<Value>): Promise<Value> =>
    new Promise((resolve, reject) => {
      timers.after(Math.floor(world.random() * 20), () => void write().then(resolve, reject))
    })
  return {
    ...store,
    putRecords: (records) => slowly(() => store.putRecords(records)),
    putEntries: (entries, options) => slowly(() => store.putEntries(entries, options)),
    putSnapshot: (document, snapshot) => slowly(() => store.putSnapshot(document, snapshot)),
    setValue: (key, value) => slowly(() => store.setValue(key, value)),
  }
}

/** Nothing is sealed under a key that somebody absent was given, as far as the author could know when it was sealed. */
function watchSealing({ world, computer }: Process, membership: Membership, store: CircleStore): CircleStore {
  let before = membership.state()
  let latest = before
  membership.onChange(() => {
    before = latest
    latest = membership.state()
  })
  const check = ({ bytes, device }: StoredEntry): void => {
    const decoded = decodeEntry(bytes)
    if (device !== membership.secrets.device || !decoded.ok) return
    const { epoch } = decoded.value
    // Records may come between sealing and storing, so the state just before counts too.
    if (latest.epochs.get(epoch)?.clean === true || before.epochs.get(epoch)?.clean === true) return
    world.problems.push(`${computer.name} sealed something under a key that somebody absent was given`)
  }
  return {
    ...store,
    putEntries: (entries, options) => {
      if (options.durability === 'strict') for (const entry of entries) check(entry)
      return store.putEntries(entries, options)
    },
  }
}

async function openHold(process: Process, circle: CircleId): Promise<void> {
  const { world, computer, running, timers } = process
  const disk = computer.disks.get(circle)
  if (disk === undefined || process.isDead() || running.holds.has(circle)) return
  const slow = slowDisk(process, process.mortalOf(disk))
  const membership = await openMembership({ circle, secrets: computer.secrets, store: slow, signer: syncSigner })
  const { clock } = computer
  const log = (line: string): void => world.log(`${computer.name} ${circle.slice(0, 4)}: ${line}`)
  const store = watchSealing(process, membership, slow)
  const replica = await openReplica({ membership, store, signer: syncSigner, clock, timers, log })
  const papers = new Map<DocumentId, DocumentHandle>()
  for (const paper of PAPERS) papers.set(paper, await replica.openDocument(paper))
  if (process.isDead() || running.holds.has(circle)) return
  const group = circle === world.group ? undefined : running.holds.get(world.group)?.membership
  const tend = tendCircle({
    replica,
    ...(group === undefined ? {} : { group }),
    timers,
    random: world.random,
    log,
  })
  running.holds.set(circle, { circle, membership, replica, papers, tend })
  await running.carrier.addCircle(replica, circle === world.group ? {} : { group: world.group })
}

/** What somebody of the group says this computer is in: believed only as far as its records bear it out. */
function takeWelcomes(process: Process): (welcome: Welcome) => void {
  const { world, computer, running } = process
  const early = new Map<CircleId, Welcome>()
  let queue: Promise<void> = Promise.resolve()
  const take = async (welcome: Welcome): Promise<void> => {
    const { circle } = welcome
    const group = running.holds.get(world.group)?.membership
    if (group === undefined || process.isDead() || computer.disks.has(circle)) return
    const checked = await checkWelcome(group, syncSigner, welcome)
    if (!checked.ok) {
      if (checked.error === 'founder-unknown') early.set(circle, welcome)
      return world.log(`${computer.name} refused a circle: ${checked.error}`)
    }
    const disk = createMemoryStore()
    await slowDisk(process, process.mortalOf(disk)).putRecords(checked.value.records)
    if (process.isDead()) return
    computer.disks.set(circle, disk)
    await openHold(process, circle)
  }
  const receive = (welcome: Welcome): void => {
    queue = queue.then(() => take(welcome))
    queue.catch((thrown: unknown) => world.problems.push(`a welcome failed: ${describeThrown(thrown)}`))
  }
  running.holds.get(world.group)?.membership.onChange(() => {
    const again = [...early.values()]
    early.clear()
    for (const welcome of again) receive(welcome)
  })
  return receive
}

/** Not awaited by the world: starting may itself have to write, and that takes time. */
async function start(world: World, computer: Computer): Promise<void> {
  let dead = false
  const kills: (() => void)[] = []
  const timers: ManualTime = {
    ...world.time,
    // What a process had under way ends with it.
    after: (ms, run) => world.time.after(ms, () => (dead ? undefined : run())),
  }
  const transport = world.network.transport(computer.name)
  const carrier: Carrier = createCarrier({
    signer: syncSigner,
    clock: computer.clock,
    timers,
    log: (line) => world.log(`${computer.name}: ${line}`),
  })
  const kill = (): void => {
    dead = true
    for (const each of kills) each()
    transport.close()
  }
  computer.stop = kill
  const running: Running = { carrier, holds: new Map(), kill }
  const process: Process = {
    world,
    computer,
    timers,
    running,
    isDead: () => dead,
    mortalOf: (disk) => {
      const { store, kill: killStore } = mortal(disk)
      kills.push(killStore)
      return store
    },
  }
  await openHold(process, world.group)
  const receive = takeWelcomes(process)
  carrier.onWelcome(receive)
  for (const circle of computer.disks.keys()) await openHold(process, circle)
  if (process.isDead()) return
  carrier.setTransports([transport])
  opens.set(running, (circle) => openHold(process, circle))
  computer.isStarting = false
  computer.running = running
}

const opens = new WeakMap<Running, (circle: CircleId) => Promise<void>>()

/** A circle founded on this computer while it runs. */
export const openNew = (running: Running, circle: CircleId): Promise<void> =>
  opens.get(running)?.(circle) ?? Promise.resolve()

export function begin(world: World, computer: Computer): void {
  if (computer.running !== undefined || computer.isStarting) return
  computer.isStarting = true
  start(world, computer).catch((thrown: unknown) => {
    world.problems.push(`${computer.name} could not start: ${thrown instanceof Error ? thrown.stack : String(thrown)}`)
  })
}

export function crash(world: World, computer: Computer): void {
  computer.stop()
  computer.running = undefined
  computer.isStarting = false
  world.counts.crashes += 1
}

/** In good order: all that was typed is written first. */
export async function closeWell(world: World, computer: Computer): Promise<void> {
  const { running } = computer
  if (running === undefined) return
  computer.running = undefined
  for (const { tend } of running.holds.values()) tend.stop()
  const closing = running.carrier.close().then(async () => {
    for (const { replica } of running.holds.values()) await replica.close()
  })
  closing.catch(() => undefined)
  await world.time.pass(1000)
  crash(world, computer)
}

const copyOf = (computer: Computer): Map<CircleId, MemoryStore> =>
  new Map([...computer.disks].map(([circle, disk]) => [circle, disk.copy()]))

export function backUp(world: World, computer: Computer): void {
  computer.backup = { disks: copyOf(computer), at: world.time.now() }
}

/** An old copy of the whole profile is put back. What was written since and reached nobody is lost with the disk. */
export function restore(world: World, computer: Computer): void {
  const { backup } = computer
  if (backup === undefined) return
  crash(world, computer)
  computer.disks = backup.disks
  computer.backup = undefined
  for (const promise of world.promised) {
    if (promise.device === computer.secrets.device && promise.at >= backup.at) world.promised.delete(promise)
  }
  world.counts.restored += 1
}

export const holdOf = (computer: Computer, circle: CircleId): Hold | undefined => computer.running?.holds.get(circle)

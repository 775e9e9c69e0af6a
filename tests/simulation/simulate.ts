/** One seeded world from its founding to its rest; throws an Error with a sentence and the seed where an invariant fails. */
import { createCircle } from '../../shared/membership/create.ts'
import { createDeviceSecrets } from '../../shared/membership/identity.ts'
import { createMemoryStore } from '../../shared/sync/memory-store.ts'
import { createMemoryNetwork } from '../../shared/sync/memory-transport.ts'
import { seededRandom } from '../contracts/faulty-link.ts'
import { useFastNacl } from '../fixtures/fast-nacl.ts'
import { syncSigner } from '../fixtures/sync-ed25519.ts'
import { edit, gatherOne, healEverything, step } from './actors.ts'
import { begin, createComputer } from './computers.ts'
import { createFrameCourier } from './courier.ts'
import { checkAtRest, checkForGood, honestWorld } from './invariants.ts'
import { describeWorld } from './describe.ts'
import { createSimulatedTime } from './time.ts'
import { must, NAMES, NO_COUNTS, runningHolds, seedEverything, type Count, type World } from './world.ts'

export { MAX_ACTORS } from './world.ts'

export interface SimulationOptions {
  readonly seed: number
  /** People; some get a second computer. */
  readonly actors: number
  readonly steps: number
  readonly log?: (line: string) => void
}

export interface SimulationResult extends Record<Count, number> {
  readonly seed: number
  readonly actors: number
  readonly entries: number
  readonly records: number
  readonly acknowledged: number
  /** In the group at the end. */
  readonly present: number
}

/** Rounds in which the world may come to rest, and their milliseconds. */
const ROUNDS = 36
const ROUND = 20_000

async function createWorld({ seed, actors, log }: SimulationOptions, random: () => number): Promise<World> {
  const time = createSimulatedTime()
  const made: { world?: World } = {}
  const network = createMemoryNetwork({
    defer: (run) => void time.after(1 + Math.floor(random() * 4), run),
    // Links that are one too many are closed and found again for ever, so a world at rest looks for them less often.
    retry: (run) =>
      void time.after((made.world?.isResting === true ? 25_000 : 5000) + Math.floor(random() * 10_000), run),
    carry: createFrameCourier(() => {
      if (made.world === undefined) throw new Error('no world yet')
      return made.world
    }),
  })
  const [founder = 'ada', ...others] = NAMES.slice(0, actors)
  const secrets = await createDeviceSecrets(syncSigner)
  const group = await createCircle({
    secrets,
    kind: 'group',
    circleName: 'Tuesday group',
    founderName: founder,
    now: 1,
    signer: syncSigner,
  })
  const world: World = {
    seed,
    random,
    time,
    network,
    computers: [],
    waiting: others.toReversed(),
    promised: new Set(),
    group: group.circle,
    circles: new Set(),
    branches: new Map(),
    silent: new Set(),
    isResting: false,
    hostility: seed % 3 === 0 ? 0 : random() * 0.1,
    problems: [],
    counts: { ...NO_COUNTS },
    log: log ?? (() => undefined),
  }
  made.world = world
  const computer = createComputer(world, founder, founder, secrets)
  const disk = createMemoryStore()
  await disk.putRecords(group.records)
  computer.disks.set(group.circle, disk)
  begin(world, computer)
  await world.time.pass(100)
  await gather(world)
  return world
}

/** Most of a group is together before anything goes wrong. */
async function gather(world: World): Promise<void> {
  const [first] = world.computers
  for (let tries = 0; tries < 40 && world.waiting.length > world.seed % 2; tries++) {
    const hold = first?.running?.holds.get(world.group)
    if (hold !== undefined && first !== undefined) gatherOne(world, first, hold)
    await world.time.pass(300)
  }
}

/** A computer that is in everywhere writes once more: whoever is present can, and all others get it. */
function writeOnceMore(world: World): void {
  for (const { all } of honestWorld(world)) for (const { computer, hold } of all) edit(world, computer, hold)
}

async function comeToRest(world: World): Promise<void> {
  let problem: unknown
  for (let round = 0; round < ROUNDS; round++) {
    await world.time.pass(ROUND)
    try {
      checkAtRest(world)
      return
    } catch (thrown) {
      problem = thrown
    }
  }
  throw problem
}

const recordCount = (world: World): number =>
  runningHolds(world).reduce((sum, { hold }) => sum + hold.membership.hashes().size, 0)

export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const { seed, actors } = options
  const random = seededRandom(seed)
  const slowAgain = useFastNacl()
  const restore = seedEverything(seededRandom(seed + 1_000_003))
  let world: World | undefined
  try {
    world = await createWorld(options, random)
    for (let done = 0; done < options.steps; done++) await step(world)
    healEverything(world)
    await comeToRest(world)
    writeOnceMore(world)
    await comeToRest(world)
    const before = recordCount(world)
    await world.time.pass(60_000)
    must(recordCount(world) === before, 'the world does not come to rest: records go on being made')
    checkAtRest(world)
    await checkForGood(world)
    must(world.problems.length === 0, world.problems.join('; '))
    return await resultOf(world, actors)
  } catch (thrown) {
    if (world !== undefined) options.log?.(describeWorld(world))
    const seen = [thrown instanceof Error ? thrown.message : String(thrown), ...(world?.problems ?? [])].join('; ')
    throw new Error(`seed ${seed}, ${actors} actors, ${options.steps} steps: ${seen}`, { cause: thrown })
  } finally {
    for (const computer of world?.computers ?? []) computer.stop()
    restore()
    slowAgain()
  }
}

async function resultOf(world: World, actors: number): Promise<SimulationResult> {
  const honest = honestWorld(world)
  const [first] = honest
  let entries = 0
  for (const { circle, all } of honest) entries += (await all[0]?.computer.disks.get(circle)?.index())?.length ?? 0
  const forks = honest.reduce((sum, { forked }) => sum + forked.size, 0)
  const setAside = honest.reduce(
    (sum, { all }) => sum + all.reduce((count, { hold }) => count + hold.replica.setAside().length, 0),
    world.counts.setAside,
  )
  return {
    ...world.counts,
    seed: world.seed,
    actors,
    entries,
    records: first?.all[0]?.hold.membership.hashes().size ?? 0,
    acknowledged: world.promised.size,
    present: first?.all.length ?? 0,
    forks,
    setAside,
  }
}

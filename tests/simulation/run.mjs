// npm run simulate -- [--editing [--habits]] --seed N --actors K --steps S --seeds COUNT [--log]
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'

const text = (fallback) => ({ type: 'string', default: String(fallback) })
const { values } = parseArgs({
  options: {
    seed: text(1),
    seeds: text(1),
    actors: text(0),
    steps: text(0),
    // Not circles and their computers, but people who write in one paper.
    editing: { type: 'boolean', default: false },
    // With --editing: each paper's people do a few things again and again.
    habits: { type: 'boolean', default: false },
    log: { type: 'boolean', default: false },
  },
})
// Yjs freezes what it holds where it believes that it is being developed, and cannot freeze bytes.
process.env.NODE_ENV = 'production'
const load = async (name) => (await runnerImport(new URL(name, import.meta.url).pathname)).module

async function worlds() {
  const { simulate, MAX_ACTORS } = await load('./simulate.ts')
  const { worldOf } = await load('./seeds.ts')
  // Without --actors and --steps: the world that the tests make of this seed.
  return (seed, options) => {
    const usual = worldOf(seed)
    return simulate({ ...usual, ...options, actors: Math.min(options.actors ?? usual.actors, MAX_ACTORS) })
  }
}

async function papers() {
  const { simulateEditing } = await load('./editing/simulate.ts')
  const { habitsOf } = await load('./editing/actions.ts')
  return (seed, options) => simulateEditing({ seed, ...options, ...(values.habits ? { among: habitsOf(seed) } : {}) })
}

const run = values.editing ? await papers() : await worlds()
const asked = Object.fromEntries(
  ['actors', 'steps'].filter((name) => Number(values[name]) > 0).map((name) => [name, Number(values[name])]),
)

const first = Number(values.seed)
let failed = 0
for (let seed = first; seed < first + Number(values.seeds); seed++) {
  const started = Date.now()
  try {
    const result = await run(seed, { seed, ...asked, ...(values.log ? { log: console.log } : {}) })
    console.log(JSON.stringify({ ...result, ms: Date.now() - started }))
  } catch (thrown) {
    failed += 1
    console.log(`FAILED ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    if (values.seeds === '1' && thrown instanceof Error) console.log(thrown.cause)
  }
}
console.log(`${Number(values.seeds)} seeds, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

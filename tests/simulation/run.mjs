// npm run simulate -- --seed N --actors K --steps S --seeds COUNT [--log]
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'

const text = (fallback) => ({ type: 'string', default: String(fallback) })
const { values } = parseArgs({
  options: {
    seed: text(1),
    seeds: text(1),
    actors: text(0),
    steps: text(0),
    log: { type: 'boolean', default: false },
  },
})
const load = async (name) => (await runnerImport(new URL(name, import.meta.url).pathname)).module
const { simulate, MAX_ACTORS } = await load('./simulate.ts')
const { worldOf } = await load('./seeds.ts')

const first = Number(values.seed)
let failed = 0
for (let seed = first; seed < first + Number(values.seeds); seed++) {
  const usual = worldOf(seed)
  // Without --actors and --steps: the world that the tests make of this seed.
  const actors = Math.min(Number(values.actors) || usual.actors, MAX_ACTORS)
  const steps = Number(values.steps) || usual.steps
  const started = Date.now()
  try {
    const result = await simulate({ seed, actors, steps, ...(values.log ? { log: console.log } : {}) })
    console.log(JSON.stringify({ ...result, ms: Date.now() - started }))
  } catch (thrown) {
    failed += 1
    console.log(`FAILED ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    if (values.seeds === '1' && thrown instanceof Error) console.log(thrown.cause)
  }
}
console.log(`${Number(values.seeds)} seeds, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

// npm run simulate -- --seed N --actors K --steps S --seeds COUNT
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'

const text = (fallback) => ({ type: 'string', default: String(fallback) })
const { values } = parseArgs({ options: { seed: text(1), seeds: text(1), actors: text(4), steps: text(200) } })
const { module } = await runnerImport(new URL('./world.ts', import.meta.url).pathname)

const first = Number(values.seed)
const actors = Math.min(Number(values.actors), module.MAX_ACTORS)
for (let seed = first; seed < first + Number(values.seeds); seed++) {
  const started = Date.now()
  const result = await module.simulate({ seed, actors, steps: Number(values.steps) })
  console.log(JSON.stringify({ ...result, ms: Date.now() - started }))
}
process.exit(0)

// npm run bench [-- --only trace,strokes,papers,lan,rows,crypto,resolver,removal,bundle,finding,writing,group] [--quick] [--out FILE]. Prints one table.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ensureBuilt, ensureInstalled } from '../../electron/launcher/prepare.mjs'

ensureInstalled()
ensureBuilt()

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
})
// Node 20 does not run TypeScript.
const { runnerImport } = await import('vite')
const load = async (name) => (await runnerImport(new URL(name, import.meta.url).pathname)).module
const { bench, surroundings, NAMES } = await load('./bench.ts')
const { table } = await load('./table.ts')

const only = values.only.split(',').filter(Boolean)
if (!only.every((name) => NAMES.includes(name))) {
  console.error(`npm run bench -- --only ${NAMES.join(',')}`)
  process.exit(2)
}
const header = `Teatray bench: ${surroundings()}${values.quick ? ', quick (cut short)' : ''}`
console.error(header)
const { rows, failed } = await bench({ only, quick: values.quick, onStart: (name) => console.error(`  ${name}…`) })
const text = `${header}\n\n${table(rows)}\n`
console.log(text)
if (values.out !== undefined) writeFileSync(values.out, text)
process.exit(failed === 0 ? 0 : 1)

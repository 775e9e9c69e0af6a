// npm run demo [-- --out DIR] [--pictures]. Two installations tell the whole story, headless, on this one computer. --pictures also
// renews the pictures of README.md. The last line is one line of JSON.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBuilt, ensureInstalled, root } from '../../electron/launcher/prepare.mjs'
import { findChromium, NO_CHROMIUM } from '../browser/find-chromium.mjs'

function readOptions() {
  try {
    return parseArgs({ options: { out: { type: 'string' }, pictures: { type: 'boolean', default: false } } }).values
  } catch (thrown) {
    console.error(`${thrown.message}\nnpm run demo -- [--out DIR] [--pictures]`)
    process.exit(2)
  }
}

function finish(result) {
  process.exitCode = result.converged ? 0 : 1
  console.log(JSON.stringify(result))
}

const options = readOptions()
const out = resolve(options.out ?? join(root, 'demo-output'))
const result = join(out, 'result.json')

ensureInstalled()
ensureBuilt()
const chromium = findChromium()
mkdirSync(out, { recursive: true })
// Only what an earlier run of the demo wrote; the folder may be somebody's own.
const OURS = /^(\d\d-[a-z-]+\.png|(alice|bob)\.txt|result\.json)$/
for (const name of readdirSync(out)) if (OURS.test(name)) rmSync(join(out, name))

if (chromium === undefined) {
  console.error(NO_CHROMIUM)
  finish({ converged: false, problem: 'no browser' })
} else {
  const program = join(root, 'node_modules', '@playwright', 'test', 'cli.js')
  const done = spawnSync(process.execPath, [program, 'test', '-c', join(root, 'tests/demo/playwright.config.ts')], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: {
      ...process.env,
      TEATRAY_CHROMIUM: chromium,
      TEATRAY_DEMO_OUT: out,
      TEATRAY_DEMO_PICTURES: options.pictures ? join(root, 'resources', 'pictures') : '',
    },
  })
  console.log(`The pictures and both texts are in ${relative(process.cwd(), out) || '.'}`)
  const told = existsSync(result) ? JSON.parse(readFileSync(result, 'utf8')) : { problem: 'the story did not end' }
  finish({ ...told, converged: done.status === 0 && told.converged === true })
}

// npm run faults [-- --seed N --kills K] [--only kills,joining,files,rows,disk,old-copy] [--out FILE]. Whole installations in a real
// browser, and everything that can happen to them; prints one table. The same seed draws the same moments.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBuilt, ensureInstalled, root } from '../../electron/launcher/prepare.mjs'
import { findChromium, NO_CHROMIUM } from '../browser/find-chromium.mjs'

const FAULTS = ['kills', 'joining', 'files', 'rows', 'disk', 'old-copy']
const USAGE = `npm run faults -- [--seed N] [--kills K] [--only ${FAULTS.join(',')}] [--out FILE]`

function stop(words) {
  console.error(words)
  process.exit(2)
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: 'string' },
        kills: { type: 'string', default: '50' },
        only: { type: 'string', default: FAULTS.join(',') },
        out: { type: 'string' },
      },
    })
    const seed = values.seed ?? String(Date.now() % 1_000_000)
    const only = values.only.split(',')
    if (![seed, values.kills].every((one) => /^\d+$/.test(one)) || !only.every((one) => FAULTS.includes(one)))
      stop(USAGE)
    return { ...values, seed, only }
  } catch (thrown) {
    return stop(`${thrown.message}\n${USAGE}`)
  }
}

const { seed, kills, only, out } = readOptions()
ensureInstalled()
ensureBuilt()
const chromium = findChromium() ?? stop(NO_CHROMIUM)
// Node 20 does not run TypeScript.
const { runnerImport } = await import('vite')
const { faultTable } = (await runnerImport(new URL('./report.ts', import.meta.url).pathname)).module

console.log(`seed ${seed}, ${kills} kills`)
const began = Date.now()
const folder = mkdtempSync(join(tmpdir(), 'teatray-faults-'))
const rows = join(folder, 'rows')
const done = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules', '@playwright', 'test', 'cli.js'),
    'test',
    '-c',
    join(root, 'tests/faults/playwright.config.ts'),
    ...only.map((name) => `/${name}.spec.ts`),
  ],
  {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: {
      ...process.env,
      TEATRAY_CHROMIUM: chromium,
      TEATRAY_FAULTS_SEED: seed,
      TEATRAY_FAULTS_KILLS: kills,
      TEATRAY_FAULTS_OUT: rows,
    },
  },
)
const found = existsSync(rows)
  ? readFileSync(rows, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  : []
rmSync(folder, { recursive: true })
const minutes = ((Date.now() - began) / 60_000).toFixed(1)
const text = `Teatray faults: seed ${seed}, ${kills} kills, ${minutes} minutes${done.status === 0 ? '' : ', NOT ALL AS IT SHOULD BE'}\n\n${faultTable(found)}\n`
console.log(text)
if (out !== undefined) writeFileSync(out, text)
process.exit(done.status === 0 ? 0 : 1)

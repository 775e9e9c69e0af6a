// npm test [-- --only static|unit|contracts|simulation|packaging|e2e]. On a fresh machine it does all its own set-up. A part
// that fails does not keep the others from being run. Last come the names of what failed, with their sentences; the very last
// line is always "N passed, N failed", of vitest's and Playwright's tests and, where one of them fails, of the checks.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, ensureNode, install, root } from '../electron/launcher/prepare.mjs'
import { findChromium, NO_CHROMIUM } from './browser/find-chromium.mjs'
import { failuresOfPlaywright, failuresOfVitest, lastWords } from './last-words.mjs'

const PARTS = ['static', 'unit', 'contracts', 'simulation', 'packaging', 'e2e']
const E2E_CONFIG = 'tests/e2e/playwright.config.ts'
/** Of what a program printed, enough to find what it complained of. */
const KEPT_OUTPUT = 1_000_000

const started = Date.now()
const counts = { passed: 0, failed: 0, skipped: 0 }
/** What was run, in the order in which it ended. */
const done = []

/** The parts asked for; ends the process where there is no such part. */
function readOnly(args) {
  if (args.length === 0) return PARTS
  const wanted = args[0] === '--only' ? args.slice(1) : []
  if (wanted.length > 0 && wanted.every((part) => PARTS.includes(part))) return PARTS.filter((p) => wanted.includes(p))
  console.error(`npm test -- --only ${PARTS.join('|')}`)
  process.exit(2)
}

const bin = (name) => join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name)

/** What it prints is shown as it comes. */
async function run(program, args, { environment = {} } = {}) {
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['inherit', 'pipe', 'pipe'],
    env: { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}), ...environment },
    shell: program.endsWith('.cmd'),
  })
  let output = ''
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    from.on('data', (chunk) => {
      output = `${output}${chunk}`.slice(-KEPT_OUTPUT)
      to.write(chunk)
    })
  }
  const status = await new Promise((resolve) => {
    child.once('error', (error) => {
      output += error.message
      resolve(1)
    })
    child.once('close', resolve)
  })
  return { ok: status === 0, output }
}

const readReport = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined)

/** Adds up a report; a run that failed without naming a test counts as one failure. */
function count(ok, { passed = 0, failed = 0, skipped = 0 } = {}) {
  counts.passed += passed
  counts.failed += failed === 0 && !ok ? 1 : failed
  counts.skipped += skipped
}

async function check(program, args) {
  const result = await run(program, args)
  if (!result.ok) count(false)
  return result
}

async function vitest(project, reports, options) {
  const file = join(reports, `${project}.json`)
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const { ok, output } = await run(bin('vitest'), args, options)
  const report = readReport(file)
  count(ok, {
    passed: report?.numPassedTests,
    failed: report?.numFailedTests,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  })
  return { ok: ok && report !== undefined, output, failures: failuresOfVitest(report) }
}

async function playwright(reports, options) {
  const file = join(reports, 'e2e.json')
  const args = ['test', '-c', E2E_CONFIG, '--reporter=list,json']
  const environment = { ...options.environment, PLAYWRIGHT_JSON_OUTPUT_FILE: file }
  const { ok, output } = await run(bin('playwright'), args, { ...options, environment })
  const report = readReport(file)
  const stats = report?.stats
  count(ok, {
    passed: (stats?.expected ?? 0) + (stats?.flaky ?? 0),
    failed: stats?.unexpected,
    skipped: stats?.skipped,
  })
  return { ok: ok && stats !== undefined, output, ...failuresOfPlaywright(report) }
}

/** Our own set-up as a part, so that its failure too ends in the closing line. */
function prepare(make) {
  const ok = make()
  if (!ok) count(false)
  return { ok, output: 'the lines above say why' }
}

/** Keeps what came of it; false where it failed. */
async function part(name, make) {
  const began = Date.now()
  const result = await make()
  done.push({ name, seconds: (Date.now() - began) / 1000, ...result })
  return result.ok
}

function finish() {
  for (const line of lastWords(done)) console.log(line)
  console.log(`${((Date.now() - started) / 1000).toFixed(0)} s in all`)
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
  process.exitCode = done.every(({ ok }) => ok) ? 0 : 1
  console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`)
}

const NEEDS_BUILD = ['contracts', 'packaging', 'e2e']
const NEEDS_BROWSER = ['contracts', 'e2e']

ensureNode()
const parts = readOnly(process.argv.slice(2))
const needs = (list) => parts.some((name) => list.includes(name))
let chromium = ''

/** Installs, and finds the browser before minutes have been spent on what comes first. */
async function setUp() {
  if (!(await part('libraries (npm ci)', () => prepare(install)))) return false
  if (!needs(NEEDS_BROWSER)) return true
  chromium = findChromium() ?? ''
  return chromium !== '' || part('a browser', () => prepare(() => (console.error(NO_CHROMIUM), false)))
}

async function runParts(reports) {
  const environment = chromium === '' ? {} : { TEATRAY_CHROMIUM: chromium, TEATRAY_BROWSER: chromium }
  const when = (name, make) => (parts.includes(name) ? part(name, make) : true)
  // What is cheap and needs no build comes first.
  if (parts.includes('static')) {
    await part('types (tsc -b)', () => check(bin('tsc'), ['-b']))
    await part('format (oxfmt --check)', () => check(bin('oxfmt'), ['--check']))
    await part('lint (oxlint --type-aware)', () => check(bin('oxlint'), ['--type-aware', '--quiet']))
  }
  await when('unit', () => vitest('unit', reports, { environment }))
  const isBuilt = !needs(NEEDS_BUILD) || (await part('build', () => prepare(build)))
  // One after the other: what waits for connections in contracts is late where worlds are simulated beside it, and no time is gained.
  await when('simulation', () => vitest('simulation', reports, { environment }))
  if (!isBuilt) return
  await when('contracts', () => vitest('contracts', reports, { environment }))
  await when('packaging', () => check(process.execPath, ['tests/packaging/check.mjs']))
  await when('e2e', () => playwright(reports, { environment }))
}

const reports = mkdtempSync(join(tmpdir(), 'teatray-reports-'))
try {
  if (await setUp()) await runParts(reports)
} finally {
  rmSync(reports, { recursive: true, force: true })
}
finish()

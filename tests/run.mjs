// npm test [-- --only static|unit|contracts|simulation|packaging|e2e]. On a fresh machine it does all its own set-up. The
// last line is always "N passed, N failed", of vitest's and Playwright's tests and, where one of them fails, of the checks.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, ensureNode, install, root } from '../electron/launcher/prepare.mjs'
import { findChromium, NO_CHROMIUM } from './browser/find-chromium.mjs'

const PARTS = ['static', 'unit', 'contracts', 'simulation', 'packaging', 'e2e']
const E2E_CONFIG = 'tests/e2e/playwright.config.ts'

const started = Date.now()
const counts = { passed: 0, failed: 0, skipped: 0 }
const summary = []

/** The parts asked for; ends the process where there is no such part. */
function readOnly(args) {
  if (args.length === 0) return PARTS
  const wanted = args[0] === '--only' ? args.slice(1) : []
  if (wanted.length > 0 && wanted.every((part) => PARTS.includes(part))) return PARTS.filter((p) => wanted.includes(p))
  console.error(`npm test -- --only ${PARTS.join('|')}`)
  process.exit(2)
}

const bin = (name) => join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name)

function run(program, args, environment = {}) {
  const done = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
    shell: program.endsWith('.cmd'),
  })
  return done.status === 0
}

const readReport = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined)

/** Adds up a report; a run that failed without naming a test counts as one failure. */
function count(ok, { passed = 0, failed = 0, skipped = 0 } = {}) {
  counts.passed += passed
  counts.failed += failed === 0 && !ok ? 1 : failed
  counts.skipped += skipped
}

function check(name, program, args) {
  const ok = run(program, args)
  if (!ok) count(false)
  return { name, ok }
}

function vitest(project, reports, environment) {
  const file = join(reports, `${project}.json`)
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const ok = run(bin('vitest'), args, environment)
  const report = readReport(file)
  count(ok, {
    passed: report?.numPassedTests,
    failed: report?.numFailedTests,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  })
  return { name: project, ok: ok && report !== undefined }
}

function playwright(reports, environment) {
  const file = join(reports, 'e2e.json')
  const args = ['test', '-c', E2E_CONFIG, '--reporter=list,json']
  const ok = run(bin('playwright'), args, { ...environment, PLAYWRIGHT_JSON_OUTPUT_FILE: file })
  const stats = readReport(file)?.stats
  count(ok, {
    passed: (stats?.expected ?? 0) + (stats?.flaky ?? 0),
    failed: stats?.unexpected,
    skipped: stats?.skipped,
  })
  return { name: 'e2e', ok: ok && stats !== undefined }
}

/** Our own set-up as a step, so that its failure too ends in the closing line. */
function prepare(name, make) {
  const ok = make()
  if (!ok) count(false)
  return { name, ok }
}

const steps = (reports, environment) => ({
  static: [
    () => check('types (tsc -b)', bin('tsc'), ['-b']),
    () => check('format (oxfmt --check)', bin('oxfmt'), ['--check']),
    () => check('lint (oxlint --type-aware)', bin('oxlint'), ['--type-aware', '--quiet']),
  ],
  unit: [() => vitest('unit', reports, environment)],
  contracts: [() => vitest('contracts', reports, environment)],
  simulation: [() => vitest('simulation', reports, environment)],
  packaging: [() => check('packaging', process.execPath, ['tests/packaging/check.mjs'])],
  e2e: existsSync(join(root, E2E_CONFIG)) ? [() => playwright(reports, environment)] : [],
})

/** Runs one after the other and stops at the first that fails. */
function runAll(list) {
  for (const step of list) {
    const began = Date.now()
    const { name, ok } = step()
    summary.push(`${ok ? 'ok    ' : 'FAILED'}  ${name}  ${((Date.now() - began) / 1000).toFixed(1)} s`)
    if (!ok) return false
  }
  return true
}

function finish(ok) {
  for (const line of summary) console.log(line)
  console.log(`${((Date.now() - started) / 1000).toFixed(0)} s in all`)
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
  process.exitCode = ok ? 0 : 1
  console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`)
}

const NEEDS_BUILD = ['contracts', 'packaging', 'e2e']
const NEEDS_BROWSER = ['contracts', 'e2e']

ensureNode()
const parts = readOnly(process.argv.slice(2))
const needs = (list) => parts.some((part) => list.includes(part))

/** Installs, and finds the browser before minutes have been spent on what comes first. */
function setUp() {
  if (!prepare('libraries (npm ci)', install).ok) return undefined
  const chromium = needs(NEEDS_BROWSER) ? findChromium() : ''
  if (chromium !== undefined) return chromium === '' ? {} : { TEATRAY_CHROMIUM: chromium, TEATRAY_BROWSER: chromium }
  console.error(NO_CHROMIUM)
  count(false)
  return undefined
}

const environment = setUp()
if (environment === undefined) finish(false)
else {
  const reports = mkdtempSync(join(tmpdir(), 'teatray-reports-'))
  try {
    const wanted = steps(reports, environment)
    const building = needs(NEEDS_BUILD) ? [() => prepare('build', build)] : []
    // What is cheap and needs no build comes first.
    const cheap = parts.filter((part) => part === 'static' || part === 'unit')
    const rest = parts.filter((part) => !cheap.includes(part))
    finish(runAll([...cheap.flatMap((part) => wanted[part]), ...building, ...rest.flatMap((part) => wanted[part])]))
  } finally {
    rmSync(reports, { recursive: true, force: true })
  }
}

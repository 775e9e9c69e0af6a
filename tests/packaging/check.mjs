// Packs the app around a stand-in Electron (so nothing is downloaded) and looks at what is inside.
import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import asar from '@electron/asar'
import { ensureBuilt, ensureInstalled } from '../../electron/launcher/prepare.mjs'
import { packageClosure, problemsOf } from './contents.mjs'

const root = resolve(import.meta.dirname, '..', '..')
const ARCH = process.arch === 'arm64' ? 'arm64' : 'x64'
const MINUTES = 5

function makeStandIn(folder) {
  const version = JSON.parse(readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8')).version
  mkdirSync(join(folder, 'locales'), { recursive: true })
  mkdirSync(join(folder, 'resources'))
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'locales/en-US.pak']) writeFileSync(join(folder, name), '')
  writeFileSync(join(folder, 'version'), version)
  writeFileSync(join(folder, 'electron'), fuseWire())
  chmodSync(join(folder, 'electron'), 0o755)
}

/** Electron's fuses are bytes behind a fixed text in its program; electron-builder flips them there. */
function fuseWire() {
  const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
  return Buffer.concat([Buffer.from(sentinel), Buffer.from([1, 9]), Buffer.from('1'.repeat(9))])
}

function pack(electron, output) {
  const program = join(root, 'node_modules', 'electron-builder', 'out', 'cli', 'cli.js')
  const args = [
    program,
    '--dir',
    '--linux',
    `--${ARCH}`,
    `-c.electronDist=${electron}`,
    `-c.directories.output=${output}`,
  ]
  const done = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', timeout: MINUTES * 60_000 })
  if (done.status === 0) return
  console.error(done.stdout, done.stderr)
  throw new Error(done.error?.message ?? `electron-builder ended with ${done.status ?? done.signal}`)
}

/** Packages that the built host imports and that are not in the bundle. */
function importedPackages() {
  const folder = join(root, 'out', 'main')
  const names = new Set()
  const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.js'))
  for (const file of files) {
    const code = readFileSync(join(folder, file), 'utf8')
    for (const [, id] of code.matchAll(/(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*["']([^"'\s]+)["']/g)) {
      if (id.startsWith('.') || id.startsWith('node:') || builtinModules.includes(id) || id === 'electron') continue
      names.add(
        id
          .split('/')
          .slice(0, id.startsWith('@') ? 2 : 1)
          .join('/'),
      )
    }
  }
  return [...names]
}

/**
 * Takes the archive apart and starts the browser host from it, in Node: what was left out by mistake would be missed here.
 * Resolves with a problem, or nothing.
 */
async function startFrom(archive) {
  const app = join(work, 'app')
  asar.extractAll(archive, app)
  const args = [join(app, 'out', 'main', 'node-main.js'), '--no-window', '--profile', join(work, 'profile')]
  const host = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const settled = new Promise((resolve) => {
    host.stderr.on('data', (chunk) => (output += chunk))
    host.stdout.once('data', (chunk) => resolve(String(chunk).startsWith('{"url":') ? [] : [`it printed ${chunk}`]))
    host.once('exit', (code) => resolve([`the packed host ended with ${code}: ${output}`]))
    setTimeout(() => resolve([`the packed host did not start: ${output}`]), 30_000).unref()
  })
  const problems = await settled
  host.kill()
  return problems
}

function fusesOf(program) {
  const bytes = readFileSync(program)
  const at = bytes.indexOf('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX') + 34
  return bytes.subarray(at, at + 8).toString('latin1')
}

ensureInstalled()
ensureBuilt()
const work = mkdtempSync(join(tmpdir(), 'teatray-packaging-'))
try {
  const electron = join(work, 'electron')
  makeStandIn(electron)
  pack(electron, join(work, 'dist'))
  const unpacked = join(work, 'dist', ARCH === 'arm64' ? 'linux-arm64-unpacked' : 'linux-unpacked')
  const archive = join(unpacked, 'resources', 'app.asar')
  const files = asar
    .listPackage(archive, { isPack: false })
    .map((name) => name.replaceAll('\\', '/').replace(/^\//, ''))
    .filter((name) => !('files' in asar.statFile(archive, name)))
  const needed = packageClosure(importedPackages(), root)
  const problems = problemsOf(files, needed, `linux-${ARCH}`)
  const native = join(
    dirname(archive),
    'app.asar.unpacked',
    'node_modules',
    'sodium-native',
    'prebuilds',
    `linux-${ARCH}`,
  )
  for (const name of files.filter((file) => file.startsWith('out/renderer/') && file.endsWith('.js'))) {
    // renderer/session/tap.ts is for the canary test's own build.
    if (asar.extractFile(archive, name).includes('teatrayTap')) problems.push(`${name} has the test's tap`)
  }
  if (!existsSync(native)) problems.push('sodium-native is not beside the archive, where it can be loaded')
  // RunAsNode, cookie encryption, NODE_OPTIONS, inspect, asar integrity, only from asar, (snapshot), file privileges.
  const fuses = fusesOf(join(unpacked, 'teatray'))
  if (!/^010011.0$/.test(fuses)) problems.push(`the fuses read ${fuses}`)
  problems.push(...(await startFrom(archive)))
  for (const problem of problems) console.error(`packaging: ${problem}`)
  console.log(`packaging: ${files.length} files, ${needed.length} packages, ${problems.length} problems`)
  process.exitCode = problems.length === 0 ? 0 : 1
} finally {
  rmSync(work, { recursive: true, force: true })
}

// What `npm start`, `npm test` and `npm run signaling` need before anything else: the libraries and the build. Node's own
// modules only, because on a fresh clone there is nothing else.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..', '..')

const OLDEST_NODE = [20, 19]

/** Ends the process with a sentence where this Node is too old. */
export function ensureNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return
  stop(`Teatray needs Node ${OLDEST_NODE.join('.')} or newer; this is Node ${version}.`)
}

function stop(sentence) {
  console.error(sentence)
  process.exit(1)
}

const readJson = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined)

/**
 * True where everything the lockfile names is installed in just that version. The times of the files would say nothing
 * after a checkout. Optional packages may belong to other systems.
 */
export function isInstalled(directory = root) {
  const wanted = readJson(join(directory, 'package-lock.json'))?.packages ?? {}
  const present = readJson(join(directory, 'node_modules', '.package-lock.json'))?.packages
  if (present === undefined) return false
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' || entry.optional || entry.devOptional || entry.link || present[path]?.version === entry.version,
  )
}

/** Installs what is missing. False where that fails. */
export function install() {
  if (isInstalled()) return true
  console.error('Fetching the libraries Teatray is built from (npm ci)…')
  const npm = process.env.npm_execpath
  const args = ['ci', '--no-audit', '--no-fund']
  const isScript = npm !== undefined && /\.c?js$/.test(npm)
  const done = isScript
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  return done.status === 0
}

/** Installs what is missing; ends the process with a sentence where that fails. */
export function ensureInstalled() {
  ensureNode()
  if (!install()) stop('The libraries could not be fetched. Is this computer online? Then try again.')
}

const SOURCES = ['electron', 'renderer', 'shared', 'resources', 'electron.vite.config.ts', 'package.json']
const BUILT = ['main/main.js', 'main/node-main.js', 'main/signaling.js', 'preload/preload.cjs', 'renderer/index.html']

/** Milliseconds since 1970 of the newest file; tests are not part of the build. */
function newest(path) {
  const entry = statSync(path)
  if (!entry.isDirectory()) return /\.test\.tsx?$/.test(path) ? 0 : entry.mtimeMs
  return readdirSync(path).reduce((time, name) => Math.max(time, newest(join(path, name))), 0)
}

export function isBuilt(directory = root) {
  const files = BUILT.map((name) => join(directory, 'out', name))
  if (!files.every((file) => existsSync(file))) return false
  const built = Math.min(...files.map((file) => statSync(file).mtimeMs))
  const sources = SOURCES.map((name) => join(directory, name)).filter((path) => existsSync(path))
  return sources.every((path) => newest(path) <= built)
}

/** Builds where out/ is missing or older than the sources. False, with the builder's words, where that fails. */
export function build() {
  if (isBuilt()) return true
  console.error('Building Teatray…')
  const program = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const done = spawnSync(process.execPath, [program, 'build'], { cwd: root, encoding: 'utf8' })
  if (done.status !== 0) console.error(done.stdout, done.stderr)
  return done.status === 0
}

/** As build(); ends the process where that fails. */
export function ensureBuilt() {
  if (!build()) stop('Teatray could not be built; the lines above say why.')
}

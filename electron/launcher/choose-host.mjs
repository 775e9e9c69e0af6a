// Electron where it is or can be had, else the browser host; and the one line that says which and why.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * The pure choice. `madeIn`: the host an installation already lives in, whose data the other could not see.
 * @param {{ noWindow: boolean, madeIn: 'electron' | 'browser' | undefined, hasElectron: () => boolean }} facts
 * @returns {{ host: 'electron' | 'browser' | 'none', why: string }}
 */
export function chooseHost({ noWindow, madeIn, hasElectron }) {
  if (madeIn === 'browser') {
    return { host: 'browser', why: 'Teatray opens in an installed browser, because this installation began there.' }
  }
  if (madeIn === 'electron') {
    if (noWindow) return { host: 'none', why: 'This installation lives in Electron; --no-window needs one of its own.' }
    if (hasElectron()) return { host: 'electron', why: 'Teatray opens in Electron, where this installation began.' }
    return {
      host: 'none',
      why: 'This installation began in Electron, which is not here and could not be fetched. Nothing has been changed; try again when this computer is online.',
    }
  }
  if (noWindow) return { host: 'browser', why: 'Teatray serves a browser of your choice, because of --no-window.' }
  if (hasElectron()) return { host: 'electron', why: 'Teatray opens in Electron.' }
  return {
    host: 'browser',
    why: 'Teatray opens in an installed browser, because Electron is not here and could not be fetched.',
  }
}

/** What installation.json says; a file that cannot be read is left for the host to explain. */
export function madeIn(profile) {
  try {
    const { kind } = JSON.parse(readFileSync(join(profile, 'installation.json'), 'utf8'))
    return kind === 'electron' || kind === 'browser' ? kind : undefined
  } catch (thrown) {
    return thrown.code === 'ENOENT' ? undefined : 'browser'
  }
}

const FETCH_SECONDS = 120
const DAY = 24 * 60 * 60 * 1000

/** The program, or undefined. */
export function electronProgram(root) {
  const folder = join(root, 'node_modules', 'electron')
  const named = join(folder, 'path.txt')
  const program = existsSync(named) ? readFileSync(named, 'utf8') : 'electron'
  const path = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), program)
  return existsSync(path) ? path : undefined
}

/** Tries to fetch the binary, once a day at most and never for longer than FETCH_SECONDS. */
export function fetchElectron(root, now = Date.now()) {
  const mark = join(root, 'node_modules', '.cache', 'teatray', 'electron-tried')
  if (existsSync(mark) && now - statSync(mark).mtimeMs < DAY) return
  mkdirSync(dirname(mark), { recursive: true })
  writeFileSync(mark, '')
  console.error(`Fetching Electron (about 110 MB, for at most ${FETCH_SECONDS} seconds)…`)
  spawnSync(process.execPath, [join(root, 'node_modules', 'electron', 'install.js')], {
    cwd: root,
    stdio: 'ignore',
    timeout: FETCH_SECONDS * 1000,
    killSignal: 'SIGKILL',
  })
}

/** Runs until Electron ends; resolves with its exit code. */
export function runElectron(program, root, profile) {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const child = spawn(program, [root, `--profile=${profile}`, ...asRoot], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => {
    child.once('error', () => resolve(1))
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

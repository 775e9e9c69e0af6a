/**
 * One installation of Teatray as a person has it: its own profile folder, host process and browser. Killing either is real.
 * In a network namespace both run inside it; Playwright still reaches the browser, because it talks to it over a pipe.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { _electron, chromium, type BrowserContext, type Page } from '@playwright/test'
import { electronProgram } from '../../electron/launcher/choose-host.mjs'
import { CHROMIUM_FLAGS } from '../browser/chromium.ts'

const ROOT = resolve(import.meta.dirname, '../..')

export type HostKind = 'browser' | 'electron'

export interface InstallationOptions {
  readonly name: string
  /** 'browser' where it is not named. */
  readonly host?: HostKind
  /** A network namespace that exists already. */
  readonly namespace?: string
  readonly profile?: string
  /** Folder that holds main/, preload/ and renderer/; the product's own build unless a test made another. */
  readonly built?: string
  readonly environment?: Readonly<Record<string, string>>
  /** Told before the page is opened, so that nothing it does is missed. Electron opens its page by itself, so there it is after. */
  readonly onPage?: (page: Page) => void
}

export interface Installation {
  readonly name: string
  readonly profile: string
  readonly page: Page
  readonly context: BrowserContext
  readonly host: ChildProcess
  /** What the host printed, for assertions about its log. */
  readonly hostLog: () => string
  /** Closes window and host as a person would. */
  close(): Promise<void>
  /** kill -9 of browser and host, or of one of them; in Electron they are one. The profile stays. */
  kill(what?: 'both' | 'browser' | 'host'): Promise<void>
}

/** Debian's /usr/bin/chromium is a shell script around this one; a killed script would leave the browser running. */
const DEBIAN_SCRIPT = '/usr/bin/chromium'
const DEBIAN_PROGRAM = '/usr/lib/chromium/chromium'
const NAMED = process.env['TEATRAY_CHROMIUM'] ?? (existsSync(DEBIAN_SCRIPT) ? DEBIAN_SCRIPT : undefined)
const CHROMIUM = NAMED === DEBIAN_SCRIPT && existsSync(DEBIAN_PROGRAM) ? DEBIAN_PROGRAM : NAMED

const BROWSER_ARGUMENTS = [...CHROMIUM_FLAGS, '--no-sandbox', '--disable-extensions', '--password-store=basic']

/** `executablePath` for Playwright: the browser itself, or a script that starts it inside the namespace. */
function browserFor(profile: string, namespace: string | undefined): { executablePath?: string } {
  if (namespace === undefined) return CHROMIUM === undefined ? {} : { executablePath: CHROMIUM }
  const script = join(profile, `browser-in-${namespace}.sh`)
  writeFileSync(script, `#!/bin/sh\nexec ip netns exec ${namespace} ${CHROMIUM ?? chromium.executablePath()} "$@"\n`)
  chmodSync(script, 0o755)
  return { executablePath: script }
}

/** Where the browser writes what is downloaded, each under a name of its own. */
export const downloadsOf = (profile: string): string => join(profile, 'test-downloads')

export const newProfile = (name: string): string => mkdtempSync(join(tmpdir(), `teatray-${name}-`))

async function startHost(options: InstallationOptions, profile: string) {
  const main = join(options.built ?? join(ROOT, 'out'), 'main/node-main.js')
  const command = [process.execPath, main, '--no-window', '--profile', profile]
  const inNamespace = options.namespace === undefined ? command : ['ip', 'netns', 'exec', options.namespace, ...command]
  const [program, ...parameters] = inNamespace
  const host = spawn(program ?? '', parameters, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...options.environment },
  })
  let log = ''
  host.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()))
  const url = await new Promise<string>((resolveUrl, reject) => {
    const timer = setTimeout(() => reject(new Error(`${options.name}: the host did not start in 30 s\n${log}`)), 30_000)
    host.once('exit', (code) => reject(new Error(`${options.name}: the host ended with ${code}\n${log}`)))
    createInterface({ input: host.stdout }).on('line', (line) => {
      log += `${line}\n`
      if (!line.startsWith('{')) return
      clearTimeout(timer)
      resolveUrl((JSON.parse(line) as { url: string }).url)
    })
  })
  return { host, url, hostLog: () => log }
}

const ended = (process: ChildProcess): Promise<void> =>
  process.exitCode !== null || process.signalCode !== null
    ? Promise.resolve()
    : new Promise((done) => process.once('exit', () => done()))

export function startInstallation(options: InstallationOptions): Promise<Installation> {
  const profile = options.profile ?? newProfile(options.name)
  mkdirSync(profile, { recursive: true })
  return options.host === 'electron' ? startInElectron(options, profile) : startInBrowser(options, profile)
}

/** What the page complains of is shown with the test. */
function listen(page: Page, name: string): void {
  page.on('pageerror', (error) => process.stderr.write(`[${name}] page error: ${error.message}\n`))
  page.on('console', (message) => {
    if (message.type() === 'error') process.stderr.write(`[${name}] ${message.text()}\n`)
  })
}

async function startInBrowser(options: InstallationOptions, profile: string): Promise<Installation> {
  const { host, url, hostLog } = await startHost(options, profile)
  const launching = chromium.launchPersistentContext(join(profile, 'test-browser'), {
    ...browserFor(profile, options.namespace),
    headless: true,
    args: BROWSER_ARGUMENTS,
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    downloadsPath: downloadsOf(profile),
  })
  // A host whose browser does not start would go on by itself.
  launching.catch(() => host.kill('SIGTERM'))
  const context = await launching
  // Without the media permission a machine with no default route has no ICE candidates (platform.md); the product's own
  // launcher grants it over CDP, here Playwright stands in for the launcher.
  await context.grantPermissions(['camera', 'microphone'], { origin: new URL(url).origin })
  const page = context.pages()[0] ?? (await context.newPage())
  listen(page, options.name)
  options.onPage?.(page)
  await page.goto(url)
  return {
    name: options.name,
    profile,
    page,
    context,
    host,
    hostLog,
    async close() {
      await context.close()
      host.kill('SIGTERM')
      await ended(host)
    },
    async kill(what = 'both') {
      if (what !== 'host') killBrowserOf(profile)
      if (what !== 'browser') host.kill('SIGKILL')
      if (what !== 'browser') await ended(host)
      if (what !== 'host') await context.close().catch(() => undefined)
    },
  }
}

/** Electron of this machine on the same build; Playwright drives its window. */
async function startInElectron(options: InstallationOptions, profile: string): Promise<Installation> {
  const { name, namespace, built, environment, onPage } = options
  const executablePath = electronProgram(ROOT)
  if (executablePath === undefined) throw new Error('Electron is not here')
  // Playwright talks to Electron through ports of the loopback, which each namespace has for itself.
  if (namespace !== undefined) throw new Error('Electron cannot be driven inside a namespace')
  const app = await _electron.launch({
    executablePath,
    args: [
      built === undefined ? ROOT : join(built, 'main/main.js'),
      `--profile=${profile}`,
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
    env: definedOnly({ ...process.env, ...environment }),
    locale: 'en-GB',
  })
  const host = app.process()
  let log = ''
  host.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()))
  const page = await app.firstWindow()
  listen(page, name)
  onPage?.(page)
  return {
    name,
    profile,
    page,
    context: app.context(),
    host,
    hostLog: () => log,
    close: () => app.close(),
    async kill() {
      host.kill('SIGKILL')
      await ended(host)
    },
  }
}

const definedOnly = (environment: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )

/** Every process whose command line names this profile's browser folder; dead when this returns. */
function killBrowserOf(profile: string): void {
  const { stdout } = spawnSync('ps', ['-A', '-ww', '-o', 'pid=,args='], { encoding: 'utf8' })
  for (const line of stdout.split('\n').filter((one) => one.includes(join(profile, 'test-browser'))))
    endAtOnce(Number.parseInt(line, 10))
}

function endAtOnce(id: number): void {
  try {
    process.kill(id, 'SIGKILL')
  } catch (thrown) {
    // A child that went with its parent.
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH')) throw thrown
  }
}

export const removeProfile = (profile: string): void => rmSync(profile, { recursive: true, force: true })

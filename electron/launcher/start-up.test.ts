import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { chooseHost, electronProgram, madeIn } from './choose-host.mjs'
import { connectDevtools } from './devtools-pipe.ts'
import { browserDirectory, findBrowser, hasDisplay } from './find-browser.ts'
import type { Machine } from './find-browser.ts'
import { isBuilt, isInstalled } from './prepare.mjs'
import { defaultProfileDirectory, readArguments } from './profile-directory.mjs'
import { browserArguments } from './window.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'teatray-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const write = (path: string, text: string): void => {
  const file = join(directory, path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, text)
}

describe('arguments', () => {
  test.each([
    [[], { ok: true, profile: defaultProfileDirectory(), noWindow: false }],
    [['--no-window', '--profile', '/p'], { ok: true, profile: '/p', noWindow: true }],
    [['--profile=/p'], { ok: true, profile: '/p', noWindow: false }],
    [['--profile'], { ok: false, problem: '--profile needs a folder' }],
    [['--profile='], { ok: false, problem: '--profile needs a folder' }],
    [['--profil', '/p'], { ok: false, problem: 'unknown option --profil' }],
  ])('%j', (args, expected) => expect(readArguments(args)).toEqual(expected))

  test.each([
    ['linux', {}, '/h/.local/share/teatray'],
    ['linux', { XDG_DATA_HOME: '/d' }, '/d/teatray'],
    ['linux', { XDG_DATA_HOME: 'relative' }, '/h/.local/share/teatray'],
    ['darwin', {}, '/h/Library/Application Support/Teatray'],
  ])('the usual folder on %s with %o', (platform, environment, expected) => {
    expect(defaultProfileDirectory(platform, environment, '/h')).toBe(expected)
  })
})

describe('the choice of host', () => {
  const never = () => {
    throw new Error('looked for Electron without need')
  }
  test.each([
    [{ noWindow: false, madeIn: undefined, hasElectron: () => true }, 'electron'],
    [{ noWindow: false, madeIn: undefined, hasElectron: () => false }, 'browser'],
    [{ noWindow: true, madeIn: undefined, hasElectron: never }, 'browser'],
    [{ noWindow: false, madeIn: 'browser' as const, hasElectron: never }, 'browser'],
    [{ noWindow: false, madeIn: 'electron' as const, hasElectron: () => true }, 'electron'],
    // Opened in the browser instead, the installation would look empty.
    [{ noWindow: false, madeIn: 'electron' as const, hasElectron: () => false }, 'none'],
    [{ noWindow: true, madeIn: 'electron' as const, hasElectron: never }, 'none'],
  ])('%o: %s', (facts, host) => {
    const chosen = chooseHost(facts)
    expect(chosen.host).toBe(host)
    expect(chosen.why).not.toContain('\n')
  })

  test('is read from the installation', () => {
    expect(madeIn(directory)).toBeUndefined()
    write('installation.json', '{"version":1,"kind":"electron"}')
    expect(madeIn(directory)).toBe('electron')
    write('installation.json', '{"version":')
    expect(madeIn(directory)).toBe('browser')
  })

  test('finds the Electron program where it is', () => {
    expect(electronProgram(directory)).toBeUndefined()
    write('node_modules/electron/path.txt', 'electron')
    expect(electronProgram(directory)).toBeUndefined()
    write('node_modules/electron/dist/electron', '')
    expect(electronProgram(directory)).toBe(join(directory, 'node_modules/electron/dist/electron'))
  })
})

describe('what is there already', () => {
  const lock = (packages: object) => JSON.stringify({ packages })

  test('libraries: just the versions of the lockfile', () => {
    write(
      'package-lock.json',
      lock({ '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0', optional: true } }),
    )
    expect(isInstalled(directory)).toBe(false)
    write('node_modules/.package-lock.json', lock({ 'node_modules/a': { version: '0.9.0' } }))
    expect(isInstalled(directory)).toBe(false)
    write('node_modules/.package-lock.json', lock({ 'node_modules/a': { version: '1.0.0' } }))
    expect(isInstalled(directory)).toBe(true)
  })

  test('build: nothing newer among the sources, tests aside', () => {
    const at = (path: string, seconds: number) => {
      write(path, '')
      utimesSync(join(directory, path), seconds, seconds)
    }
    at('shared/a.ts', 100)
    expect(isBuilt(directory)).toBe(false)
    for (const name of [
      'main/main.js',
      'main/node-main.js',
      'main/signaling.js',
      'preload/preload.cjs',
      'renderer/index.html',
    ])
      at(`out/${name}`, 200)
    expect(isBuilt(directory)).toBe(true)
    at('shared/a.test.ts', 300)
    expect(isBuilt(directory)).toBe(true)
    at('renderer/deep/b.tsx', 300)
    expect(isBuilt(directory)).toBe(false)
  })
})

describe('the browser', () => {
  const machine = (programs: readonly string[], more: Partial<Machine> = {}): Machine => ({
    platform: 'linux',
    environment: { PATH: '/usr/local/bin:/usr/bin' },
    home: '/home/a',
    isProgram: (path) => programs.includes(path),
    realPath: (path) => path,
    ...more,
  })

  test.each([
    [['/usr/bin/chromium'], '/usr/bin/chromium'],
    [['/usr/bin/google-chrome', '/usr/bin/microsoft-edge'], '/usr/bin/google-chrome'],
    [['/snap/bin/chromium', '/usr/bin/google-chrome'], '/usr/bin/google-chrome'],
    [['/snap/bin/chromium'], '/snap/bin/chromium'],
    [[], undefined],
  ])('of %j is %s', (programs, expected) => expect(findBrowser(machine(programs))).toBe(expected))

  test('named outright is that or none', () => {
    const environment = { PATH: '/usr/bin', TEATRAY_BROWSER: '/opt/mine' }
    expect(findBrowser(machine(['/usr/bin/chromium', '/opt/mine'], { environment }))).toBe('/opt/mine')
    expect(findBrowser(machine(['/usr/bin/chromium'], { environment }))).toBeUndefined()
  })

  test('is found on a Mac and on Windows', () => {
    const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
    expect(findBrowser(machine([mac], { platform: 'darwin' }))).toBe(mac)
    const windows = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'
    const environment = { 'PROGRAMFILES(X86)': 'C:\\Program Files (x86)' }
    expect(findBrowser(machine([windows], { platform: 'win32', environment }))).toBe(windows)
  })

  test('keeps its data in the profile, or where a snap may write', () => {
    expect(browserDirectory(machine([]), '/usr/bin/chromium', '/p')).toBe('/p/browser')
    expect(browserDirectory(machine([]), '/snap/bin/chromium', '/p')).toMatch(
      /^\/home\/a\/snap\/chromium\/common\/teatray\/\w+$/,
    )
  })

  test('needs a display on Linux only', () => {
    expect(hasDisplay(machine([]))).toBe(false)
    expect(hasDisplay(machine([], { environment: { WAYLAND_DISPLAY: 'wayland-0' } }))).toBe(true)
    expect(hasDisplay(machine([], { platform: 'win32', environment: {} }))).toBe(true)
  })

  test('gets its own folder, no address bar, no debugging port and no ticket on its command line', () => {
    const base = { userDataDirectory: '/p/browser', origin: 'http://127.0.0.1:20000', platform: 'linux' }
    const args = browserArguments({ ...base, asRoot: false })
    expect(args).toEqual(
      expect.arrayContaining([
        '--user-data-dir=/p/browser',
        '--app=http://127.0.0.1:20000/starting',
        '--disable-extensions',
        '--password-store=basic',
      ]),
    )
    expect(args).not.toContain('--no-sandbox')
    expect(args.join(' ')).not.toMatch(/ticket|debugging-port/)
    expect(browserArguments({ ...base, asRoot: true })).toContain('--no-sandbox')
  })
})

describe('the DevTools pipe', () => {
  const setup = () => {
    const [input, output] = [new PassThrough(), new PassThrough()]
    const logged: string[] = []
    return { input, output, logged, devtools: connectDevtools(input, output, (line) => logged.push(line)) }
  }

  test('puts answers, refusals and events together, however they are cut', async () => {
    const { input, output, devtools } = setup()
    const events: string[] = []
    devtools.onEvent(({ method }) => events.push(method))
    const [first, second] = [devtools.call('A'), devtools.call('B', { x: 1 })]
    const sent = String(input.read())
      .split('\0')
      .slice(0, -1)
      .map((text) => JSON.parse(text) as { id: number })
    expect(sent).toMatchObject([{ method: 'A' }, { method: 'B', params: { x: 1 } }])
    const text = `{"id":${sent[1]!.id},"error":{"message":"no"}}\0{"method":"E"}\0{"id":${sent[0]!.id},"result":{"y":2}}\0`
    output.write(text.slice(0, 30))
    output.write(text.slice(30))
    await expect(second).rejects.toThrow('no')
    expect(await first).toEqual({ y: 2 })
    expect(events).toEqual(['E'])
  })

  test('says that the browser is gone', async () => {
    const { output, devtools } = setup()
    const call = devtools.call('A')
    output.destroy()
    await expect(call).rejects.toThrow('browser-closed')
    await expect(devtools.call('B')).rejects.toThrow('browser-closed')
  })

  test('survives what is not its language', async () => {
    const { output, devtools, logged } = setup()
    const seen: string[] = []
    devtools.onEvent(({ method }) => seen.push(method))
    output.write('not json\0{"neither":1}\0{"method":"E"}\0')
    await expect.poll(() => [seen, logged.length]).toEqual([['E'], 2])
  })
})

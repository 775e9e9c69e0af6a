import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import type { BrowserWindowConstructorOptions, MenuItemConstructorOptions, WebContents } from 'electron'
import { beforeEach, describe, expect, test } from 'vitest'
import { emptyBackups } from '../../tests/fixtures/backups-port.ts'
import { emptyKeychain } from '../../tests/fixtures/keychain-port.ts'
import type { HostEvent } from '../../shared/host/ports.ts'
import type { Services } from '../services/index.ts'
import { securityHeaders } from '../services/pages/index.ts'
import type { Page } from '../services/pages/index.ts'
import { MAX_RELOADS, RELOAD_WINDOW } from './crash.ts'
import { chooseFolder } from './choose-folder.ts'
import type { Electron } from './electron.ts'
import { runShell } from './index.ts'
import { isOpenable, isOwn } from './origin.ts'

type Handler = (...args: unknown[]) => unknown

/** An Electron that only remembers. What the shell must never touch is not there at all. */
function createFake() {
  const calls: string[] = []
  const errors: string[] = []
  const opened: string[] = []
  const asked: Record<string, Handler> = {}
  let lock = true

  class FakeContents extends EventEmitter {
    openHandler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' })
    setWindowOpenHandler(handler: FakeContents['openHandler']): void {
      this.openHandler = handler
    }
  }
  class FakeWindow extends EventEmitter {
    static all: FakeWindow[] = []
    webContents = new FakeContents()
    minimized = false
    reloads = 0
    shown: string[] = []
    options: BrowserWindowConstructorOptions
    constructor(options: BrowserWindowConstructorOptions) {
      super()
      this.options = options
      FakeWindow.all.push(this)
      app.emit('web-contents-created', {}, this.webContents)
    }
    loadURL = async (url: string) => void calls.push(`load ${url}`)
    reload = () => void this.reloads++
    show = () => void this.shown.push('show')
    focus = () => void this.shown.push('focus')
    restore = () => void this.shown.push('restore')
    isMinimized = () => this.minimized
  }
  const app = Object.assign(new EventEmitter(), {
    enableSandbox: () => calls.push('sandbox'),
    setPath: (name: string, path: string) => calls.push(`path ${name} ${path}`),
    requestSingleInstanceLock: () => (calls.push('lock'), lock),
    quit: () => {
      calls.push('quit')
      let held = false
      app.emit('will-quit', { preventDefault: () => (held = true) })
      if (!held) calls.push('gone')
    },
    exit: (code: number) => calls.push(`exit ${code}`),
    whenReady: async () => void calls.push('ready'),
  })
  const electron = {
    app,
    BrowserWindow: FakeWindow,
    dialog: { showErrorBox: (_title: string, text: string) => errors.push(text) },
    ipcMain: new EventEmitter(),
    Menu: {
      buildFromTemplate: (template: MenuItemConstructorOptions[]) => template,
      setApplicationMenu: (template: MenuItemConstructorOptions[]) => (asked['menu'] = () => template),
    },
    MessageChannelMain: class {
      port1 = Object.assign(new EventEmitter(), { start: () => {}, close: () => {}, postMessage: () => {} })
      port2 = { second: true }
    },
    protocol: { registerSchemesAsPrivileged: (schemes: unknown) => (asked['schemes'] = () => schemes) },
    session: {
      defaultSession: {
        protocol: { handle: (scheme: string, handler: Handler) => (asked[`scheme ${scheme}`] = handler) },
        setPermissionRequestHandler: (handler: Handler) => (asked['request'] = handler),
        setPermissionCheckHandler: (handler: Handler) => (asked['check'] = handler),
        setDevicePermissionHandler: (handler: Handler) => (asked['device'] = handler),
      },
    },
    shell: { openExternal: async (url: string) => void opened.push(url) },
  }
  return {
    electron: electron as unknown as Electron,
    app,
    ipcMain: electron.ipcMain,
    calls,
    errors,
    opened,
    asked,
    windows: FakeWindow.all,
    losesLock: () => (lock = false),
  }
}

let fake: ReturnType<typeof createFake>
let now: number
let events: HostEvent[]
let logged: string[]
let closed: number
let opened: string[]

const page: Page = { status: 200, headers: securityHeaders([]), body: new Uint8Array([1]) }
const refused: Page = { ...page, status: 403 }

function services(): Services {
  return {
    ports: {
      info: { get: async () => ({ kind: 'electron', appVersion: '1', platform: 'linux', profileDirectory: '/p' }) },
      lan: { join: async () => {}, leave: async () => {}, send: async () => {}, closeLink: async () => {} },
      signaling: {
        serverStatus: () => Promise.reject(new Error('x')),
        setServer: () => Promise.reject(new Error('x')),
        relay: () => Promise.reject(new Error('x')),
      },
      storage: { space: async () => ({ freeBytes: 1, low: false }) },
      profile: { remembered: async () => ({}), remember: async () => undefined, wipe: async () => undefined },
      keychain: emptyKeychain(),
      backups: emptyBackups(),
      files: { waiting: async () => [], read: async () => ({ bytes: new Uint8Array() }), done: async () => undefined },
    },
    relay: { path: '/relay', upgrade: () => {} },
    setRelayBase: () => {},
    onEvent: () => () => {},
    openFile: async (path) => void opened.push(path),
    emit: (event) => events.push(event),
    close: async () => void closed++,
  }
}

async function run(problem?: string): Promise<void> {
  runShell(fake.electron, {
    dataDirectory: '/profile/electron',
    preload: '/out/preload.cjs',
    start: async () =>
      problem === undefined
        ? {
            ok: true,
            services: services(),
            pages: async (path) => (path.includes('..') || path.includes('%2e') ? refused : page),
            close: async () => void closed++,
          }
        : { ok: false, problem },
    clock: { now: () => now },
    log: (line) => logged.push(line),
  })
  await new Promise((resolve) => setTimeout(resolve, 5))
}

beforeEach(() => {
  fake = createFake()
  fake.windows.length = 0
  now = 1_000_000
  events = []
  logged = []
  closed = 0
  opened = []
})

describe('before anything is shown', () => {
  test('the sandbox is on, the folder is ours and the lock is taken, before Electron is ready', async () => {
    await run()
    expect(fake.calls.slice(0, 4)).toEqual(['sandbox', 'path userData /profile/electron', 'lock', 'ready'])
  })

  test('app:// is standard and secure, and never bypasses the policy', async () => {
    await run()
    expect(fake.asked['schemes']!()).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ])
  })

  test('the window has no Node, no webview and no server for its dictionary', async () => {
    await run()
    expect(fake.windows).toHaveLength(1)
    expect(fake.windows[0]!.options.webPreferences).toEqual({
      preload: '/out/preload.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      backgroundThrottling: false,
      allowRunningInsecureContent: false,
      spellcheck: false,
    })
    expect(fake.calls).toContain('load app://teatray/')
  })

  test('the menu leads nowhere outside', async () => {
    await run()
    expect(JSON.stringify(fake.asked['menu']!())).not.toMatch(/http|devtools|help/i)
  })

  test('a profile that cannot be opened is said, and no window comes', async () => {
    await run('made in a browser')
    expect([fake.errors, fake.windows, fake.calls.at(-1)]).toEqual([['made in a browser'], [], 'exit 1'])
  })
})

describe('pages', () => {
  const get = async (url: string, init?: RequestInit) =>
    (await fake.asked['scheme app']!(
      Object.defineProperty(new Request('http://x', init), 'url', { value: url }),
    )) as Response

  test('come with their policy', async () => {
    await run()
    const response = await get('app://teatray/')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin')
  })

  test.each([
    'app://other/',
    'app://teatray.evil/',
    'http://teatray/',
    'app://teatray/%2e%2e%2fx',
    'app://user@teatray/',
  ])('%s is 403', async (url) => {
    await run()
    expect((await get(url)).status).toBe(403)
  })

  test('take no other method than GET', async () => {
    await run()
    expect((await get('app://teatray/', { method: 'POST' })).status).toBe(403)
  })
})

describe('a page', () => {
  const navigate = (event: string, url: string): boolean => {
    let prevented = false
    fake.windows[0]!.webContents.emit(event, { url, preventDefault: () => (prevented = true) })
    return prevented
  }

  test.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])('cannot leave by %s', async (event) => {
    await run()
    for (const url of [
      'https://example.org/',
      'app://other/',
      'file:///etc/passwd',
      'data:text/html,x',
      'javascript:1',
    ]) {
      expect(navigate(event, url)).toBe(true)
    }
    expect(navigate(event, 'app://teatray/papers')).toBe(false)
  })

  test('cannot embed another', async () => {
    await run()
    expect(navigate('will-attach-webview', '')).toBe(true)
  })

  test('opens no window; https goes to the system, nothing else goes anywhere', async () => {
    await run()
    const urls = [
      'https://example.org/a',
      'http://example.org/',
      'file:///etc/passwd',
      'app://teatray/',
      'mailto:a@b',
      'https://u:p@example.org/',
      'x',
    ]
    for (const url of urls) expect(fake.windows[0]!.webContents.openHandler({ url })).toEqual({ action: 'deny' })
    expect(fake.opened).toEqual(['https://example.org/a'])
  })
})

describe('permissions', () => {
  const request = (permission: string, url = 'app://teatray/') => {
    let answer: unknown
    const contents = { getURL: () => url } as WebContents
    fake.asked['request']!(contents, permission, (given: unknown) => (answer = given), {})
    return answer
  }
  const all = [
    'media',
    'geolocation',
    'notifications',
    'display-capture',
    'clipboard-read',
    'fileSystem',
    'openExternal',
    'usb',
    'unknown',
  ]

  test('are denied when asked for, but for the few the app lives on', async () => {
    await run()
    for (const permission of all) expect(request(permission)).toBe(false)
    expect(request('persistent-storage')).toBe(true)
    expect(request('clipboard-sanitized-write')).toBe(true)
    expect(request('persistent-storage', 'https://example.org/')).toBe(false)
  })

  test('are denied when looked up; media is yes for our own page alone', async () => {
    await run()
    const check = (permission: string, origin: string) => fake.asked['check']!(null, permission, origin, {})
    for (const permission of all.filter((name) => name !== 'media'))
      expect(check(permission, 'app://teatray')).toBe(false)
    expect(check('media', 'app://teatray/')).toBe(true)
    for (const origin of ['https://example.org/', 'app://other/', '', 'null'])
      expect(check('media', origin)).toBe(false)
  })

  test('no devices', async () => {
    await run()
    expect(fake.asked['device']!({})).toBe(false)
  })
})

describe('the port', () => {
  const ask = (frame: object | null) => fake.ipcMain.emit('teatray:connect', { senderFrame: frame })
  const frame = (more: object = {}) => {
    const posted: unknown[][] = []
    return {
      posted,
      frame: { parent: null, url: 'app://teatray/', postMessage: (...args: unknown[]) => posted.push(args), ...more },
    }
  }

  test('is given to the top frame of our own page', async () => {
    await run()
    const own = frame()
    ask(own.frame)
    expect(own.posted).toEqual([['teatray:port', null, [{ second: true }]]])
  })

  test('and to no other', async () => {
    await run()
    for (const more of [
      { parent: {} },
      { url: 'https://example.org/' },
      { url: 'app://other/' },
      { url: 'about:blank' },
    ]) {
      const other = frame(more)
      ask(other.frame)
      expect(other.posted).toEqual([])
    }
    ask(null)
    expect(logged).toHaveLength(5)
  })

  test('is the only thing the main process listens to', async () => {
    await run()
    expect(fake.ipcMain.eventNames()).toEqual(['teatray:connect'])
  })
})

describe('life', () => {
  test('a second instance quits and the first shows itself', async () => {
    await run()
    fake.windows[0]!.minimized = true
    fake.app.emit('second-instance', {}, [], '/')
    expect(fake.windows[0]!.shown).toEqual(['restore', 'show', 'focus'])
    expect(events).toEqual([{ type: 'show-yourself' }])

    const second = createFake()
    second.losesLock()
    runShell(second.electron, {
      dataDirectory: '/p',
      preload: '/x',
      start: () => Promise.reject(new Error('started')),
      clock: { now: () => 0 },
      log: () => {},
    })
    expect(second.calls).toEqual(['sandbox', 'path userData /p', 'lock', 'quit', 'gone'])
  })

  test('update files that the system names are opened, before everything is ready and afterwards', async () => {
    let prevented = 0
    const event = { preventDefault: () => prevented++ }
    const running = run()
    fake.app.emit('open-file', event, '/home/asha/early.teatray')
    await running
    fake.app.emit('open-file', event, '/home/asha/later.teatray')
    fake.app.emit('second-instance', {}, ['teatray', '--flag', 'sent.teatray', '/etc/passwd'], '/home/asha')
    expect(prevented).toBe(2)
    expect(opened).toEqual(['/home/asha/early.teatray', '/home/asha/later.teatray', '/home/asha/sent.teatray'])
  })

  test('a crashed page is loaded again, up to the cap, and later again', async () => {
    await run()
    const window = fake.windows[0]!
    const crash = (reason = 'crashed') => window.webContents.emit('render-process-gone', {}, { reason })
    crash('clean-exit')
    expect(window.reloads).toBe(0)
    for (let times = 0; times < MAX_RELOADS; times++) crash('oom')
    expect([window.reloads, fake.errors]).toEqual([MAX_RELOADS, []])
    now += RELOAD_WINDOW
    crash()
    expect(window.reloads).toBe(MAX_RELOADS + 1)
    crash()
    crash()
    crash()
    expect([window.reloads, fake.errors.length, fake.calls.includes('quit')]).toEqual([MAX_RELOADS + 3, 1, true])
  })

  test('the services are closed before it is gone, once', async () => {
    await run()
    fake.app.emit('window-all-closed')
    expect(fake.calls.at(-1)).toBe('quit')
    await expect.poll(() => fake.calls.at(-1)).toBe('gone')
    expect(closed).toBe(1)
  })

  test('the keyring is never asked: the passphrase is what opens the data', async () => {
    const read: string[] = []
    const watched = new Proxy(fake.electron, {
      get(target, name) {
        read.push(String(name))
        return Reflect.get(target, name) as unknown
      },
    })
    fake.electron = watched
    await run()
    expect(read).not.toContain('safeStorage')
    expect(fake.windows).toHaveLength(1)
  })
})

describe('addresses', () => {
  test.each([
    ['app://teatray/', true],
    ['app://teatray', true],
    ['app://TEATRAY/', false],
    ['app://teatray:1/', false],
    ['app:teatray', false],
    ['https://teatray/', false],
  ])('%s is ours: %s', (url, expected) => expect(isOwn(url)).toBe(expected))

  test('only https may be opened', () => {
    expect(['https://a.b/', 'http://a.b/', 'ftp://a', 'smb://a', 'x'].map(isOpenable)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
  })
})

test('the preload names the same channels as the shell', async () => {
  const { readFile } = await import('node:fs/promises')
  const { CONNECT_CHANNEL, PORT_CHANNEL } = await import('./window-port.ts')
  const read = (path: string) => readFile(join(import.meta.dirname, '..', '..', path), 'utf8')
  const preload = await read('electron/preload.ts')
  for (const text of [CONNECT_CHANNEL, PORT_CHANNEL, 'teatray-host-port']) expect(preload).toContain(`'${text}'`)
  expect(await read('renderer/host/index.ts')).toContain("'teatray-host-port'")
})

describe('the folder for backups', () => {
  const electron = (windows: readonly unknown[], answer: { canceled: boolean; filePaths: string[] }) => {
    const asked: unknown[] = []
    const fakes = {
      BrowserWindow: { getAllWindows: () => windows },
      dialog: {
        showOpenDialog: async (window: unknown, options: { properties: string[] }) => {
          asked.push(window, options.properties)
          return answer
        },
      },
    }
    return { asked, electron: fakes as unknown as Electron }
  }

  test('is asked for in the system’s own window, over ours', async () => {
    const one = electron(['window'], { canceled: false, filePaths: ['/media/stick'] })
    expect(await chooseFolder(one.electron)).toBe('/media/stick')
    expect(one.asked).toEqual(['window', ['openDirectory', 'createDirectory']])
  })

  test('is none where the person thought better of it, or there is no window', async () => {
    expect(await chooseFolder(electron(['window'], { canceled: true, filePaths: [] }).electron)).toBeUndefined()
    const none = electron([], { canceled: false, filePaths: ['/x'] })
    expect(await chooseFolder(none.electron)).toBeUndefined()
    expect(none.asked).toEqual([])
  })
})

/**
 * Private notes have no way out. Written down here and not in a table, so that no edit of a table can open one: whatever
 * renderer/vault and the notes feature reach, however indirectly, must not be able to send.
 */
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseSource, readSources, type SourceFile } from './import-graph.ts'

const root = resolve(import.meta.dirname, '../..')
const files = readSources(root, ['electron', 'renderer', 'shared', 'resources'])

const PRIVATE = ['renderer/vault', 'renderer/features/notes']

const FORBIDDEN_FILES = [
  'electron',
  'renderer/main.tsx',
  'renderer/session',
  'renderer/transports',
  'renderer/host',
  'renderer/store',
  'shared/host',
  'shared/joining',
  'shared/membership',
  'shared/sync',
  'shared/wire',
]

/** All that is known to be unable to send. Anything else needs a look before it is added here. */
const HARMLESS_PACKAGES = [
  '@mantine/core',
  '@mantine/form',
  '@mantine/hooks',
  '@mantine/notifications',
  '@scure/bip39',
  '@tiptap/core',
  '@tiptap/extension-collaboration',
  '@tiptap/extension-link',
  '@tiptap/extension-list',
  '@tiptap/extension-table',
  '@tiptap/pm',
  '@tiptap/react',
  '@tiptap/starter-kit',
  '@tiptap/y-tiptap',
  'dexie',
  'i18next',
  'lib0',
  'react',
  'react-aria-components',
  'react-dom',
  'react-i18next',
  'tweetnacl',
  'valibot',
  'wouter',
  'yjs',
]

const SENDERS = [
  'BroadcastChannel',
  'EventSource',
  'MessageChannel',
  'RTCDataChannel',
  'RTCPeerConnection',
  'SharedWorker',
  'WebSocket',
  'WebTransport',
  'Worker',
  'XMLHttpRequest',
  'eval',
  'fetch',
  'importScripts',
  'postMessage',
  'sendBeacon',
  'serviceWorker',
]

const isBelow = (path: string, folders: readonly string[]): boolean =>
  folders.some((folder) => path === folder || path.startsWith(`${folder}/`))

/** Paths that lead to each file: what runs, so imports of types alone do not count. */
function reach(sources: readonly SourceFile[], from: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const byPath = new Map(sources.map((file) => [file.path, file]))
  const found = new Map<string, readonly string[]>()
  const visit = (path: string, way: readonly string[]): void => {
    if (found.has(path)) return
    found.set(path, [...way, path])
    for (const one of byPath.get(path)?.imports ?? [])
      if (one.inTree && !one.typeOnly) visit(one.target, [...way, path])
  }
  for (const { path } of sources) if (isBelow(path, from) && !/\.test\.tsx?$/.test(path)) visit(path, [])
  return found
}

function waysOut(sources: readonly SourceFile[], from: readonly string[] = PRIVATE): readonly string[] {
  const reached = reach(sources, from)
  return sources.flatMap(({ path, imports, names }) => {
    const way = reached.get(path)
    if (way === undefined) return []
    const trail = way.join(' -> ')
    const packages = imports.filter(({ inTree, typeOnly }) => !inTree && !typeOnly).map(({ target }) => target)
    return [
      ...(isBelow(path, FORBIDDEN_FILES) ? [trail] : []),
      ...packages.filter((name) => !HARMLESS_PACKAGES.includes(name)).map((name) => `${trail} -> ${name}`),
      ...SENDERS.filter((name) => names.has(name)).map((name) => `${trail} uses ${name}`),
    ]
  })
}

/** In the private rooms themselves not even a type of the others may appear. */
const privateTypes = (sources: readonly SourceFile[]): readonly string[] =>
  sources
    .filter(({ path }) => isBelow(path, PRIVATE) && !/\.test\.tsx?$/.test(path))
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ target, inTree }) => inTree && isBelow(target, FORBIDDEN_FILES))
        .map(({ target }) => `${path} -> ${target}`),
    )

describe('private notes', () => {
  it('have rooms of their own', () => {
    for (const room of PRIVATE) expect(files.filter(({ path }) => isBelow(path, [room]))).not.toEqual([])
  })

  it('reach nothing that could send', () => {
    expect(waysOut(files)).toEqual([])
    expect(privateTypes(files)).toEqual([])
  })
})

describe('the check itself', () => {
  const vault = "import { a } from '../at-rest/a.ts'"
  const source = (path: string, code: string): SourceFile => parseSource(path, code)

  it('finds a way out through other rooms', () => {
    const sources = [
      source('renderer/vault/vault.ts', vault),
      source('renderer/at-rest/a.ts', "export * from '../ui/b.ts'"),
      source('renderer/ui/b.ts', "const later = await import('../../shared/sync/replica.ts')"),
      source('shared/sync/replica.ts', ''),
    ]
    expect(waysOut(sources)).toEqual([
      'renderer/vault/vault.ts -> renderer/at-rest/a.ts -> renderer/ui/b.ts -> shared/sync/replica.ts',
    ])
  })

  it.each([
    ['fetch(address)', 'fetch'],
    ['globalThis.fetch(address)', 'fetch'],
    ["window['fetch'](address)", 'fetch'],
    ['const { sendBeacon } = navigator', 'sendBeacon'],
    ["new BroadcastChannel('x')", 'BroadcastChannel'],
    ['new RTCPeerConnection()', 'RTCPeerConnection'],
    ['parent.postMessage(text)', 'postMessage'],
    ["new WebSocket('ws://x')", 'WebSocket'],
    ['new XMLHttpRequest()', 'XMLHttpRequest'],
  ])('finds %s', (code, name) => {
    const sources = [source('renderer/vault/vault.ts', vault), source('renderer/at-rest/a.ts', code)]
    expect(waysOut(sources)).toEqual([`renderer/vault/vault.ts -> renderer/at-rest/a.ts uses ${name}`])
  })

  it.each(['y-webrtc', 'y-protocols/awareness', 'ws', 'electron', 'node:net', '(computed)'])(
    'finds a package it does not know: %s',
    (name) => {
      const code = name === '(computed)' ? 'await import(name)' : `import '${name}'`
      const [found, ...others] = waysOut([source('renderer/features/notes/views/list.tsx', code)])
      expect(found).toContain(name.split('/')[0])
      expect(others).toEqual([])
    },
  )

  it('lets types through, but not in the private rooms', () => {
    const sources = [
      source('renderer/vault/vault.ts', vault),
      source('renderer/at-rest/a.ts', "import type { A } from '../../shared/sync/replica.ts'"),
      source('shared/sync/replica.ts', 'fetch(address)'),
    ]
    expect(waysOut(sources)).toEqual([])
    const own = [source('renderer/vault/vault.ts', "import type { A } from '../../shared/sync/replica.ts'")]
    expect(privateTypes(own)).toEqual(['renderer/vault/vault.ts -> shared/sync/replica.ts'])
  })
})

/** The table in ARCHITECTURE.md against every import of every source file. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseSource, readSources } from './import-graph.ts'
import { breaches, emptyRooms, expandBraces, readRooms, roomOf } from './rooms.ts'

const root = resolve(import.meta.dirname, '../..')
const files = readSources(root, ['electron', 'renderer', 'shared', 'resources', 'tests'])
const rooms = readRooms(readFileSync(resolve(root, 'ARCHITECTURE.md'), 'utf8'))
const manifest = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as Record<
  'dependencies' | 'devDependencies',
  Record<string, string>
>

/** Packages that come with another one and are meant to be used with it. */
const COMES_WITH: Readonly<Record<string, string>> = {
  '@electron/asar': 'electron-builder',
  'playwright-core': 'playwright',
  'dns-packet': '@types/multicast-dns',
}

/** Rooms whose code is not in the packaged app. */
const NOT_PACKAGED = new Set(['tests', 'resources/icons'])

describe('the rooms of ARCHITECTURE.md', () => {
  it('are kept to', () => {
    expect(files.length).toBeGreaterThan(100)
    expect(breaches(files, rooms).map(({ file, problem }) => `${file} ${problem}`)).toEqual([])
  })

  it('all have something in them', () => {
    expect(emptyRooms(files, rooms)).toEqual([])
  })

  it('import packages that package.json names, and packaged code those that are packaged', () => {
    const { dependencies, devDependencies } = manifest
    const wrong = files.flatMap(({ path, imports }) => {
      const packaged = !NOT_PACKAGED.has(roomOf(path, rooms)?.name ?? '')
      return imports
        .filter(({ target, inTree }) => !inTree && !target.startsWith('node:') && !target.startsWith('('))
        .map((one) => ({ ...one, target: COMES_WITH[one.target] ?? one.target }))
        .filter(({ target, typeOnly }) => {
          // Electron itself is what the app is packaged into; types are gone by then.
          const either = target in dependencies || target in devDependencies || `@types/${target}` in devDependencies
          return packaged && !typeOnly && target !== 'electron' ? !(target in dependencies) : !either
        })
        .map(({ target }) => `${path}: ${target}`)
    })
    expect(wrong).toEqual([])
  })
})

describe('the check itself', () => {
  const table = readRooms(
    [
      '| Room | May import | Task |',
      '| --- | --- | --- |',
      '| `shared/{base,sync}` | `shared/base` | |',
      '| `renderer/vault` | `shared/base` `type:yjs` `node:*` | |',
      '| `renderer/features/*` | `shared/base` | |',
      '| `tests` | `*` | |',
      '',
      'Not a row: | `x` | `y` |',
    ].join('\n'),
  )
  const problems = (path: string, code: string): readonly string[] =>
    breaches([parseSource(path, code)], table).map(({ problem }) => problem)

  it('reads the table, and refuses to go on without one', () => {
    expect(table.map(({ pattern }) => pattern)).toEqual([
      'shared/base',
      'shared/sync',
      'renderer/vault',
      'renderer/features/*',
      'tests',
    ])
    expect(expandBraces('a/{b,c}/d')).toEqual(['a/b/d', 'a/c/d'])
    expect(() => readRooms('# Nothing')).toThrow('No table')
  })

  it.each([
    ["import { a } from '../../shared/sync/a.ts'"],
    ["import type { A } from '../../shared/sync/a.ts'"],
    ["import { type A } from '../../shared/sync/a.ts'"],
    ["import '../../shared/sync/a.ts'"],
    ["export * from '../../shared/sync/a.ts'"],
    ["export { a } from '../../shared/sync/a.ts'"],
    ["export type { A } from '../../shared/sync/a.ts'"],
    ["const a = await import('../../shared/sync/a.ts')"],
    ["type A = import('../../shared/sync/a.ts').A"],
    ["import a = require('../../shared/sync/a.ts')"],
    ["const a = require('../../shared/sync/a.ts')"],
    ["import url from '../../shared/sync/a.ts?worker&url'"],
    ["const url = new URL('../../shared/sync/a.ts', import.meta.url)"],
  ])('finds the forbidden room in: %s', (code) => {
    expect(problems('renderer/vault/a.ts', code)).toEqual(['renderer/vault may not import shared/sync'])
  })

  it.each([
    ["import a from 'y-webrtc'", 'renderer/vault may not import y-webrtc'],
    ["import a from '@x/y/z'", 'renderer/vault may not import @x/y'],
    ["import { a } from 'yjs'", 'renderer/vault may import only types of yjs'],
    ["import { type A } from 'yjs'", 'renderer/vault may import only types of yjs'],
    ["const a = await import('yjs')", 'renderer/vault may import only types of yjs'],
    ['const a = await import(name)', 'renderer/vault may not import (computed)'],
    ["import a from '../nowhere/a.ts'", 'imports renderer/nowhere/a.ts, which is in no room'],
  ])('finds what is wrong with: %s', (code, problem) => {
    expect(problems('renderer/vault/a.ts', code)).toEqual([problem])
  })

  it.each([
    ["import type * as Y from 'yjs'"],
    ["type Y = import('yjs').Doc"],
    ["import { readFile } from 'node:fs'"],
    ["import { a } from './b.ts'"],
    ["import { a } from '../../shared/base/a.ts'"],
  ])('lets through: %s', (code) => {
    expect(problems('renderer/vault/a.ts', code)).toEqual([])
  })

  it('keeps features apart', () => {
    const code = "import { a } from '../two/a.ts'"
    expect(problems('renderer/features/one/a.ts', code)).toEqual([
      'renderer/features/one may not import renderer/features/two',
    ])
    expect(problems('renderer/features/one/a.ts', "import { a } from './views/a.ts'")).toEqual([])
  })

  it('fails for a file in no room, and lets unit tests import what they test', () => {
    expect(problems('renderer/new/a.ts', '')).toEqual(['is in no room of the table'])
    expect(problems('renderer/vault/a.test.ts', "import { a } from '../../shared/sync/a.ts'")).toEqual([])
  })

  it('names rooms that are empty', () => {
    expect(emptyRooms([parseSource('renderer/vault/a.ts', '')], table)).toEqual([
      'shared/base',
      'shared/sync',
      'renderer/features/*',
      'tests',
    ])
  })

  it('refuses what it cannot parse, and an import it cannot read', () => {
    expect(() => parseSource('renderer/vault/a.ts', 'const = 1')).toThrow('renderer/vault/a.ts')
    expect(() => parseSource('renderer/vault/a.ts', 'const a = require(name)')).toThrow('computed')
  })
})

import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Remembered } from '../../../shared/host/ports.ts'
import { readRemembered, REMEMBERED_FILE, writeRemembered } from './remembered.ts'

let directory: string
const log: string[] = []
beforeEach(async () => {
  log.length = 0
  directory = await mkdtemp(join(tmpdir(), 'teatray-remembered-'))
})
afterEach(() => rm(directory, { recursive: true }))

const read = (): ReturnType<typeof readRemembered> => readRemembered(directory, (line) => log.push(line))
const first: Remembered = { mark: 'a'.repeat(32), generation: 1 }

test('nothing at first; then what was kept last, for this person alone', async () => {
  expect(await read()).toEqual({})
  expect(log).toEqual([])
  await writeRemembered(directory, first)
  expect(await read()).toEqual({ known: first })
  const next = { ...first, generation: 2, backups: { folder: '/media/stick', series: '0123abcd' } }
  await writeRemembered(directory, next)
  expect(await read()).toEqual({ known: next })
  expect(await readdir(directory)).toEqual([REMEMBERED_FILE])
  expect((await stat(join(directory, REMEMBERED_FILE))).mode & 0o777).toBe(0o600)
  expect(JSON.parse(await readFile(join(directory, REMEMBERED_FILE), 'utf8'))).toMatchObject({ version: 1 })
})

test.each(['', '{', '[]', '{"version":2}', '{"version":1,"remembered":{"mark":"x","generation":1}}'])(
  'what cannot be understood is nothing, and is replaced: %j',
  async (text) => {
    await writeFile(join(directory, REMEMBERED_FILE), text)
    expect(await read()).toEqual({})
    expect(log).toHaveLength(1)
    await writeRemembered(directory, first)
    expect(await read()).toEqual({ known: first })
  },
)

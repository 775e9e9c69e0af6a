import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MAX_FILE_PART } from '../../../shared/host/schemas.ts'
import { createFilesService, type FilesService } from './index.ts'

let folder = ''
let logged: string[]
let files: FilesService
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'teatray-files-'))
  logged = []
  files = createFilesService({ log: (line) => logged.push(line) })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const put = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

test('a file that the system hands over is read in parts, told of once, and gone when it is done with', async () => {
  const events: unknown[] = []
  files.onEvent((event) => events.push(event))
  await files.offer(put('Teatray update for Bob.teatray', new Uint8Array(MAX_FILE_PART + 3).fill(7)))
  expect(events).toEqual([{ type: 'files-waiting' }])
  const [file] = await files.port.waiting()
  expect(file).toMatchObject({ name: 'Teatray update for Bob.teatray', size: MAX_FILE_PART + 3 })
  const id = file?.id ?? ''
  expect((await files.port.read({ id, offset: 0 })).bytes).toHaveLength(MAX_FILE_PART)
  expect((await files.port.read({ id, offset: MAX_FILE_PART })).bytes).toEqual(new Uint8Array(3).fill(7))
  expect((await files.port.read({ id, offset: MAX_FILE_PART + 3 })).bytes).toHaveLength(0)
  await files.port.done({ id })
  expect(await files.port.waiting()).toEqual([])
  await expect(files.port.read({ id, offset: 0 })).rejects.toMatchObject({ error: 'no-such-file' })
})

test('nothing else can be read: no other ending, no folder, no switch, nothing that is not there, no path by its name', async () => {
  const other = put('passphrase.txt', new Uint8Array(3))
  mkdirSync(join(folder, 'folder.teatray'))
  for (const path of [other, join(folder, 'folder.teatray'), '--profile=x.teatray', join(folder, 'gone.teatray')]) {
    await files.offer(path)
  }
  expect(await files.port.waiting()).toEqual([])
  expect(logged).toHaveLength(4)
  await expect(files.port.read({ id: other, offset: 0 })).rejects.toMatchObject({ error: 'no-such-file' })
})

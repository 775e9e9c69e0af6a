import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSignalingService } from '../signaling/index.ts'
import { createProfileService } from './wipe.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'teatray-wipe-'))
})
afterEach(() => rm(directory, { recursive: true }))

test('what the host keeps goes, the meeting place is off, and nothing else is touched', async () => {
  const signaling = createSignalingService({ profileDirectory: directory, log: () => undefined })
  const others = [
    'installation.json',
    'signaling.json.txt',
    'letters.odt',
    'keychain-letters.json',
    'teatray backup.teatray-backup',
  ]
  const kept = `keychain-${'0123456789abcdef'.repeat(2)}.json`
  const ours = ['remembered.json', 'remembered.json.4711.tmp', kept, `${kept}.4711.tmp`]
  for (const name of [...others, 'signaling.json.4711.tmp', ...ours]) await writeFile(join(directory, name), name)
  expect(await signaling.port.setServer({ enabled: true, port: 0, lan: false })).toMatchObject({ enabled: true })
  expect(await readdir(directory)).toContain('signaling.json')

  const profile = createProfileService(directory, signaling.port, () => undefined)
  await profile.wipe()
  expect((await readdir(directory)).toSorted()).toEqual(others.toSorted())
  expect(await signaling.port.serverStatus()).toMatchObject({ enabled: false, addresses: [] })
  await profile.wipe()
  expect((await readdir(directory)).toSorted()).toEqual(others.toSorted())
  await signaling.close()
})

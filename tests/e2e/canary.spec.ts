/**
 * Scenario 2, the canary: a marker typed in a private note is in nothing that could leave (every message before it is sealed,
 * every box in it opened with all the keys this computer has), in nothing the other has, and not on the disk in clear. Each
 * search must find a marker that is shared, or it would prove nothing. Uses a build with a tap (renderer/session/tap.ts).
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join as joinPath, resolve } from 'node:path'
import type { Page } from '@playwright/test'
import * as Y from 'yjs'
import { fromHex } from '../../shared/base/bytes.ts'
import { derive } from '../../shared/crypto/derive.ts'
import { open } from '../../shared/crypto/seal.ts'
import { decodeMessage } from '../../shared/sync/messages.ts'
import { decodeEntry, decodeEntryBody } from '../../shared/wire/entry.ts'
import type { Tap } from '../../renderer/session/tap.ts'
import { expect, test } from './fixtures.ts'
import {
  action,
  createGroup,
  createTerms,
  editor,
  everythingShared,
  goTo,
  join,
  openPaper,
  setUp,
  TERMS,
} from './story.ts'

/** Random letters, so that compression on the disk cannot hide them. */
const PRIVATE = 'qzvkxjwtnphqfdbmrcgy'
const SHARED = 'mfhgwtxqvkzrpbjndclk'

const root = resolve(import.meta.dirname, '../..')
/** Beside the product's own build, where it finds the same package.json. */
const built = joinPath(root, 'out-with-tap')

test.beforeAll(() => {
  test.setTimeout(180_000)
  execFileSync(
    process.execPath,
    [joinPath(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--mode', 'tap'],
    {
      cwd: root,
      env: { ...process.env, TEATRAY_OUT: built },
      stdio: 'pipe',
    },
  )
})
test.afterAll(() => rmSync(built, { recursive: true, force: true }))

const inSomeEncoding = (bytes: Uint8Array, marker: string): boolean => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return buffer.includes(Buffer.from(marker, 'utf8')) || buffer.includes(Buffer.from(marker, 'utf16le'))
}

interface Tapped {
  readonly messages: readonly Uint8Array[]
  /** Keys of every epoch this computer can open. */
  readonly keys: ReadonlyMap<string, Uint8Array>
  /** Every entry this computer holds, as it lies in its log. */
  readonly entries: readonly Uint8Array[]
}

async function readTap(page: Page): Promise<Tapped> {
  const read = await page.evaluate(async () => {
    const { messages, replica } = (globalThis as unknown as { teatrayTap: Tap }).teatrayTap
    const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
    if (replica === undefined) throw new Error('no group is open')
    const entries: string[] = []
    for (const head of replica.heads()) {
      for (const { bytes } of await replica.read(head, 1, 100_000)) entries.push(hex(bytes))
    }
    const keys = replica.membership
      .heldEpochs()
      .map((epoch) => [epoch, hex(replica.membership.epochKey(epoch) ?? new Uint8Array())])
    return { messages: messages.map(hex), entries, keys: keys as [string, string][] }
  })
  return {
    messages: read.messages.map(fromHex),
    entries: read.entries.map(fromHex),
    keys: new Map(read.keys.map(([epoch, key]) => [epoch, fromHex(key)])),
  }
}

/** What an entry says, opened; and the text its Yjs update holds. */
function openEntry(bytes: Uint8Array, keys: Tapped['keys']): Uint8Array {
  const entry = decodeEntry(bytes)
  if (!entry.ok) throw new Error(entry.error)
  const key = keys.get(entry.value.epoch)
  const body = key === undefined ? undefined : open(derive(key, 'entry'), entry.value.sealedBody)
  if (body === undefined) throw new Error('a box that does not open')
  const decoded = decodeEntryBody(body)
  if (!decoded.ok) throw new Error(decoded.error)
  return decoded.value.update
}

/** All letters in an update, whatever they are part of: typing stores them apart. */
function lettersOf(updates: readonly Uint8Array[]): string {
  const doc = new Y.Doc({ gc: false })
  const structs = updates.flatMap((update) => Y.decodeUpdateV2(update).structs)
  doc.destroy()
  return structs
    .toSorted((a, b) => a.id.client - b.id.client || a.id.clock - b.id.clock)
    .flatMap((struct) => ('content' in struct && struct.content instanceof Y.ContentString ? [struct.content.str] : []))
    .join('')
}

const entriesIn = (message: Uint8Array): readonly Uint8Array[] => {
  const decoded = decodeMessage(message)
  return decoded.ok && decoded.value.type === 'entries' ? decoded.value.entries : []
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => joinPath(entry.parentPath, entry.name))
    .filter((path) => statSync(path).size < 512 * 1024 * 1024)
}

const onDisk = (profile: string, marker: string): readonly string[] =>
  filesBelow(profile).filter((path) => inSomeEncoding(readFileSync(path), marker))

test('a private note is in nothing that could leave, in nothing the other has, and not readable on the disk', async ({
  people,
}) => {
  const alice = await people.start('alice', { built })
  const bob = await people.start('bob', { built })
  await Promise.all([setUp(alice), setUp(bob)])
  await createGroup(alice, 'Riverside pain group')
  await createTerms(alice)
  await join(alice, bob)

  await goTo(alice.page, 'My notes')
  await action(alice.page, /^Write (the first|a new) note/).click()
  await editor(alice.page).click()
  await alice.page.keyboard.type(`${PRIVATE} is for me alone.`, { delay: 10 })
  await expect(alice.page.getByText('Only on this computer').first()).toBeVisible()

  await openPaper(alice, TERMS)
  await editor(alice.page).locator('p').first().click()
  await alice.page.keyboard.press('Home')
  await alice.page.keyboard.type(`${SHARED} `, { delay: 10 })
  await openPaper(bob, TERMS)
  await expect(editor(bob.page)).toContainText(SHARED, { timeout: 20_000 })
  await everythingShared(alice, 'Bob')

  for (const { page } of [alice, bob]) {
    const tapped = await readTap(page)
    expect(tapped.messages.length).toBeGreaterThan(5)
    for (const message of tapped.messages) expect(inSomeEncoding(message, PRIVATE)).toBe(false)
    const sent = tapped.messages.flatMap(entriesIn).map((entry) => openEntry(entry, tapped.keys))
    const held = tapped.entries.map((entry) => openEntry(entry, tapped.keys))
    for (const update of [...sent, ...held]) expect(inSomeEncoding(update, PRIVATE)).toBe(false)
    expect(lettersOf(held)).toContain(SHARED)
    expect(lettersOf(held)).not.toContain(PRIVATE)
    expect(lettersOf(sent)).not.toContain(PRIVATE)
    if (page === alice.page) expect(lettersOf(sent)).toContain(SHARED)
  }

  const control = 'wpxqjzkvbnthgfrdmcly'
  await alice.page.evaluate((marker) => localStorage.setItem('control', marker), control)
  await Promise.all([alice.close(), bob.close()])
  // The search finds what is there in clear, so what it does not find is sealed.
  expect(onDisk(alice.profile, control)).not.toEqual([])
  for (const { profile } of [alice, bob]) {
    expect(onDisk(profile, PRIVATE)).toEqual([])
    expect(onDisk(profile, SHARED)).toEqual([])
  }
})

/** What a build with a tap (renderer/session/tap.ts) lets a test see of one computer: its messages, and its circles with their keys. */
import { execFile } from 'node:child_process'
import { copyFileSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join as joinPath, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from '@playwright/test'
import * as Y from 'yjs'
import { fromHex } from '../../shared/base/bytes.ts'
import { derive } from '../../shared/crypto/derive.ts'
import { open } from '../../shared/crypto/seal.ts'
import { decodeMessage } from '../../shared/sync/messages.ts'
import { decodeEntry, decodeEntryBody, type Entry } from '../../shared/wire/entry.ts'
import type { Tap, TappedMessage } from '../../renderer/session/tap.ts'
import { madeOnce } from './made-once.ts'

const root = resolve(import.meta.dirname, '../..')

const run = promisify(execFile)

/** Builds the product with the tap, once in a run. */
export const buildWithTap = (): Promise<string> =>
  madeOnce('tap', async (folder) => {
    // The host looks for it in the folder above its own.
    copyFileSync(joinPath(root, 'package.json'), joinPath(folder, '../package.json'))
    await run(
      process.execPath,
      [joinPath(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--mode', 'tap'],
      { cwd: root, env: { ...process.env, TEATRAY_OUT: folder } },
    )
  })

export interface TappedCircle {
  readonly circle: string
  readonly kind: 'group' | 'circle'
  readonly name: string
  /** Keys of every epoch of it this computer can open. */
  readonly keys: ReadonlyMap<string, Uint8Array>
  /** Every entry it holds, as it lies in its log. */
  readonly entries: readonly Uint8Array[]
  /** Every membership record it holds. */
  readonly records: readonly Uint8Array[]
}

export interface Tapped {
  readonly messages: readonly TappedMessage[]
  readonly circles: readonly TappedCircle[]
  /** Keys of every epoch of every circle. */
  readonly keys: ReadonlyMap<string, Uint8Array>
}

export async function readTap(page: Page): Promise<Tapped> {
  const read = await page.evaluate(async () => {
    const { messages, replicas } = (globalThis as unknown as { teatrayTap: Tap }).teatrayTap
    const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
    const circles = []
    for (const replica of replicas) {
      const { membership } = replica
      const entries: string[] = []
      for (const head of replica.heads()) {
        for (const { bytes } of await replica.read(head, 1, 100_000)) entries.push(hex(bytes))
      }
      const keys = membership
        .heldEpochs()
        .map((epoch): [string, string] => [epoch, hex(membership.epochKey(epoch) ?? new Uint8Array())])
      const records = membership.recordsOf(membership.hashes()).map(hex)
      const { kind, name } = membership.state()
      circles.push({ circle: replica.circle as string, kind, name, keys, entries, records })
    }
    return { messages: messages.map((message) => ({ ...message, bytes: hex(message.bytes) })), circles }
  })
  const circles = read.circles.map((one) => ({
    ...one,
    keys: new Map(one.keys.map(([epoch, key]) => [epoch, fromHex(key)])),
    entries: one.entries.map(fromHex),
    records: one.records.map(fromHex),
  }))
  return {
    messages: read.messages.map((message) => ({ ...message, bytes: fromHex(message.bytes) })),
    circles,
    keys: new Map(circles.flatMap(({ keys }) => [...keys])),
  }
}

const entryIn = (bytes: Uint8Array): Entry => {
  const entry = decodeEntry(bytes)
  if (!entry.ok) throw new Error(entry.error)
  return entry.value
}

export const circleOf = (bytes: Uint8Array): string => entryIn(bytes).circle
export const epochOf = (bytes: Uint8Array): string => entryIn(bytes).epoch

/** The Yjs update in an entry; undefined where none of the keys opens its box: every key is tried, whatever the entry names. */
export function openEntry(bytes: Uint8Array, keys: Tapped['keys']): Uint8Array | undefined {
  const { sealedBody } = entryIn(bytes)
  for (const key of keys.values()) {
    for (const candidate of [derive(key, 'entry'), key]) {
      const body = open(candidate, sealedBody)
      const decoded = body === undefined ? undefined : decodeEntryBody(body)
      if (decoded?.ok === true) return decoded.value.update
    }
  }
  return undefined
}

/** All letters in updates, whatever they are part of, in the order they were typed: typing stores them apart. */
export function lettersOf(updates: readonly Uint8Array[]): string {
  const structs = updates
    .flatMap((update) => Y.decodeUpdateV2(update).structs)
    .toSorted((a, b) => a.id.client - b.id.client || a.id.clock - b.id.clock)
  const next = new Map<number, number>()
  return structs
    .flatMap((struct) => {
      if (!('content' in struct) || !(struct.content instanceof Y.ContentString)) return []
      const { client, clock } = struct.id
      // The same letters may have come more than once, in one piece or in several.
      const known = Math.max(0, (next.get(client) ?? 0) - clock)
      next.set(client, Math.max(next.get(client) ?? 0, clock + struct.length))
      return [struct.content.str.slice(known)]
    })
    .join('')
}

export const entriesIn = ({ bytes }: TappedMessage): readonly Uint8Array[] => {
  const decoded = decodeMessage(bytes)
  return decoded.ok && decoded.value.type === 'entries' ? decoded.value.entries : []
}

export const inSomeEncoding = (bytes: Uint8Array, marker: string): boolean => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return buffer.includes(Buffer.from(marker, 'utf8')) || buffer.includes(Buffer.from(marker, 'utf16le'))
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => joinPath(entry.parentPath, entry.name))
    .filter((path) => statSync(path).size < 512 * 1024 * 1024)
}

/** Files of a profile that hold the marker in clear. */
export const onDisk = (profile: string, marker: string): readonly string[] =>
  filesBelow(profile).filter((path) => inSomeEncoding(readFileSync(path), marker))

/** What circles cost: a removal in bytes, and the code that keeps them in bytes. In Node: nothing here asks for a browser. */
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Rollup } from 'vite'
import { removeFrom } from '../../shared/membership/remove-from.ts'
import { setUp } from '../../shared/membership/testing.ts'

const root = resolve(import.meta.dirname, '../..')

export interface RemovalBytes {
  /** Of the removal and of the new key with it. */
  readonly records: number
  readonly bytes: number
  /** Of the boxes alone that hold the new key, one for each of those who stay. */
  readonly boxes: number
}

const BOX = 80

/** Of one of so many members, each with one computer; after one change of keys, so that an older key is sealed under the new one. */
export async function removalBytes(members: number): Promise<RemovalBytes> {
  const { actors } = await setUp(Array.from({ length: members }, (_, index) => `member ${index}`))
  const [founder] = actors
  const removed = actors.at(-1)
  if (founder === undefined || removed === undefined) throw new Error('nobody')
  const { membership, store } = founder
  const before = new Set(store.kept.keys())
  const place = { device: removed.secrets.device, incarnation: 0, seq: 300, hash: [...before][0] ?? ('' as never) }
  const done = await removeFrom(membership, { member: removed.secrets.member }, [place])
  if (!done.ok) throw new Error(done.error)
  const added = [...store.kept.values()].filter(({ hash }) => !before.has(hash))
  return {
    records: added.length,
    bytes: added.reduce((sum, { bytes }) => sum + bytes.length, 0),
    boxes: (members - 1) * BOX,
  }
}

/** Minified, as it is shipped; and that through gzip. */
export async function bundleBytes(entry: string): Promise<{ readonly bytes: number; readonly gzip: number }> {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      write: false,
      target: 'chrome120',
      modulePreload: false,
      rollupOptions: {
        input: resolve(root, entry),
        preserveEntrySignatures: 'strict',
        output: { format: 'es', codeSplitting: false },
      },
    },
  })
  const outputs = (Array.isArray(built) ? built : [built]) as Rollup.RollupOutput[]
  const code = outputs.flatMap(({ output }) => output).flatMap((part) => (part.type === 'chunk' ? [part.code] : []))
  const bytes = Buffer.from(code.join('\n'))
  return { bytes: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length }
}

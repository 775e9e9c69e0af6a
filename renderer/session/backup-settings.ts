/** Where backups go and how the last ones went; kept sealed in the store. */
import * as v from 'valibot'
import { fromUtf8, randomBytes, toHex, utf8, type Bytes } from '../../shared/base/bytes.ts'
import type { BackupProblem } from '../../shared/model/backups.ts'

export const BACKUPS_VALUE = 'backups'
const VERSION = 1

const PROBLEMS: readonly BackupProblem[] = [
  'folder-missing',
  'drive-missing',
  'not-a-folder',
  'inside-profile',
  'not-writable',
  'disk-full',
  'does-not-read-back',
  'storage-failed',
  'write-failed',
]

const time = v.pipe(v.number(), v.finite())

const schema = v.object({
  /** Of this installation: others may keep theirs in the same folder. 8 hexadecimal digits. */
  series: v.pipe(v.string(), v.regex(/^[0-9a-f]{8}$/)),
  folder: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(4096))),
  sameDisk: v.boolean(),
  last: v.exactOptional(v.object({ at: time, bytes: v.number(), name: v.string() })),
  problem: v.exactOptional(v.object({ at: time, reason: v.picklist(PROBLEMS) })),
})

export type BackupSettings = Readonly<v.InferOutput<typeof schema>>

export const newBackupSettings = (): BackupSettings => ({ series: toHex(randomBytes(4)), sameDisk: false })

export const encodeBackupSettings = (settings: BackupSettings): Bytes =>
  utf8(JSON.stringify({ version: VERSION, ...settings }))

/** Where there is nothing that can be read, no folder was chosen: the person is told so, and chooses. */
export function decodeBackupSettings(stored: Uint8Array | undefined): BackupSettings {
  if (stored === undefined || stored.length === 0) return newBackupSettings()
  try {
    return v.parse(schema, JSON.parse(fromUtf8(stored)))
  } catch {
    // Not JSON, or not these fields: nothing else depends on it.
    return newBackupSettings()
  }
}

export const isBackupProblem = (name: string): name is BackupProblem => PROBLEMS.some((known) => known === name)

/** Which update files were made and opened on this computer: sealed in the store, for the person to look at. */
import type { Bytes } from '../../shared/base/bytes.ts'
import { describeThrown } from '../../shared/base/errors.ts'
import { createLive } from '../../shared/base/live.ts'
import type { Live, UpdateFileLogEntry } from '../../shared/model/contexts.ts'
import type { CircleStore } from '../../shared/sync/store.ts'
import { MAX_UPDATE_FILE } from '../../shared/update-file/limits.ts'
import { createWriter, decodeAll, refuse, type Reader } from '../../shared/wire/codec.ts'
import { MAX_NAME, MAX_SEQ, MAX_TIME } from '../../shared/wire/limits.ts'

const KEY = 'update-files'
const VERSION = 1
const MAX_KEPT = 100
const KINDS = ['made', 'opened'] as const

export const encodeFileLog = (entries: readonly UpdateFileLogEntry[]): Bytes =>
  createWriter()
    .byte(VERSION)
    .list(entries, (to, { kind, at, person, changes, bytes }) =>
      to.byte(KINDS.indexOf(kind)).uint(at).text(person).uint(changes).uint(bytes),
    )
    .done()

const readEntry = (reader: Reader): UpdateFileLogEntry => ({
  kind: KINDS[reader.byte()] ?? refuse('malformed', 'kind'),
  at: reader.uint(MAX_TIME),
  person: reader.text(MAX_NAME),
  changes: reader.uint(MAX_SEQ),
  bytes: reader.uint(MAX_UPDATE_FILE),
})

/** What cannot be read is a list on a screen, and begins anew. */
export function decodeFileLog(bytes: Uint8Array): readonly UpdateFileLogEntry[] {
  const read = decodeAll(bytes, (reader) => {
    if (reader.byte() !== VERSION) refuse('other-version', 'update files')
    return reader.list(MAX_KEPT, readEntry)
  })
  return read.ok ? read.value : []
}

export async function openFileLog(
  store: Pick<CircleStore, 'value' | 'setValue'>,
  log: (line: string) => void,
): Promise<{ readonly live: Live<readonly UpdateFileLogEntry[]>; add(entry: UpdateFileLogEntry): Promise<void> }> {
  const stored = await store.value(KEY)
  const live = createLive(stored === undefined ? [] : decodeFileLog(stored))
  return {
    live,
    async add(entry) {
      live.set([entry, ...live.get()].slice(0, MAX_KEPT))
      try {
        await store.setValue(KEY, encodeFileLog(live.get()))
      } catch (thrown) {
        // The save state tells of a store that stopped; the file itself was made or opened all the same.
        log(`the list of update files was not stored: ${describeThrown(thrown)}`)
      }
    },
  }
}

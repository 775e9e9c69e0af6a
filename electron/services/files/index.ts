/**
 * Update files that the system asks this app to open: a double press on one, or its name among the arguments. The window reads what
 * the person opened and nothing else; it never names a path.
 */
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { describeThrown } from '../../../shared/base/errors.ts'
import { createEmitter } from '../../../shared/base/emitter.ts'
import { HostError } from '../../../shared/host/errors.ts'
import type { FilesEvent, FilesPort, FileToOpen } from '../../../shared/host/ports.ts'
import { MAX_FILE_PART, MAX_FILES_TO_OPEN } from '../../../shared/host/schemas.ts'

const EXTENSION = '.teatray'

export const isUpdateFile = (path: string): boolean => !path.startsWith('-') && path.toLowerCase().endsWith(EXTENSION)

export interface FilesService {
  readonly port: FilesPort
  /** A path that the system handed over. Others than update files are passed over, and logged. */
  offer(path: string): Promise<void>
  onEvent(handler: (event: FilesEvent) => void): () => void
}

export function createFilesService({ log }: { readonly log: (line: string) => void }): FilesService {
  const waiting = new Map<string, { readonly path: string; readonly file: FileToOpen }>()
  const events = createEmitter<FilesEvent>()
  let count = 0

  const pathOf = (id: string): string => {
    const found = waiting.get(id)
    if (found === undefined) throw new HostError('no-such-file')
    return found.path
  }

  return {
    port: {
      waiting: () => Promise.resolve([...waiting.values()].map(({ file }) => file)),
      async read({ id, offset }) {
        const handle = await open(pathOf(id), 'r')
        try {
          const part = new Uint8Array(MAX_FILE_PART)
          const { bytesRead } = await handle.read(part, 0, part.length, offset)
          return { bytes: part.slice(0, bytesRead) }
        } finally {
          await handle.close()
        }
      },
      done({ id }) {
        waiting.delete(id)
        return Promise.resolve()
      },
    },
    async offer(path) {
      if (!isUpdateFile(path) || waiting.size >= MAX_FILES_TO_OPEN) return log('files: one was not taken')
      try {
        const found = await stat(path)
        if (!found.isFile()) return log('files: something that is no file was not taken')
        count += 1
        const id = `file ${count}`
        waiting.set(id, { path, file: { id, name: basename(path), size: found.size } })
        events.emit({ type: 'files-waiting' })
      } catch (thrown) {
        log(`files: one could not be found: ${describeThrown(thrown)}`)
      }
    },
    onEvent: (handler) => events.on(handler),
  }
}

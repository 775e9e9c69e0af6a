/** A backup somebody picked: checked whole, then brought back where nothing is set up. */
import { describeThrown, fail, ok, type Result } from '../../shared/base/errors.ts'
import type { Bytes } from '../../shared/base/bytes.ts'
import type { HostPorts } from '../../shared/host/ports.ts'
import type { BackupFileProblem, PickedFile, ReadableBackup, RestoringProblem } from '../../shared/model/backups.ts'
import { checkArchive, type ArchiveSource } from '../backup/archive.ts'
import { restoreBackup } from '../backup/restore.ts'
import { readKeyringText } from '../keyring/open-text.ts'

/** The rows, what IndexedDB writes beside them, and its log. */
const ROOM_FOR_EACH_BYTE = 3

const sourceOf = (file: PickedFile): ArchiveSource => ({
  size: file.size,
  read: async (offset, length) => new Uint8Array(await file.slice(offset, offset + length).arrayBuffer()),
})

export async function readBackup(request: {
  readonly file: PickedFile
  readonly storage: HostPorts['storage']
  /** At the first run, and nowhere else. */
  readonly mayRestore: () => boolean
  /** A set-up was cut off before it was told a name. */
  readonly isUnfinished: () => boolean
  /** From the root key, which it wipes, to the screen. */
  readonly open: (rootKey: Bytes) => Promise<Result<void, string>>
  readonly log: (line: string) => void
}): Promise<Result<ReadableBackup, BackupFileProblem>> {
  const { file, storage, mayRestore, isUnfinished, open, log } = request
  const archive = await checkArchive(sourceOf(file))
  if (!archive.ok) return archive
  const { header } = archive.value
  const keyring = readKeyringText(header.keyring)
  if (!keyring.ok) return keyring

  const restore: ReadableBackup['restore'] = async (secret) => {
    if (!mayRestore()) return fail('not-empty')
    const { low, freeBytes } = await storage.space()
    if (low || freeBytes < ROOM_FOR_EACH_BYTE * file.size) return fail('disk-full')
    const restored = await restoreBackup({
      archive: archive.value,
      secret,
      replacesUnfinished: isUnfinished(),
    })
    if (!restored.ok) {
      log(`restoring: ${restored.error} ${restored.detail ?? ''}`)
      return restored
    }
    const opened = await open(restored.value)
    return opened.ok ? opened : fail('storage-failed', opened.detail ?? opened.error)
  }

  return ok({
    createdAt: header.createdAt,
    hasSheets: keyring.value.sheets.length > 0,
    restore: (secret) =>
      restore(secret).catch((thrown: unknown): Result<void, RestoringProblem> => {
        log(`restoring: ${describeThrown(thrown)}`)
        return fail('storage-failed', describeThrown(thrown))
      }),
  })
}

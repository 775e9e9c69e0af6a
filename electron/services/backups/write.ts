/** One backup on its way to the disk: under another name until all of it is there. */
import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { describeThrown } from '../../../shared/base/errors.ts'
import { HostError } from '../../../shared/host/errors.ts'
import type { BackupFile } from '../../../shared/host/ports.ts'
import { nameOfFault, withFile, type Files, type OpenFile } from './files.ts'
import { backupName, unfinishedName, type BackupName } from './names.ts'

export interface Writing {
  append(bytes: Uint8Array): Promise<void>
  /** On the disk under its own name, read back and the same; or it is not there at all. */
  commit(): Promise<BackupFile>
  abort(): Promise<void>
}

const READ_AT_ONCE = 1024 * 1024

export async function startWriting(
  files: Files,
  folder: string,
  named: BackupName,
  log: (line: string) => void,
): Promise<Writing> {
  const name = backupName(named)
  const path = join(folder, name)
  const unfinished = join(folder, unfinishedName(name))
  const file = await files.create(unfinished).catch((thrown: unknown) => {
    throw new HostError(nameOfFault(thrown), describeThrown(thrown))
  })
  const sum = createHash('sha256')
  let bytes = 0
  let isOpen = true

  const close = async (): Promise<void> => {
    if (!isOpen) return
    isOpen = false
    await file.close()
  }
  /** The first failure is what is told; what cannot be tidied up now is found by the next backup. */
  const giveUp = async (leftover: string): Promise<void> => {
    for (const step of [close, () => files.remove(leftover)]) {
      await step().catch((thrown: unknown) => log(`backups: tidying up: ${describeThrown(thrown)}`))
    }
  }
  const orGiveUp = async <Value>(work: () => Promise<Value>, leftover = unfinished): Promise<Value> => {
    try {
      return await work()
    } catch (thrown) {
      await giveUp(leftover)
      if (thrown instanceof HostError) throw thrown
      throw new HostError(nameOfFault(thrown), describeThrown(thrown))
    }
  }

  return {
    append: (part) =>
      orGiveUp(async () => {
        if (!isOpen) throw new HostError('not-begun')
        await file.write(part)
        sum.update(part)
        bytes += part.length
      }),
    async commit() {
      await orGiveUp(async () => {
        if (!isOpen) throw new HostError('not-begun')
        await file.sync()
        await close()
        // A rename would put it in the place of one that is there.
        if ((await files.kind(path)) !== undefined) throw new HostError('write-failed', 'there is one of that name')
        await files.rename(unfinished, path)
      })
      await orGiveUp(async () => {
        await files.syncFolder(dirname(path))
        const back = await withFile(await files.open(path), sumOf)
        if (back !== sum.digest('hex')) throw new HostError('does-not-read-back', name)
      }, path)
      return { name, madeAt: named.madeAt, bytes }
    },
    abort: () => giveUp(unfinished),
  }
}

async function sumOf(file: OpenFile): Promise<string> {
  const sum = createHash('sha256')
  for (let at = 0; ;) {
    const part = await file.read(at, READ_AT_ONCE)
    if (part.length === 0) return sum.digest('hex')
    sum.update(part)
    at += part.length
  }
}

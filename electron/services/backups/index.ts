/**
 * Backups as files in a folder of the person's choice. What is in them is sealed before it gets here. One is written at a
 * time; links are never followed out of the folder, and no file is touched whose name this service did not make.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Clock } from '../../../shared/base/clock.ts'
import { describeThrown } from '../../../shared/base/errors.ts'
import { HostError } from '../../../shared/host/errors.ts'
import type { BackupFile, BackupsPort } from '../../../shared/host/ports.ts'
import { nameOfFault, realFiles, withFile, type Files } from './files.ts'
import { makeFolder, resolveFolder, suggestFolder, tryFolder } from './folder.ts'
import { backupName, isUnfinishedOf, readBackupName, unfinishedName } from './names.ts'
import { backupsToRemove } from './rotation.ts'
import { startWriting, type Writing } from './write.ts'

export interface BackupsOptions {
  readonly profileDirectory: string
  readonly clock: Clock
  readonly log: (line: string) => void
  /** The system's own window for it. Undefined: there is none here, the person types the folder. */
  readonly chooseFolder?: (() => Promise<string | undefined>) | undefined
  readonly files?: Files
}

export interface BackupsService {
  readonly port: BackupsPort
  /** What is half written is taken away. */
  close(): Promise<void>
}

export function createBackupsService(options: BackupsOptions): BackupsService {
  const { profileDirectory, clock, log, chooseFolder, files = realFiles } = options
  let current: { readonly id: string; readonly writing: Writing } | undefined

  const stop = async (): Promise<void> => {
    const stopped = current
    current = undefined
    await stopped?.writing.abort()
  }
  const writingOf = (id: string): Writing => {
    if (current?.id !== id) throw new HostError('not-begun', id)
    return current.writing
  }
  const resolve = (folder: string): Promise<string> => resolveFolder(files, folder, profileDirectory)

  /** Of a process that was killed. */
  const clearUnfinished = async (folder: string, series: string): Promise<void> => {
    for (const name of await files.list(folder)) {
      if (isUnfinishedOf(series, name)) await files.remove(join(folder, name))
    }
  }

  const list = async (folder: string, series: string): Promise<readonly BackupFile[]> => {
    const found: BackupFile[] = []
    for (const name of await files.list(folder)) {
      const named = readBackupName(name)
      const path = join(folder, name)
      if (named?.series !== series || (await files.kind(path)) !== 'file') continue
      found.push({ name, madeAt: named.madeAt, bytes: await withFile(await files.open(path), (file) => file.size()) })
    }
    return found.toSorted((a, b) => b.madeAt - a.madeAt)
  }

  const oursAt = async (folder: string, name: string): Promise<string> => {
    if (readBackupName(name) === undefined) throw new HostError('not-a-backup', name)
    const path = join(await resolve(folder), name)
    const kind = await files.kind(path)
    if (kind === undefined) throw new HostError('no-such-backup', name)
    if (kind !== 'file') throw new HostError('not-a-backup', name)
    return path
  }

  const port: BackupsPort = {
    async suggestFolder() {
      return { folder: await suggestFolder(files), canChoose: chooseFolder !== undefined }
    },
    async chooseFolder() {
      if (chooseFolder === undefined) throw new HostError('not-available')
      return { folder: (await chooseFolder()) ?? '' }
    },
    async checkFolder({ folder, create }) {
      if (create) await makeFolder(files, folder)
      const probe = unfinishedName(backupName({ madeAt: clock.now(), series: randomBytes(4).toString('hex') }))
      return tryFolder(files, await resolve(folder), profileDirectory, probe)
    },
    async begin({ folder, series }) {
      await stop()
      const path = await resolve(folder)
      await clearUnfinished(path, series)
      const madeAt = Math.floor(clock.now() / 1000) * 1000
      const writing = await startWriting(files, path, { madeAt, series }, log)
      const id = randomBytes(8).toString('hex')
      current = { id, writing }
      return { id }
    },
    async append({ id, bytes }) {
      await writingOf(id).append(bytes)
    },
    async commit({ id }) {
      const writing = writingOf(id)
      current = undefined
      return writing.commit()
    },
    async abort({ id }) {
      if (current?.id === id) await stop()
    },
    async list({ folder, series }) {
      return list(await resolve(folder), series)
    },
    async read({ folder, name, offset, length }) {
      const file = await files.open(await oursAt(folder, name))
      return { bytes: await withFile(file, (opened) => opened.read(offset, length)) }
    },
    async remove({ folder, name }) {
      await files.remove(await oursAt(folder, name))
    },
    async tidy({ folder, series, made }) {
      const path = await resolve(folder)
      const removed = backupsToRemove(await list(path, series), made)
      for (const name of removed) await files.remove(join(path, name))
      return { removed: removed.length }
    },
  }
  return { port: named(port), close: () => stop().catch((thrown: unknown) => log(describeThrown(thrown))) }
}

/** Whatever the disk says has a name that a screen has a sentence for. */
function named(port: BackupsPort): BackupsPort {
  const orName =
    <Request extends readonly unknown[], Value>(call: (...request: Request) => Promise<Value>) =>
    async (...request: Request): Promise<Value> => {
      try {
        return await call(...request)
      } catch (thrown) {
        throw thrown instanceof HostError ? thrown : new HostError(nameOfFault(thrown), describeThrown(thrown))
      }
    }
  return {
    suggestFolder: orName(() => port.suggestFolder()),
    chooseFolder: orName(() => port.chooseFolder()),
    checkFolder: orName((request) => port.checkFolder(request)),
    begin: orName((request) => port.begin(request)),
    append: orName((request) => port.append(request)),
    commit: orName((request) => port.commit(request)),
    abort: orName((request) => port.abort(request)),
    list: orName((request) => port.list(request)),
    read: orName((request) => port.read(request)),
    remove: orName((request) => port.remove(request)),
    tidy: orName((request) => port.tidy(request)),
  }
}

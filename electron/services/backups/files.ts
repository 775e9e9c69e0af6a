/** The few things done to files, as a parameter of the service, so that a test can let any one of them go wrong. */
import { constants } from 'node:fs'
import { lstat, mkdir, open, readdir, realpath, rename, rm, stat, statfs } from 'node:fs/promises'

export interface OpenFile {
  write(bytes: Uint8Array): Promise<void>
  /** Shorter than `length` at the end of the file. */
  read(offset: number, length: number): Promise<Uint8Array>
  size(): Promise<number>
  sync(): Promise<void>
  close(): Promise<void>
}

export interface Files {
  /** A new file for this person alone; rejects where there is one. */
  create(path: string): Promise<OpenFile>
  /** Rejects where it is a link, or no file. */
  open(path: string): Promise<OpenFile>
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  list(folder: string): Promise<readonly string[]>
  /** Makes one folder, never those above it. */
  makeFolder(path: string): Promise<void>
  realPath(path: string): Promise<string>
  /** Of what is at the path itself, link or not. Undefined: nothing is. */
  kind(path: string): Promise<'file' | 'folder' | 'other' | undefined>
  /** Number of the file system that it lies on. */
  device(path: string): Promise<number>
  freeBytes(path: string): Promise<number>
  /** So that a name is on the disk, and not only the bytes it stands for. */
  syncFolder(path: string): Promise<void>
}

// Not on Windows, where making a link needs rights that other programs of this person do not have.
const NO_LINKS = constants.O_NOFOLLOW ?? 0

const codeOf = (thrown: unknown): unknown => (thrown instanceof Error && 'code' in thrown ? thrown.code : undefined)

async function openWith(path: string, flags: number): Promise<OpenFile> {
  const file = await open(path, flags, 0o600)
  return {
    async write(bytes) {
      for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten
    },
    async read(offset, length) {
      const buffer = new Uint8Array(length)
      let at = 0
      while (at < length) {
        const { bytesRead } = await file.read(buffer, at, length - at, offset + at)
        if (bytesRead === 0) break
        at += bytesRead
      }
      return buffer.subarray(0, at)
    },
    size: async () => (await file.stat()).size,
    sync: () => file.sync(),
    close: () => file.close(),
  }
}

/** Opened only for as long as `work` takes. */
export async function withFile<Value>(file: OpenFile, work: (file: OpenFile) => Promise<Value>): Promise<Value> {
  try {
    return await work(file)
  } finally {
    await file.close()
  }
}

export const realFiles: Files = {
  create: (path) => openWith(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | NO_LINKS),
  open: (path) => openWith(path, constants.O_RDONLY | NO_LINKS),
  rename,
  remove: (path) => rm(path, { force: true }),
  list: (folder) => readdir(folder),
  makeFolder: (path) => mkdir(path, { mode: 0o700 }),
  realPath: realpath,
  async kind(path) {
    try {
      const found = await lstat(path)
      return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other'
    } catch (thrown) {
      if (codeOf(thrown) === 'ENOENT' || codeOf(thrown) === 'ENOTDIR') return undefined
      throw thrown
    }
  },
  device: async (path) => (await stat(path)).dev,
  async freeBytes(path) {
    const { bavail, bsize } = await statfs(path)
    return bavail * bsize
  },
  async syncFolder(path) {
    // Windows opens no folder; some file systems of sticks and networks know no such thing.
    if (process.platform === 'win32') return
    const folder = await open(path, constants.O_RDONLY)
    try {
      await folder.sync()
    } catch (thrown) {
      if (!['EINVAL', 'ENOTSUP', 'ENOSYS'].includes(String(codeOf(thrown)))) throw thrown
    } finally {
      await folder.close()
    }
  },
}

/** What went wrong, by the name a screen has a sentence for. */
export function nameOfFault(thrown: unknown): 'disk-full' | 'not-writable' | 'folder-missing' | 'write-failed' {
  switch (codeOf(thrown)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'disk-full'
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'not-writable'
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENODEV':
    case 'ENXIO':
      return 'folder-missing'
    default:
      return 'write-failed'
  }
}

/** The folder a person chose for backups: whether it is there, and what it is worth. */
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'
import { HostError } from '../../../shared/host/errors.ts'
import type { BackupFolder } from '../../../shared/host/ports.ts'
import { nameOfFault, type Files } from './files.ts'

const FOLDER_NAME = 'Teatray backups'

export async function suggestFolder(files: Pick<Files, 'kind'>, home = homedir()): Promise<string> {
  const documents = join(home, 'Documents')
  return join((await files.kind(documents)) === 'folder' ? documents : home, FOLDER_NAME)
}

const isWithin = (folder: string, path: string): boolean => {
  const way = relative(folder, path)
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way))
}

/** Where it really is. Rejects 'folder-missing', 'not-a-folder' or 'inside-profile'. */
export async function resolveFolder(files: Files, folder: string, profileDirectory: string): Promise<string> {
  if (!isAbsolute(folder)) throw new HostError('not-a-folder', folder)
  const path = await real(files, folder)
  if ((await files.kind(path)) !== 'folder') throw new HostError('not-a-folder', folder)
  // It would go with what it is there to bring back.
  if (isWithin(await files.realPath(profileDirectory), path)) throw new HostError('inside-profile', folder)
  return path
}

async function real(files: Files, folder: string): Promise<string> {
  try {
    return await files.realPath(folder)
  } catch (thrown) {
    throw new HostError(nameOfFault(thrown), folder)
  }
}

/** Only ever the last part: what is above may be a disk that is not plugged in, and would be made on the wrong one. */
export async function makeFolder(files: Files, folder: string): Promise<void> {
  if (!isAbsolute(folder)) throw new HostError('not-a-folder', folder)
  if ((await files.kind(folder)) !== undefined) return
  try {
    await files.makeFolder(join(dirname(folder), basename(folder)))
  } catch (thrown) {
    throw new HostError(nameOfFault(thrown), folder)
  }
}

/** Tries it out by writing a file and taking it away again. Rejects as resolveFolder does, or as a write would. */
export async function tryFolder(
  files: Files,
  path: string,
  profileDirectory: string,
  probe: string,
): Promise<BackupFolder> {
  const file = join(path, probe)
  try {
    const written = await files.create(file)
    try {
      await written.write(new Uint8Array(1))
    } finally {
      await written.close()
      await files.remove(file)
    }
  } catch (thrown) {
    throw new HostError(nameOfFault(thrown), path)
  }
  return {
    folder: path,
    freeBytes: await files.freeBytes(path),
    sameDisk: (await files.device(path)) === (await files.device(profileDirectory)),
  }
}

/**
 * What the window had this host remember of its storage. It lies outside of that storage, so that a start that finds the storage empty,
 * or older than it was, can tell.
 */
import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { describeThrown } from '../../../shared/base/errors.ts'
import type { Remembered } from '../../../shared/host/ports.ts'
import { remembered } from '../../../shared/host/schemas.ts'

export const REMEMBERED_FILE = 'remembered.json'

const file = v.object({ version: v.literal(1), remembered })

/** What cannot be understood is as good as nothing, and is written anew at the next opening. */
export async function readRemembered(
  directory: string,
  log: (line: string) => void,
): Promise<{ readonly known?: Remembered }> {
  try {
    const parsed = v.safeParse(file, JSON.parse(await readFile(join(directory, REMEMBERED_FILE), 'utf8')))
    if (parsed.success) return { known: parsed.output.remembered }
    log(`profile: ${REMEMBERED_FILE} cannot be understood: ${parsed.issues[0].message}`)
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'))
      log(`profile: ${REMEMBERED_FILE} cannot be read: ${describeThrown(thrown)}`)
  }
  return {}
}

/** Whole or not at all: a temporary file, flushed, then renamed over the old one. */
export async function writeRemembered(directory: string, value: Remembered): Promise<void> {
  const path = join(directory, REMEMBERED_FILE)
  const temporary = `${path}.${process.pid}.tmp`
  try {
    const opened = await open(temporary, 'w', 0o600)
    try {
      await opened.writeFile(`${JSON.stringify({ version: 1, remembered: value })}\n`)
      await opened.sync()
    } finally {
      await opened.close()
    }
    await rename(temporary, path)
  } catch (thrown) {
    await rm(temporary, { force: true })
    throw thrown
  }
}

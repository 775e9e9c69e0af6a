/**
 * Notices storage that is not the one that was last used here: an old copy that was put back, or that of another computer. Whoever
 * writes on from an old copy says two things at one place of a log, so all circles go on under a new incarnation then. The host keeps
 * the number to compare with, outside of the storage; where both were put back together, nothing is noticed here.
 */
import { randomBytes, toHex } from '../../shared/base/bytes.ts'
import { describeThrown } from '../../shared/base/errors.ts'
import type { ProfilePort, Remembered } from '../../shared/host/ports.ts'
import { readGeneration, writeGeneration, type Generation } from '../keyring/generation.ts'

/** 'older': than when it was last used here. 'elsewhere': it was never used here, or what it was is not known. */
export type Found = 'as-left' | 'older' | 'elsewhere'

/** `kept`: by the host. A number that is ahead of it is a crash between the two, or a host's file that is the old one. */
export function compareGenerations(stored: Generation | undefined, kept: Generation | undefined): Found {
  if (stored === undefined) return kept === undefined ? 'as-left' : 'older'
  if (kept === undefined || kept.mark !== stored.mark) return 'elsewhere'
  return stored.generation < kept.generation ? 'older' : 'as-left'
}

export interface Generations {
  /** Changes nothing. Where the host does not answer nothing is noticed. */
  compare(): Promise<Found>
  /** Once what was found has been noted: this storage is the one that is used here now. */
  advance(found: Found): Promise<void>
  /** For a start that finds nothing. Undefined: none are made. */
  rememberBackups(backups: Remembered['backups']): Promise<void>
}

export function createGenerations(profile: ProfilePort, log: (line: string) => void): Generations {
  let current: Remembered | undefined

  const kept = async (): Promise<Remembered | undefined> => (await profile.remembered()).known
  const stored = async (): Promise<Generation | undefined> => {
    const read = await readGeneration()
    if (!read.ok) throw new Error(read.detail ?? read.error)
    return read.value
  }
  const write = async (generation: Generation | undefined): Promise<void> => {
    const written = await writeGeneration(generation)
    if (!written.ok) throw new Error(written.detail ?? written.error)
  }
  const orLog = async <Value>(work: () => Promise<Value>, instead: Value): Promise<Value> => {
    try {
      return await work()
    } catch (thrown) {
      log(`generation: ${describeThrown(thrown)}`)
      return instead
    }
  }

  const advance = async (found: Found): Promise<void> => {
    const [before, known] = [await stored(), await kept()]
    // An old copy stays what it is, however often it is put back; what is new here gets a mark of its own.
    const own = found === 'older' ? (before ?? known)?.mark : before?.mark
    const mark = (found === 'elsewhere' ? undefined : own) ?? toHex(randomBytes(16))
    const generation = Math.max(before?.generation ?? 0, known?.generation ?? 0) + 1
    const backups = found === 'elsewhere' ? undefined : known?.backups
    current = { mark, generation, ...(backups === undefined ? {} : { backups }) }
    // The storage first: cut off between the two it is ahead, which is no news.
    await write({ mark, generation })
    try {
      await profile.remember(current)
    } catch (thrown) {
      // Or the next start would take it for another storage.
      await write(before)
      throw thrown
    }
  }

  return {
    compare: () => orLog(async () => compareGenerations(await stored(), await kept()), 'as-left'),
    advance: (found) => orLog(() => advance(found), undefined),
    rememberBackups: (backups) =>
      orLog(async () => {
        if (current === undefined) return
        const { mark, generation } = current
        const next = { mark, generation, ...(backups === undefined ? {} : { backups }) }
        if (JSON.stringify(next) === JSON.stringify(current)) return
        current = next
        await profile.remember(next)
      }, undefined),
  }
}

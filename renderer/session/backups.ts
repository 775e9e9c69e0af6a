/**
 * Backups while a person's papers are open: once a day by themselves, and when asked for. Each is written by the host, read back
 * whole and checked, and only then do older ones go. Nothing waits for it, and what goes wrong changes nothing but what it says.
 */
import type { Clock } from '../../shared/base/clock.ts'
import { describeThrown, fail, ok, type Result } from '../../shared/base/errors.ts'
import { createLive } from '../../shared/base/live.ts'
import { toHostError } from '../../shared/host/errors.ts'
import type { BackupFile, HostPorts } from '../../shared/host/ports.ts'
import { MAX_BACKUP_PART } from '../../shared/host/schemas.ts'
import type { BackupProblem, BackupsContext, BackupsView } from '../../shared/model/backups.ts'
import { systemTimers, type Timers } from '../../shared/sync/timers.ts'
import { checkArchive, verifyArchive, type ArchiveSource } from '../backup/archive.ts'
import { makeBackup } from '../backup/make-backup.ts'
import type { Store } from '../store/store.ts'
import {
  BACKUPS_VALUE,
  decodeBackupSettings,
  encodeBackupSettings,
  isBackupProblem,
  type BackupSettings,
} from './backup-settings.ts'

const DAY = 86_400_000
/** After unlocking, so that it is not in the way of what the person came for. */
const FIRST_LOOK = 20_000
const LOOK_EVERY = 30 * 60_000

export interface BackupsRequest {
  readonly ports: Pick<HostPorts, 'backups' | 'info'>
  readonly store: Pick<Store, 'value' | 'setValue'>
  /** Of backupKeyOf; wiped at the end. */
  readonly backupKey: Uint8Array
  /** Where they are, for a start that finds everything else gone. */
  readonly remember: (where: { readonly folder: string; readonly series: string } | undefined) => Promise<void>
  /** What was typed is put on the disk first. */
  readonly flush: () => Promise<void>
  /** One was written to the folder and read back. */
  readonly onMade: (bytes: number) => void
  readonly clock: Clock
  readonly timers?: Timers
  readonly log: (line: string) => void
}

export interface Backups {
  readonly context: BackupsContext
  /** What is half written is given up. */
  close(): Promise<void>
}

/** By how much the clock differs, whichever way: one that was set back must not mean that there is never another backup. */
export const isDue = (last: { readonly at: number } | undefined, now: number): boolean =>
  last === undefined || Math.abs(now - last.at) >= DAY

const problemOf = (thrown: unknown): BackupProblem => {
  const { error } = toHostError(thrown)
  return isBackupProblem(error) ? error : 'write-failed'
}

export async function openBackups(request: BackupsRequest): Promise<Backups> {
  const { ports, store, backupKey, flush, clock, log } = request
  const timers = request.timers ?? systemTimers
  let settings = decodeBackupSettings(await store.value(BACKUPS_VALUE))
  let running: Promise<Result<void, BackupProblem>> | undefined
  let closed = false
  let cancelLook: () => void = () => undefined
  const view = createLive<BackupsView>(viewOf(settings, false))
  const show = (): void => view.set(viewOf(settings, running !== undefined))

  const keep = async (next: BackupSettings): Promise<Result<void, 'storage-failed'>> => {
    settings = next
    show()
    try {
      await store.setValue(BACKUPS_VALUE, encodeBackupSettings(next))
      return ok(undefined)
    } catch (thrown) {
      log(`backups: the settings were not kept: ${describeThrown(thrown)}`)
      return fail('storage-failed', describeThrown(thrown))
    }
  }

  const write = async (folder: string): Promise<BackupFile> => {
    const { backups, info } = ports
    const { id } = await backups.begin({ folder, series: settings.series })
    try {
      const { appVersion } = await info.get()
      const made = await makeBackup({
        backupKey,
        appVersion,
        now: clock.now(),
        async write(bytes) {
          for (let at = 0; at < bytes.length; at += MAX_BACKUP_PART) {
            if (closed) throw new Error('locked')
            await backups.append({ id, bytes: bytes.subarray(at, at + MAX_BACKUP_PART) })
          }
        },
      })
      if (!made.ok) throw new Error(made.error)
      return await backups.commit({ id })
    } catch (thrown) {
      await backups.abort({ id }).catch((again: unknown) => log(`backups: ${describeThrown(again)}`))
      throw thrown
    }
  }

  /** From the disk as the host reads it: the host's own comparison knows only what reached it. */
  const check = async (folder: string, file: BackupFile): Promise<void> => {
    const source: ArchiveSource = {
      size: file.bytes,
      read: async (offset, length) => {
        if (closed) throw new Error('locked')
        const part = { folder, name: file.name, offset, length: Math.min(length, MAX_BACKUP_PART) }
        return (await ports.backups.read(part)).bytes
      },
    }
    const archive = await checkArchive(source)
    // Not looked at to the end: it stays, and the next one is made all the same.
    if (closed) throw new Error('locked')
    if (archive.ok && verifyArchive(archive.value, backupKey)) return
    log(`backups: not what was written: ${archive.ok ? 'MAC' : `${archive.error} ${archive.detail ?? ''}`}`)
    await ports.backups.remove({ folder, name: file.name })
    throw new Error('does-not-read-back')
  }

  const make = async (): Promise<Result<void, BackupProblem>> => {
    const { folder } = settings
    if (folder === undefined) return fail('folder-missing', 'none was chosen')
    try {
      await flush().catch((thrown: unknown) => log(`backups: not all is saved: ${describeThrown(thrown)}`))
      const found = await ports.backups.checkFolder({ folder, create: false })
      if (found.sameDisk && !settings.sameDisk) throw new Error('drive-missing')
      const file = await write(folder)
      await check(folder, file)
      request.onMade(file.bytes)
      const { problem: _, ...rest } = settings
      await keep({ ...rest, last: { at: file.madeAt, bytes: file.bytes, name: file.name } })
      await ports.backups.tidy({ folder, series: settings.series, made: file.name })
      return ok(undefined)
    } catch (thrown) {
      const reason = problemOf(thrown)
      log(`backups: ${describeThrown(thrown)}`)
      if (!closed) await keep({ ...settings, problem: { at: clock.now(), reason } })
      return fail(reason, describeThrown(thrown))
    }
  }

  const backUpNow = (): Promise<Result<void, BackupProblem>> => {
    if (running === undefined) {
      const work = make().finally(() => {
        running = undefined
        show()
      })
      running = work
      show()
    }
    return running
  }

  const look = (): void => {
    if (closed) return
    if (settings.folder !== undefined && isDue(settings.last, clock.now())) void backUpNow()
    cancelLook = timers.after(LOOK_EVERY, look)
  }
  cancelLook = timers.after(FIRST_LOOK, look)

  const tell = ({ folder, series }: BackupSettings): Promise<void> =>
    request.remember(folder === undefined ? undefined : { folder, series })
  await tell(settings)

  return {
    context: {
      view,
      suggest: () => ports.backups.suggestFolder(),
      async choose() {
        const { folder } = await ports.backups.chooseFolder()
        return folder === '' ? undefined : folder
      },
      async keepIn(wanted) {
        try {
          const { folder, sameDisk } = await ports.backups.checkFolder({ folder: wanted, create: true })
          const { problem: _, last, ...rest } = settings
          // What was made elsewhere is no backup in this folder.
          const kept = last !== undefined && settings.folder === folder ? { last } : {}
          const chosen = await keep({ ...rest, ...kept, folder, sameDisk })
          if (chosen.ok) await tell(settings)
          return chosen
        } catch (thrown) {
          log(`backups: ${describeThrown(thrown)}`)
          return fail(problemOf(thrown), describeThrown(thrown))
        }
      },
      async stopUsing() {
        const { series, sameDisk } = settings
        const stopped = await keep({ series, sameDisk })
        if (stopped.ok) await tell(settings)
        return stopped
      },
      backUpNow,
    },
    async close() {
      closed = true
      cancelLook()
      await running
      backupKey.fill(0)
    },
  }
}

function viewOf(settings: BackupSettings, running: boolean): BackupsView {
  const { series: _series, ...shown } = settings
  return { ...shown, running }
}

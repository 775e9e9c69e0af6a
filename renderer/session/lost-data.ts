/** At a start that finds nothing: was there something before, and is there a backup of it? */
import { describeThrown, fail, type Result } from '../../shared/base/errors.ts'
import type { BackupFile, HostPorts, Remembered } from '../../shared/host/ports.ts'
import { MAX_BACKUP_PART } from '../../shared/host/schemas.ts'
import type { BackupFileProblem, LostData, PickedFile, ReadableBackup } from '../../shared/model/backups.ts'

type Ports = Pick<HostPorts, 'profile' | 'backups'>
type Log = (line: string) => void

interface Found {
  readonly known: Remembered
  readonly latest: BackupFile | undefined
}

async function findLost({ profile, backups }: Ports, log: Log): Promise<Found | undefined> {
  try {
    const { known } = await profile.remembered()
    if (known === undefined) return undefined
    const kept = known.backups === undefined ? [] : await listOf(backups, known.backups, log)
    return { known, latest: kept[0] }
  } catch (thrown) {
    log(`what was here before is not known: ${describeThrown(thrown)}`)
    return undefined
  }
}

/** A stick that is not plugged in holds none for now. */
async function listOf(
  backups: HostPorts['backups'],
  where: NonNullable<Remembered['backups']>,
  log: Log,
): Promise<readonly BackupFile[]> {
  try {
    return await backups.list(where)
  } catch (thrown) {
    log(`backups: ${describeThrown(thrown)}`)
    return []
  }
}

/** Undefined: nothing was here before, as far as the host knows. */
export async function findLostData(ports: Ports, log: Log): Promise<LostData | undefined> {
  const found = await findLost(ports, log)
  if (found === undefined) return undefined
  const { known, latest } = found
  return {
    ...(known.backups === undefined ? {} : { folder: known.backups.folder }),
    ...(latest === undefined ? {} : { latest: { at: latest.madeAt, bytes: latest.bytes } }),
  }
}

const fileOf = (backups: HostPorts['backups'], folder: string, { name, bytes: size }: BackupFile): PickedFile => ({
  size,
  slice: (start, end) => ({
    async arrayBuffer() {
      const whole = new Uint8Array(Math.max(0, end - start))
      let filled = 0
      while (filled < whole.length) {
        const length = Math.min(MAX_BACKUP_PART, whole.length - filled)
        const { bytes } = await backups.read({ folder, name, offset: start + filled, length })
        if (bytes.length === 0) break
        whole.set(bytes, filled)
        filled += bytes.length
      }
      return whole.slice(0, filled).buffer
    },
  }),
})

/** The newest backup that the host still finds. */
export async function readLatestBackup(
  ports: Ports,
  read: (file: PickedFile) => Promise<Result<ReadableBackup, BackupFileProblem>>,
  log: Log,
): Promise<Result<ReadableBackup, BackupFileProblem>> {
  const found = await findLost(ports, log)
  if (found?.latest === undefined || found.known.backups === undefined) return fail('unreadable')
  return read(fileOf(ports.backups, found.known.backups.folder, found.latest))
}

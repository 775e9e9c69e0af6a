/**
 * The names of backup files. Only files with such a name are ever listed, read, counted or removed, so that a folder with other
 * things in it is safe. The series is the installation's: two of them may share a folder.
 */
export interface BackupName {
  /** Milliseconds of Unix time, whole seconds. */
  readonly madeAt: number
  /** 8 hexadecimal digits. */
  readonly series: string
}

const FINISHED = /^Teatray backup (\d{4})-(\d\d)-(\d\d) (\d\d)-(\d\d)-(\d\d) ([0-9a-f]{8})\.teatray-backup$/
const UNFINISHED_END = '.part'

const two = (count: number): string => String(count).padStart(2, '0')

/** In universal time: a name never changes with the season. */
export function backupName({ madeAt, series }: BackupName): string {
  const at = new Date(madeAt)
  const day = `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`
  const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join('-')
  return `Teatray backup ${day} ${time} ${series}.teatray-backup`
}

export function readBackupName(name: string): BackupName | undefined {
  const [, year, month, day, hour, minute, second, series] = FINISHED.exec(name) ?? []
  if (series === undefined) return undefined
  const madeAt = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  // 31 February is no date, and no name of ours.
  return backupName({ madeAt, series }) === name ? { madeAt, series } : undefined
}

/** Hidden, so that nobody takes half a backup for a whole one. */
export const unfinishedName = (name: string): string => `.${name}${UNFINISHED_END}`

export function isUnfinishedOf(series: string, name: string): boolean {
  if (!name.startsWith('.') || !name.endsWith(UNFINISHED_END)) return false
  return readBackupName(name.slice(1, -UNFINISHED_END.length))?.series === series
}

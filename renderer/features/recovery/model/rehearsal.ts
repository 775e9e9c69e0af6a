import type { AppSettings } from '../../../../shared/model/contexts.ts'
import type { RecoverySheet } from '../../../../shared/model/recovery.ts'

const MONTH_MS = 30 * 86_400_000

/** A sheet that was never tried since a month is suggested once more; "Not now" is good for another month. */
export const isRehearsalDue = (
  sheets: readonly RecoverySheet[],
  { triedAt, putOffAt }: AppSettings['recovery'],
  now: number,
): boolean =>
  sheets.length > 0 && now - Math.max(triedAt, putOffAt, ...sheets.map(({ createdAt }) => createdAt)) > MONTH_MS

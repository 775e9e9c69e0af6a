import type { i18n } from 'i18next'
import type { RecoverySheet } from '../../../../shared/model/recovery.ts'
import { plainDay, timeOfDay } from '../../../ui/index.ts'

/** As it stands on the paper. The time tells two sheets of one day apart. */
export const sheetName = (i18n: i18n, { createdAt }: Pick<RecoverySheet, 'createdAt'>): string =>
  i18n.getFixedT(i18n.language, 'recovery')('name', {
    day: plainDay(i18n, createdAt),
    time: timeOfDay(i18n, createdAt),
  })

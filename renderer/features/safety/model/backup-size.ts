import type { i18n } from 'i18next'

const KB = 1024

export function backupSize(i18n: i18n, bytes: number): string {
  const t = i18n.getFixedT(i18n.language, 'backup')
  const inMb = bytes / KB / KB
  return inMb >= 1 ? t('size.mb', { count: Math.ceil(inMb) }) : t('size.kb', { count: Math.ceil(bytes / KB) })
}

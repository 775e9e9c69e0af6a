import type { i18n } from 'i18next'
import type { UpdateFile } from '../../../../shared/model/contexts.ts'
import { dayInFileName, EXTENSION, fitForFileName } from '../../../ui/index.ts'

/** 'Teatray update for Bob, 22 November.teatray'. */
export function fileName(i18n: i18n, { to, madeAt }: Pick<UpdateFile, 'to' | 'madeAt'>): string {
  const t = i18n.getFixedT(i18n.language, 'files')
  const day = dayInFileName(i18n, madeAt)
  const name = to === undefined ? t('name.all', { day }) : t('name.one', { name: fitForFileName(to.name), day })
  return `${name}${EXTENSION}`
}

const KB = 1024

export function fileSize(i18n: i18n, bytes: number): string {
  const t = i18n.getFixedT(i18n.language, 'files')
  const inMb = bytes / KB / KB
  return inMb >= 1 ? t('size.mb', { count: Math.ceil(inMb) }) : t('size.kb', { count: Math.ceil(bytes / KB) })
}

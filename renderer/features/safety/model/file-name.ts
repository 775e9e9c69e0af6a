import type { i18n } from 'i18next'
import type { UpdateFile } from '../../../../shared/model/contexts.ts'

export const EXTENSION = '.teatray'
const LONGEST = 60

/** What no file system may be asked to keep in a name: Windows takes the least. */
// oxlint-disable-next-line no-control-regex -- control characters are among them
const UNFIT = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069<>:"/\\|?*]/g

const fit = (name: string): string =>
  name.replaceAll(UNFIT, ' ').replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST).trim()

/** 'Teatray update for Bob, 22 November.teatray'. */
export function fileName(i18n: i18n, { to, madeAt }: Pick<UpdateFile, 'to' | 'madeAt'>): string {
  const t = i18n.getFixedT(i18n.language, 'files')
  const day = new Intl.DateTimeFormat(i18n.language, { day: 'numeric', month: 'long' }).format(madeAt)
  const name = to === undefined ? t('name.all', { day }) : t('name.one', { name: fit(to.name), day })
  return `${name}${EXTENSION}`
}

const KB = 1024

export function fileSize(i18n: i18n, bytes: number): string {
  const t = i18n.getFixedT(i18n.language, 'files')
  const inMb = bytes / KB / KB
  return inMb >= 1 ? t('size.mb', { count: Math.ceil(inMb) }) : t('size.kb', { count: Math.ceil(bytes / KB) })
}

/** What the three files of a joining are called. The group's name is not in it: whoever carries a file sees what it is called. */
import type { i18n } from 'i18next'
import { dayInFileName, EXTENSION, fitForFileName } from '../../../ui/index.ts'

/** 'Teatray invitation from Alice, 22 November.teatray'; of a welcome the name is the newcomer's. */
export function joiningFileName(
  i18n: i18n,
  kind: 'invitation' | 'request' | 'welcome',
  name: string,
  at: number,
): string {
  const t = i18n.getFixedT(i18n.language, 'by-files')
  return `${t(`name.${kind}`, { name: fitForFileName(name), day: dayInFileName(i18n, at) })}${EXTENSION}`
}

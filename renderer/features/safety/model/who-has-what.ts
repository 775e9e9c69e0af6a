import type { i18n } from 'i18next'
import type { ComputerSync, Person, SeenElsewhere } from '../../../../shared/model/contexts.ts'
import { exchangedLine } from '../../../ui/index.ts'

const words = (i18n: i18n) => i18n.getFixedT(i18n.language, 'safety')

/** One computer of somebody who has several, by its name or its place among theirs. */
export function computerLine(i18n: i18n, { computers }: Person, sync: ComputerSync, now: number): string {
  const { id, name } = sync.computer
  const number = computers.findIndex((one) => one.id === id) + 1
  return exchangedLine(i18n, name === '' ? words(i18n)('who.computer', { number }) : name, sync, now)
}

/** 'Bob saw 5 changes from Cerys that are not here.' What is withheld can be seen from what others signed. */
export function seenLine(i18n: i18n, { by, of, count }: SeenElsewhere): string {
  const t = words(i18n)
  const values = { by: by.name, of: of.name, count }
  if (by.isMe) return of.isMe ? t('who.seen-own', values) : t('who.seen-by-me', values)
  if (by.id === of.id) return t('who.seen-theirs', values)
  return of.isMe ? t('who.seen-of-me', values) : t('who.seen', values)
}

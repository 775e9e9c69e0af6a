/** Sentences about who is in a circle and with which computers, made from the message catalogue. */
import type { i18n } from 'i18next'
import type { Computer, Person } from '../../../../shared/model/contexts.ts'

type Named = Pick<Person, 'id' | 'name' | 'isMe'>

const words = (i18n: i18n) => i18n.getFixedT(i18n.language, 'people')

const list = (i18n: i18n, parts: readonly string[]): string =>
  new Intl.ListFormat(i18n.language, { style: 'long', type: 'conjunction' }).format(parts)

export const sentenceStart = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Everybody by name, this person first as 'you': who can read something is never only counted. For within a sentence. */
export const allNames = (i18n: i18n, people: readonly Named[]): string =>
  list(
    i18n,
    people
      .toSorted((a, b) => Number(b.isMe) - Number(a.isMe))
      .map(({ name, isMe }) => (isMe ? words(i18n)('you-within') : name)),
  )

export const isOnlyMe = (people: readonly Named[]): boolean => people.every(({ isMe }) => isMe)

/** '2 computers: Kitchen and 1 without a name'. */
export function computersLine(i18n: i18n, computers: readonly Computer[]): string {
  const t = words(i18n)
  const named = computers.filter(({ name }) => name !== '').map(({ name }) => name)
  const unnamed = computers.length - named.length
  if (computers.length === 0) return t('computers-of.none')
  if (named.length === 0) return t('computers-of.count', { count: computers.length })
  const names = [...named, ...(unnamed === 0 ? [] : [t('computers-of.unnamed', { count: unnamed })])]
  return t('computers-of.named', { count: computers.length, names: list(i18n, names) })
}

/** How one computer of somebody is called among all of theirs. */
export const computerName = (i18n: i18n, computers: readonly Computer[], { id, name }: Computer): string =>
  name === '' ? words(i18n)('computers-of.one', { number: computers.findIndex((one) => one.id === id) + 1 }) : name

export const organisersOf = (people: readonly Person[]): readonly Person[] =>
  people.filter(({ role }) => role === 'organiser')

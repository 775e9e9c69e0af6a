import type { i18n } from 'i18next'
import type { Departure } from '../../../../shared/model/contexts.ts'

/** 'Asha took Dan out.' Who is gone, and by whom; there is no date, because clocks prove nothing. */
export function departureLine(i18n: i18n, { person, computer, by, outOfGroup }: Departure): string {
  const t = i18n.getFixedT(i18n.language, 'people')
  const { name } = person
  if (computer === undefined) {
    // True whoever's computer took them out here, and whether anybody had to press anything.
    if (outOfGroup === true && !person.isMe) return t('departures.with-group', { name })
    if (by === undefined) return person.isMe ? t('departures.left-you') : t('departures.left', { name })
    if (by.isMe) return t('departures.removed-you', { name })
    return person.isMe ? t('departures.removed-me', { by: by.name }) : t('departures.removed', { name, by: by.name })
  }
  const values = { name, computer: computer.name === '' ? t('departures.unnamed') : computer.name }
  if (by === undefined)
    return person.isMe ? t('departures.computer-yours', values) : t('departures.computer-own', values)
  if (by.isMe) return t('departures.computer-by-you', values)
  return person.isMe
    ? t('departures.computer-of-you', { ...values, by: by.name })
    : t('departures.computer', { ...values, by: by.name })
}

/** What takeIn() is to be asked for, one after the other. */
export const computersSetAside = ({ setAsideFrom = [] }: Departure) => setAsideFrom

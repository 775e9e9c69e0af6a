import type { i18n } from 'i18next'

const NAMES_AT_MOST = 3

/** 'Asha', 'Asha and Bob', 'Asha, Bob and Cerys', '4 people'. */
export function listNames(i18n: i18n, names: readonly string[]): string {
  if (names.length > NAMES_AT_MOST)
    return i18n.getFixedT(i18n.language, 'common')('people-count', { count: names.length })
  return new Intl.ListFormat(i18n.language, { style: 'long', type: 'conjunction' }).format(names)
}

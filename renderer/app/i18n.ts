import { createInstance, type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { enGB } from '../../resources/locales/en-GB/index.ts'
import '../../resources/locales/i18next-types.ts'

/** Ready at once: the words are part of the program. */
export function createI18n(): i18n {
  const instance = createInstance()
  void instance.use(initReactI18next).init({
    lng: 'en-GB',
    fallbackLng: 'en-GB',
    defaultNS: 'common',
    resources: { 'en-GB': enGB },
    // React escapes what it shows.
    interpolation: { escapeValue: false },
    initAsync: false,
  })
  return instance
}

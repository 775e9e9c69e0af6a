import 'i18next'
import type { enGB } from './en-GB/index.ts'

// A missing or misspelt entry is a compile error.
declare module 'i18next' {
  interface CustomTypeOptions {
    readonly defaultNS: 'common'
    readonly resources: typeof enGB
  }
}

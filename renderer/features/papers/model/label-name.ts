/** How a label's name is written, and when two are the same. Pure. */
import type { FieldValue, Fields } from '../../../../shared/model/record.ts'

/** The name without regard to capitals; the same on every computer, whatever its language. */
export type LabelKey = string & { readonly LabelKey: unique symbol }

export const LONGEST_LABEL = 40

const LABEL = 'label/'
/** Marks that turn or hide what stands around them; what joins the parts of one sign stays. */
const UNSEEN = /(?!\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu

/** Composed after the unseen is gone: what stood on both sides of it may be one letter. */
const plain = (typed: string): string =>
  typed.replaceAll(/\s+/g, ' ').replaceAll(UNSEEN, '').normalize('NFC').replaceAll(/ +/g, ' ').trim()

export const tidyLabel = (typed: string): string => Array.from(plain(typed)).slice(0, LONGEST_LABEL).join('').trim()

export const labelKey = (name: string): LabelKey => name.toLowerCase().normalize('NFC') as LabelKey

export const labelField = (key: LabelKey): string => `${LABEL}${key}`

/** Field 'label/KEY' holds the name as it was typed; false where it was taken away. Anything else is left alone, and not shown. */
export function readLabels(fields: Fields): ReadonlyMap<LabelKey, string> {
  const found = new Map<LabelKey, string>()
  for (const [field, value] of Object.entries(fields)) {
    if (!field.startsWith(LABEL) || !isLabel(value)) continue
    const key = labelKey(value)
    if (field === labelField(key)) found.set(key, value)
  }
  return found
}

const isLabel = (value: FieldValue | undefined): value is string =>
  typeof value === 'string' && value !== '' && value === tidyLabel(value)

/** Rows of measurements as a table. */
import { aligned } from '../aligned.ts'

export interface Row {
  readonly name: string
  /** A sentence instead of a number where there is none to be had. */
  readonly value: number | string
  readonly unit: string
  readonly baseline?: number | string
  /** What the baseline is, or what else has to be known. */
  readonly note?: string
}

const HEADER = ['what', 'value', 'unit', 'baseline', 'ratio', 'baseline is']

/** Three digits that count; whole numbers from 100 upwards. */
export function number(value: number | string | undefined): string {
  if (typeof value !== 'number') return value ?? ''
  if (value >= 100) return Math.round(value).toLocaleString('en-GB')
  return String(Number(value.toPrecision(3)))
}

const ratio = ({ value, baseline }: Row): string =>
  typeof value === 'number' && typeof baseline === 'number' && baseline > 0 ? `${number(value / baseline)} x` : ''

const cells = (row: Row): readonly string[] => [
  row.name,
  number(row.value),
  row.unit,
  number(row.baseline),
  ratio(row),
  row.note ?? '',
]

const IS_NUMBER = [false, true, false, true, true, false]

export const table = (rows: readonly Row[]): string => aligned(HEADER, rows.map(cells), IS_NUMBER)

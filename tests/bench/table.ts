/** Rows of measurements as a table that is read by people and by Markdown alike. */

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

export function table(rows: readonly Row[]): string {
  const all = [HEADER, ...rows.map(cells)]
  const widths = HEADER.map((_, column) => Math.max(...all.map((line) => (line[column] ?? '').length)))
  const line = (parts: readonly string[]): string =>
    `| ${parts.map((part, column) => (IS_NUMBER[column] ? part.padStart(widths[column] ?? 0) : part.padEnd(widths[column] ?? 0))).join(' | ')} |`
  const rule = `|${widths.map((width, column) => (IS_NUMBER[column] ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`
  return [line(HEADER), rule, ...rows.map((row) => line(cells(row)))].join('\n')
}

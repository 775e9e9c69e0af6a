/** A table that is read by people and by Markdown alike; numbers stand at the right of their column. */
export function aligned(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  isNumber: readonly boolean[],
): string {
  const all = [header, ...rows]
  const widths = header.map((_, column) => Math.max(...all.map((line) => (line[column] ?? '').length)))
  const line = (parts: readonly string[]): string =>
    `| ${parts.map((part, column) => (isNumber[column] ? part.padStart(widths[column] ?? 0) : part.padEnd(widths[column] ?? 0))).join(' | ')} |`
  const rule = `|${widths.map((width, column) => (isNumber[column] ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`
  return [line(header), rule, ...rows.map(line)].join('\n')
}

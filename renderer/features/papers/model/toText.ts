/** A paper's words as plain text or Markdown, read straight from its shared content. Pure; prompts of a template are left out. */
import * as Y from 'yjs'

export type TextKind = 'plain' | 'markdown'

type Marks = Readonly<Record<string, unknown>>

const escapeMarkdown = (text: string): string =>
  text.replaceAll(/[\\`*_[\]<>|]/g, '\\$&').replace(/^(\s*)([#+-]|\d+\.)(?=\s)/, '$1\\$2')

/** Markdown marks may not touch spaces: '**word **' would not be bold. */
function wrap(text: string, mark: string): string {
  const core = text.trim()
  return core === '' ? text : text.replace(core, () => `${mark}${core}${mark}`)
}

function inline(text: string, marks: Marks, kind: TextKind): string {
  const link = marks['link']
  const address = typeof link === 'object' && link !== null && 'href' in link ? String(link.href) : ''
  if (kind === 'plain') return address === '' || text === address ? text : `${text} (${address})`
  let marked = escapeMarkdown(text)
  if (marks['italic'] !== undefined) marked = wrap(marked, '*')
  if (marks['bold'] !== undefined) marked = wrap(marked, '**')
  return address === '' ? marked : `[${marked}](${address.replaceAll(')', '%29')})`
}

function words(element: Y.XmlElement, kind: TextKind): string {
  return element
    .toArray()
    .map((child) => {
      if (child instanceof Y.XmlElement) return child.nodeName === 'hardBreak' ? (kind === 'plain' ? '\n' : '\\\n') : ''
      if (!(child instanceof Y.XmlText)) return ''
      const parts: readonly { insert?: unknown; attributes?: Marks }[] = child.toDelta()
      return parts
        .map(({ insert, attributes }) => (typeof insert === 'string' ? inline(insert, attributes ?? {}, kind) : ''))
        .join('')
    })
    .join('')
}

const elements = (parent: Y.XmlFragment): Y.XmlElement[] =>
  parent.toArray().filter((child) => child instanceof Y.XmlElement)

function bullet(item: Y.XmlElement, index: number, kind: TextKind): string {
  if (item.nodeName === 'taskItem') {
    const ticked = String(item.getAttribute('checked')) === 'true'
    return kind === 'markdown' ? `- [${ticked ? 'x' : ' '}] ` : `[${ticked ? 'x' : ' '}] `
  }
  const numbered = item.parent instanceof Y.XmlElement && item.parent.nodeName === 'orderedList'
  return numbered ? `${index + 1}. ` : '- '
}

function list(element: Y.XmlElement, kind: TextKind): string {
  return elements(element)
    .map((item, index) => {
      const mark = bullet(item, index, kind)
      const body = elements(item)
        .map((child) => block(child, kind))
        .join('\n')
      return (
        mark +
        body.replaceAll('\n', `\n${' '.repeat(kind === 'markdown' && item.nodeName === 'taskItem' ? 2 : mark.length)}`)
      )
    })
    .join('\n')
}

function table(element: Y.XmlElement, kind: TextKind): string {
  const rows = elements(element).map((row) =>
    elements(row).map((cell) =>
      elements(cell)
        .map((child) => block(child, kind))
        .join(' ')
        .replaceAll('\n', ' '),
    ),
  )
  if (kind === 'plain') return rows.map((row) => row.join('\t')).join('\n')
  const width = Math.max(0, ...rows.map((row) => row.length))
  const line = (cells: readonly string[]): string =>
    `| ${Array.from({ length: width }, (_, index) => cells[index] ?? '').join(' | ')} |`
  const [head, ...rest] = rows
  if (head === undefined) return ''
  return [line(head), line(Array.from({ length: width }, () => '---')), ...rest.map(line)].join('\n')
}

function block(element: Y.XmlElement, kind: TextKind): string {
  switch (element.nodeName) {
    case 'heading': {
      const text = words(element, kind)
      const level = Math.min(3, Math.max(1, Number(element.getAttribute('level')) || 1))
      return kind === 'markdown' ? `${'#'.repeat(level)} ${text}` : text
    }
    case 'bulletList':
    case 'orderedList':
    case 'taskList':
      return list(element, kind)
    case 'table':
      return table(element, kind)
    default: {
      const inner = elements(element).filter(({ nodeName }) => nodeName !== 'hardBreak')
      // A kind of block from a later version: its words still come out.
      return inner.length === 0 ? words(element, kind) : inner.map((child) => block(child, kind)).join('\n')
    }
  }
}

/** Ends with one line break; empty for an empty paper. */
export function toText(fragment: Y.XmlFragment, kind: TextKind = 'plain'): string {
  const text = elements(fragment)
    .map((element) => block(element, kind))
    .filter((part) => part.trim() !== '')
    .join('\n\n')
  return text === '' ? '' : `${text}\n`
}

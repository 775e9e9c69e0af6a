/** A paper's words as plain text, as Markdown or for WhatsApp, read straight from its shared content. Pure; prompts of a template are left out. */
import * as Y from 'yjs'
import { bracketed, PICTURE, type Picture, pictureOf } from './pictures/picture.ts'

export type TextKind = 'plain' | 'markdown' | 'whatsapp'

type Marks = Readonly<Record<string, unknown>>

interface Part {
  readonly text: string
  readonly marks: Marks
}

const escapeWords = (text: string): string =>
  text.replaceAll(/[\\`*_[\]<>|~]/g, '\\$&').replaceAll(/&(?=#?\w+;)/g, '\\&')

/** An address that stands for itself. Within angle brackets all programs see where it ends; bare, some take in the signs behind it. */
const ADDRESS = /(https?:\/\/[^\s\\`*[\]<>|"']*[^\s\\`*[\]<>|"'~_.,:;!?)])/i

const escapeMarkdown = (text: string, isInLink: boolean): string =>
  text
    .replaceAll('\n', ' ')
    .split(ADDRESS)
    .map((part, index) => (index % 2 === 1 && !isInLink ? `<${part}>` : escapeWords(part)))
    .join('')
    // What would make a heading, a list or a line of it at the beginning of a line.
    .replace(/^(\s*)([#+=-])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, '$1\\$2')

/** What stands next to a run of marked words; undefined at the end of a line, and of a link's words. */
interface Around {
  readonly before: Part | undefined
  readonly after: Part | undefined
}

const isSign = (character: string | undefined): boolean => /[\p{P}\p{S}]/u.test(character ?? '')

/**
 * Beside it a mark is surely one. Beside letters Markdown asks for much; between two signs it might as well end something, and two marks
 * in a row may be read either way.
 */
const leavesRoom = (part: Part | undefined, outside: string | undefined, inside: string | undefined): boolean =>
  part === undefined ||
  /\s/.test(outside ?? ' ') ||
  (MARKS.every(({ name }) => part.marks[name] === undefined) && isSign(outside) && !isSign(inside))

/** Markdown marks may not touch spaces: '**word **' would not be bold. Where a mark has no room, Markdown takes the tag. */
function wrap(text: string, { mark, tag }: { readonly mark: string; readonly tag: string }, around: Around): string {
  const core = text.trim()
  if (core === '') return text
  const { before, after } = around
  // Three signs in a row are well understood only where both marks end together.
  const isBesideMark = /^\*|(?<!\\)\*$/.test(core) && !/^\*[^*]*\*$/.test(core)
  const hasRoom =
    !isBesideMark &&
    (!text.startsWith(core) || leavesRoom(before, before?.text.at(-1), core[0])) &&
    (!text.endsWith(core) || leavesRoom(after, after?.text[0], core.at(-1)))
  return text.replace(core, () => (hasRoom ? `${mark}${core}${mark}` : `<${tag}>${core}</${tag}>`))
}

function addressOf({ link }: Marks): string {
  return typeof link === 'object' && link !== null && 'href' in link ? String(link.href) : ''
}

const MARKS = [
  { name: 'bold', mark: '**', tag: 'strong' },
  { name: 'italic', mark: '*', tag: 'em' },
] as const

const textOf = (parts: readonly Part[]): string => parts.map(({ text }) => text).join('')

/** A mark goes on as long as the words next to each other have it, whatever else they have. */
function runsOf<Value>(parts: readonly Part[], valueOf: (part: Part) => Value): (readonly [Value, Part[]])[] {
  const runs: (readonly [Value, Part[]])[] = []
  for (const part of parts) {
    const value = valueOf(part)
    const last = runs.at(-1)
    if (last !== undefined && last[0] === value) last[1].push(part)
    else runs.push([value, [part]])
  }
  return runs
}

function marked(
  parts: readonly Part[],
  [first, ...rest]: readonly (typeof MARKS)[number][] = MARKS,
  around: Around = { before: undefined, after: undefined },
): string {
  if (first === undefined) return escapeMarkdown(textOf(parts), parts[0]?.marks['link'] !== undefined)
  const runs = runsOf(parts, ({ marks }) => marks[first.name] !== undefined)
  return runs
    .map(([isMarked, run], index) => {
      const before = runs[index - 1]?.[1].at(-1) ?? around.before
      const after = runs[index + 1]?.[1][0] ?? around.after
      const inner = marked(run, rest, { before, after })
      return isMarked ? wrap(inner, first, { before, after }) : inner
    })
    .join('')
}

/** WhatsApp marks words only where they stand free, and takes no mark of its own for a sign. */
function markedForChat(parts: readonly Part[], around: Around): string {
  const runs = runsOf(parts, ({ marks }) => `${marks['bold'] !== undefined} ${marks['italic'] !== undefined}`)
  return runs
    .map(([, run], index) => {
      const text = textOf(run)
      const core = text.trim()
      const marks = run[0]?.marks ?? {}
      const [bold, italic] = [marks['bold'] === undefined ? '' : '*', marks['italic'] === undefined ? '' : '_']
      const before = textOf(runs[index - 1]?.[1] ?? []).at(-1) ?? around.before?.text.at(-1) ?? ' '
      const after = textOf(runs[index + 1]?.[1] ?? [])[0] ?? around.after?.text[0] ?? ' '
      const isFree =
        (!text.startsWith(core) || !/[\p{L}\p{N}]/u.test(before)) &&
        (!text.endsWith(core) || !/[\p{L}\p{N}]/u.test(after))
      if (core === '' || !isFree) return text
      return text.replace(core, () => `${bold}${italic}${core}${italic}${bold}`)
    })
    .join('')
}

function inline(parts: readonly Part[], kind: TextKind): string {
  const runs = runsOf(parts, ({ marks }) => addressOf(marks))
  return runs
    .map(([address, run], index) => {
      const around = { before: runs[index - 1]?.[1].at(-1), after: runs[index + 1]?.[1][0] }
      const text = kind === 'whatsapp' && address === '' ? markedForChat(run, around) : textOf(run)
      if (kind === 'markdown') return address === '' ? marked(run) : `[${marked(run)}](${encoded(address)})`
      return address === '' || text === address ? text : `${text} (${address})`
    })
    .join('')
}

const ENCODED: Readonly<Record<string, string>> = { '<': '%3C', '>': '%3E', '\\': '%5C' }

/** In angle brackets a bracket of the address does not end it. */
function encoded(address: string): string {
  const safe = address.replaceAll(/[<>\\\s]/g, (sign) => ENCODED[sign] ?? encodeURIComponent(sign))
  return /[()]/.test(safe) ? `<${safe}>` : safe
}

function words(element: Y.XmlElement, kind: TextKind): string {
  return element
    .toArray()
    .map((child) => {
      if (child instanceof Y.XmlElement)
        return child.nodeName === 'hardBreak' ? (kind !== 'markdown' ? '\n' : '\\\n') : block(child, kind, {})
      if (!(child instanceof Y.XmlText)) return ''
      const parts: readonly { insert?: unknown; attributes?: Marks }[] = child.toDelta()
      return inline(
        parts.flatMap(({ insert, attributes }) =>
          typeof insert === 'string' ? [{ text: insert, marks: attributes ?? {} }] : [],
        ),
        kind,
      )
    })
    .join('')
}

/** Instead of a picture; for Markdown, in its signs. Nothing: it is passed over. */
export type PictureText = (picture: Picture) => string

/** What a summary is called at its beginning, where it is not taken for words of the paper. */
export interface TextWords {
  readonly inShort?: string
  readonly picture?: PictureText
}

const elements = (parent: Y.XmlFragment): Y.XmlElement[] =>
  parent.toArray().filter((child) => child instanceof Y.XmlElement)

/** What an item, a row or a cell holds; where a later version put something else in its place, that itself. */
const inside = (element: Y.XmlElement, ...names: readonly string[]): Y.XmlElement[] =>
  names.includes(element.nodeName) ? elements(element) : [element]

function bullet(item: Y.XmlElement, index: number, kind: TextKind): string {
  if (item.nodeName === 'taskItem') {
    const ticked = String(item.getAttribute('checked')) === 'true'
    return kind === 'markdown' ? `- [${ticked ? 'x' : ' '}] ` : `[${ticked ? 'x' : ' '}] `
  }
  const { parent } = item
  if (!(parent instanceof Y.XmlElement) || parent.nodeName !== 'orderedList') return '- '
  return `${(Number(parent.getAttribute('start')) || 1) + index}. `
}

function list(element: Y.XmlElement, kind: TextKind, names: TextWords): string {
  return elements(element)
    .map((item, index) => {
      const mark = bullet(item, index, kind)
      const body = blocks(inside(item, 'listItem', 'taskItem'), kind, names, { inItem: true })
      return (
        mark +
        body.replaceAll('\n', `\n${' '.repeat(kind === 'markdown' && item.nodeName === 'taskItem' ? 2 : mark.length)}`)
      )
    })
    .join('\n')
}

const MAX_SPAN = 100

function table(element: Y.XmlElement, kind: TextKind, names: TextWords): string {
  const rows = elements(element).map((row) =>
    inside(row, 'tableRow').flatMap((cell) => {
      const text = inside(cell, 'tableCell', 'tableHeader')
        .map((child) => block(child, kind, names))
        .join(kind === 'markdown' ? '\n' : ' ')
      const inOneLine = kind !== 'markdown' ? text.replaceAll('\n', ' ') : text.replaceAll(/\\?\n/g, '<br>')
      // Neither kind knows cells that are two wide: the rest of their place stays empty.
      const more = Math.min(MAX_SPAN, (Number(cell.getAttribute('colspan')) || 1) - 1)
      return [inOneLine, ...Array.from({ length: Math.max(0, more) }, () => '')]
    }),
  )
  if (kind === 'plain') return rows.map((row) => row.join('\t')).join('\n')
  // A phone shows no columns.
  if (kind === 'whatsapp') return rows.map((row) => row.filter((cell) => cell !== '').join(' | ')).join('\n')
  const width = Math.max(0, ...rows.map((row) => row.length))
  const line = (cells: readonly string[]): string =>
    `| ${Array.from({ length: width }, (_, index) => cells[index] ?? '').join(' | ')} |`
  const [head, ...rest] = rows
  if (head === undefined) return ''
  return [line(head), line(Array.from({ length: width }, () => '---')), ...rest.map(line)].join('\n')
}

function summary(element: Y.XmlElement, kind: TextKind, names: TextWords): string {
  const inner = blocks(elements(element), kind, names, { inItem: false })
  if (inner === '') return ''
  const { inShort } = names
  if (kind !== 'markdown' || element.parent instanceof Y.XmlElement)
    return inShort === undefined ? inner : `${kind === 'whatsapp' ? `*${inShort}*` : inShort}\n${inner}`
  const lines = inShort === undefined ? inner : `**${inShort}**\n\n${inner}`
  return lines
    .split('\n')
    .map((line) => (line === '' ? '>' : `> ${line}`))
    .join('\n')
}

const inBold = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line.trim() === '' ? '' : `*${line.trim()}*`))
    .join('\n')

function block(element: Y.XmlElement, kind: TextKind, names: TextWords): string {
  // With words in it, it is one of a later version, and they come out.
  if (element.nodeName === PICTURE && element.length === 0) {
    const say = names.picture ?? (kind === 'markdown' ? inSigns : bracketed)
    return say(pictureOf(element.getAttributes()))
  }
  switch (element.nodeName) {
    case 'heading': {
      if (kind === 'whatsapp') return inBold(words(element, 'plain'))
      const text = words(element, kind)
      if (kind === 'plain') return text
      const level = Math.min(3, Math.max(1, Number(element.getAttribute('level')) || 1))
      // In one line, and signs at its end would be taken for the heading's own.
      const line = text.replaceAll('\\\n', ' ').replace(/#+\s*$/, '\\$&')
      return `${'#'.repeat(level)} ${line}`
    }
    case 'bulletList':
    case 'orderedList':
    case 'taskList':
      return list(element, kind, names)
    case 'table':
      return table(element, kind, names)
    case 'summary':
      return summary(element, kind, names)
    default: {
      const inner = elements(element).filter(({ nodeName }) => nodeName !== 'hardBreak')
      // A kind of block from a later version: its words still come out.
      const hasText = element.toArray().some((child) => child instanceof Y.XmlText && child.length > 0)
      if (inner.length === 0 || hasText)
        return kind !== 'markdown' ? words(element, kind) : withoutLastBreaks(words(element, kind)).trim()
      return blocks(inner, kind, names, { inItem: true })
    }
  }
}

/** At the end of a paragraph the sign for it would be read as a sign. */
const withoutLastBreaks = (text: string): string => text.replace(/(?:\\\n)+\s*$/, '')

const isList = ({ nodeName }: Y.XmlElement): boolean => ['bulletList', 'orderedList', 'taskList'].includes(nodeName)
const isNumbered = ({ nodeName }: Y.XmlElement): boolean => nodeName === 'orderedList'

/** Two lists one after the other would be one in Markdown, and two paragraphs of an item too. */
function blocks(
  inOrder: readonly Y.XmlElement[],
  kind: TextKind,
  names: TextWords,
  { inItem }: { readonly inItem: boolean },
): string {
  const written = inOrder
    .map((element) => ({ element, text: block(element, kind, names) }))
    .filter(({ text }, index) => text.trim() !== '' || (inItem && index === 0))
  return written
    .map(({ element, text }, index) => {
      const before = written[index - 1]?.element
      if (before === undefined) return text
      if (kind !== 'markdown') return `${inItem ? '\n' : '\n\n'}${text}`
      if (!isList(element)) return `\n\n${text}`
      if (isList(before) && isNumbered(before) === isNumbered(element)) return `\n\n<!-- -->\n\n${text}`
      // Right below a paragraph, only a list that begins with 1 is one.
      const isApart = !inItem || (isNumbered(element) && (Number(element.getAttribute('start')) || 1) !== 1)
      return `${isApart ? '\n\n' : '\n'}${text}`
    })
    .join('')
}

/** What a picture shows, between Markdown's brackets. */
export const escapeAlt = (alt: string): string => escapeMarkdown(alt, true)

/** With no address: what it shows is all that words can say. */
const inSigns: PictureText = ({ alt }) => (alt === '' ? '' : `!\\[${escapeAlt(alt)}\\]`)

/** Ends with one line break; empty for an empty paper. */
export function toText(fragment: Y.XmlFragment, kind: TextKind = 'plain', names: TextWords = {}): string {
  const text = blocks(elements(fragment), kind, names, { inItem: false })
  return text === '' ? '' : `${text}\n`
}

/**
 * A paper's words as HTML that stands by itself: no script, no style, nothing that a browser would fetch. Pure. Written from the shared
 * content and not by the editor, so that words of a kind of block that this version does not know come out, too.
 */
import type * as Y from 'yjs'
import { contentOf, fields, type Fields, list, whole } from './content-json.ts'
import { isSafeLink } from './links.ts'
import { PICTURE, pictureOf } from './pictures/picture.ts'

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)

export interface PageWords {
  /** What a box before a task is called, for those who listen. */
  readonly done: string
  readonly toDo: string
  /** What stands above the box at the top of a long paper. */
  readonly inShort: string
  /** Instead of a picture that is not here. */
  readonly noPicture: (alt: string) => string
}

interface Writing {
  readonly words: PageWords
  readonly sources: PictureAddresses
}

/** By hash: an address that needs no network. */
export type PictureAddresses = ReadonlyMap<string, string>

const attribute = (name: string, value: number): string => (value > 1 ? ` ${name}="${value}"` : '')
const count = (value: unknown): number => whole(value, 100)

function text({ text: words, marks }: Fields): string {
  let html = escapeHtml(typeof words === 'string' ? words : '')
  const named = new Map(list(marks).map((mark) => [mark['type'], fields(mark['attrs'])]))
  if (named.has('italic')) html = `<em>${html}</em>`
  if (named.has('bold')) html = `<strong>${html}</strong>`
  const href = named.get('link')?.['href']
  return typeof href === 'string' && isSafeLink(href)
    ? `<a href="${escapeHtml(href)}" rel="noopener noreferrer">${html}</a>`
    : html
}

const inside = (node: Fields, writing: Writing): string =>
  list(node['content'])
    .map((child) => html(child, writing))
    .join('')
const isEmpty = (node: Fields): boolean => list(node['content']).length === 0

/** In the first row a heading is that of its column, elsewhere that of its row. */
function table(node: Fields, writing: Writing): string {
  const rows = list(node['content']).map((row, index) => {
    const cells = list(row['content']).map((cell) => {
      const { colspan, rowspan } = fields(cell['attrs'])
      const spans = `${attribute('colspan', count(colspan))}${attribute('rowspan', count(rowspan))}`
      return cell['type'] === 'tableHeader'
        ? `<th scope="${index === 0 ? 'col' : 'row'}"${spans}>${inside(cell, writing)}</th>`
        : `<td${spans}>${inside(cell, writing)}</td>`
    })
    return `<tr>${cells.join('')}</tr>`
  })
  return `<table>\n${rows.join('\n')}\n</table>\n`
}

function picture(attrs: Fields, { words, sources }: Writing): string {
  const { hash, alt, size } = pictureOf(attrs)
  const address = sources.get(hash)
  if (address === undefined) return `<p>${escapeHtml(words.noPicture(alt))}</p>\n`
  const small = size === 'small' ? ' class="small"' : ''
  return `<figure${small}><img src="${escapeHtml(address)}" alt="${escapeHtml(alt)}"></figure>\n`
}

function html(node: Fields, writing: Writing): string {
  const attrs = fields(node['attrs'])
  switch (node['type']) {
    case 'text':
      return text(node)
    case 'hardBreak':
      return '<br>'
    case 'heading': {
      // The page's own title is its first heading.
      const level = Math.min(3, count(attrs['level'])) + 1
      return isEmpty(node) ? '' : `<h${level}>${inside(node, writing)}</h${level}>\n`
    }
    case 'paragraph':
      return isEmpty(node) ? '' : `<p>${inside(node, writing)}</p>\n`
    case 'bulletList':
      return `<ul>\n${inside(node, writing)}</ul>\n`
    case 'orderedList':
      return `<ol${attribute('start', count(attrs['start']))}>\n${inside(node, writing)}</ol>\n`
    case 'taskList':
      return `<ul class="tasks">\n${inside(node, writing)}</ul>\n`
    case 'listItem':
      return `<li>${inside(node, writing)}</li>\n`
    case 'taskItem': {
      const { words } = writing
      const isDone = String(attrs['checked']) === 'true'
      return `<li><input type="checkbox" disabled${isDone ? ' checked' : ''} aria-label="${escapeHtml(isDone ? words.done : words.toDo)}">${inside(node, writing)}</li>\n`
    }
    case PICTURE:
      return picture(attrs, writing) + inside(node, writing)
    case 'table':
      return table(node, writing)
    case 'summary': {
      const name = escapeHtml(writing.words.inShort)
      return `<aside class="summary" aria-label="${name}"><p class="summary-label"><strong>${name}</strong></p>\n${inside(node, writing)}</aside>\n`
    }
    default:
      return `<div>${inside(node, writing)}</div>\n`
  }
}

/** What goes between a page's title and its end. Empty for an empty paper. */
export const toHtml = (fragment: Y.XmlFragment, words: PageWords, sources: PictureAddresses = new Map()): string =>
  contentOf(fragment)
    .map((node) => html(node, { words, sources }))
    .join('')

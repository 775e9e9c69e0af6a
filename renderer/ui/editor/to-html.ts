/**
 * A paper's words as HTML that stands by itself: no script, no style, nothing that a browser would fetch. Pure. Written from the shared
 * content and not by the editor, so that words of a kind of block that this version does not know come out, too.
 */
import { yXmlFragmentToProsemirrorJSON } from '@tiptap/y-tiptap'
import type * as Y from 'yjs'
import { isSafeLink } from './links.ts'

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null
const list = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : [])
const fields = (value: unknown): Fields => (isFields(value) ? value : {})

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)

/** What a box before a task is called, for those who listen, and what stands above a summary. */
export interface PageWords {
  readonly done: string
  readonly toDo: string
  /** Of the box at the top of a long paper. */
  readonly inShort: string
}

const attribute = (name: string, value: number): string => (value > 1 ? ` ${name}="${value}"` : '')
const count = (value: unknown): number => Math.min(100, Math.max(1, Math.trunc(Number(value)) || 1))

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

const inside = (node: Fields, words: PageWords): string =>
  list(node['content'])
    .map((child) => html(child, words))
    .join('')
const isEmpty = (node: Fields): boolean => list(node['content']).length === 0

/** In the first row a heading is that of its column, elsewhere that of its row. */
function table(node: Fields, words: PageWords): string {
  const rows = list(node['content']).map((row, index) => {
    const cells = list(row['content']).map((cell) => {
      const { colspan, rowspan } = fields(cell['attrs'])
      const spans = `${attribute('colspan', count(colspan))}${attribute('rowspan', count(rowspan))}`
      return cell['type'] === 'tableHeader'
        ? `<th scope="${index === 0 ? 'col' : 'row'}"${spans}>${inside(cell, words)}</th>`
        : `<td${spans}>${inside(cell, words)}</td>`
    })
    return `<tr>${cells.join('')}</tr>`
  })
  return `<table>\n${rows.join('\n')}\n</table>\n`
}

function html(node: Fields, words: PageWords): string {
  const attrs = fields(node['attrs'])
  switch (node['type']) {
    case 'text':
      return text(node)
    case 'hardBreak':
      return '<br>'
    case 'heading': {
      // The page's own title is its first heading.
      const level = Math.min(3, count(attrs['level'])) + 1
      return isEmpty(node) ? '' : `<h${level}>${inside(node, words)}</h${level}>\n`
    }
    case 'paragraph':
      return isEmpty(node) ? '' : `<p>${inside(node, words)}</p>\n`
    case 'bulletList':
      return `<ul>\n${inside(node, words)}</ul>\n`
    case 'orderedList':
      return `<ol${attribute('start', count(attrs['start']))}>\n${inside(node, words)}</ol>\n`
    case 'taskList':
      return `<ul class="tasks">\n${inside(node, words)}</ul>\n`
    case 'listItem':
      return `<li>${inside(node, words)}</li>\n`
    case 'taskItem': {
      const isDone = String(attrs['checked']) === 'true'
      return `<li><input type="checkbox" disabled${isDone ? ' checked' : ''} aria-label="${escapeHtml(isDone ? words.done : words.toDo)}">${inside(node, words)}</li>\n`
    }
    case 'table':
      return table(node, words)
    case 'summary': {
      const name = escapeHtml(words.inShort)
      return `<aside class="summary" aria-label="${name}"><p class="summary-label"><strong>${name}</strong></p>\n${inside(node, words)}</aside>\n`
    }
    default:
      return `<div>${inside(node, words)}</div>\n`
  }
}

/** What goes between a page's title and its end. Empty for an empty paper. */
export const toHtml = (fragment: Y.XmlFragment, words: PageWords): string =>
  [yXmlFragmentToProsemirrorJSON(fragment)['content']]
    .flat(2)
    .filter(isFields)
    .map((node) => html(node, words))
    .join('')

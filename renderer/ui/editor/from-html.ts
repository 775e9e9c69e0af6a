/**
 * HTML from a file as a paper's content. A document that DOMParser makes is shown nowhere, runs nothing and loads nothing; all
 * the same only what is on the list below is left in it before the schema's own rules read it.
 */
import { DOMParser as SchemaParser } from '@tiptap/pm/model'
import { tidyPasted } from './clipboard.ts'
import { isSafeLink } from './links.ts'
import { fillEmpty } from './fill-empty.ts'
import { countUndescribed } from './pictures/bring-in.ts'
import { MARK, waitingIndex } from './pictures/marks.ts'
import { editorSchema } from './schema.ts'

interface TrustedHtml {
  createPolicy(name: string, rules: { createHTML(text: string): string }): { createHTML(text: string): string }
}

// Missing from TypeScript's DOM types.
declare const trustedTypes: TrustedHtml | undefined

const policy =
  typeof trustedTypes === 'undefined'
    ? { createHTML: (text: string) => text }
    : trustedTypes.createPolicy('teatray-from-html', { createHTML: (text) => text })

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  A: ['href'],
  ASIDE: ['data-summary'],
  BR: [],
  DIV: [],
  EM: [],
  H1: [],
  H2: [],
  H3: [],
  IMG: [MARK, 'alt'],
  LI: ['data-type', 'data-checked'],
  OL: ['start'],
  P: [],
  SPAN: ['style'],
  STRONG: [],
  TABLE: [],
  TBODY: [],
  TD: ['colspan', 'rowspan'],
  TFOOT: [],
  TH: ['colspan', 'rowspan'],
  THEAD: [],
  TR: [],
  UL: ['data-type'],
}

/** A box before the words of every item, or the sign of one, as Word files have it: a list of tasks. */
function findTasks(root: Element): void {
  for (const list of root.querySelectorAll('ul')) {
    const items = [...list.children]
    const boxes = items.map((item) => {
      const box = item.querySelector('input')
      if (box !== null && box.closest('li') === item) return { box, isDone: box.hasAttribute('checked') }
      const sign = /^\s*([☐☑☒])/.exec(item.textContent)?.[1]
      return sign === undefined ? undefined : { box: undefined, isDone: sign !== '☐' }
    })
    if (items.length === 0 || boxes.includes(undefined)) continue
    list.setAttribute('data-type', 'taskList')
    for (const [index, item] of items.entries()) {
      item.setAttribute('data-type', 'taskItem')
      item.setAttribute('data-checked', String(boxes[index]?.isDone === true))
      if (boxes[index]?.box === undefined) removeSign(item)
    }
  }
}

function removeSign(item: Element): void {
  const walker = item.ownerDocument.createTreeWalker(item, NodeFilter.SHOW_TEXT)
  for (let text = walker.nextNode(); text !== null; text = walker.nextNode()) {
    const words = text.textContent ?? ''
    if (words.trim() === '') continue
    text.textContent = words.replace(/^\s*[☐☑☒]\s*/, '')
    return
  }
}

function clean(root: Element): void {
  for (const element of root.querySelectorAll('*')) {
    const allowed = ALLOWED[element.tagName]
    if (allowed === undefined) element.replaceWith(...element.childNodes)
    else for (const name of element.getAttributeNames()) if (!allowed.includes(name)) element.removeAttribute(name)
    const href = element.getAttribute('href')
    if (href !== null && !isSafeLink(href)) element.replaceWith(...element.childNodes)
  }
}

const MOVED_UP: Readonly<Record<string, string>> = { H2: 'h1', H3: 'h2', H4: 'h3' }

/** Taken out of the text, where it is the text's own name: Word's title, or one heading above all others. */
function takeTitle(root: Element): string | undefined {
  const first = [...root.querySelectorAll('h1,h2,h3,h4,p,li,table')].find(
    ({ textContent }) => textContent.trim() !== '',
  )
  if (first?.tagName !== 'H1') return undefined
  const words = first.textContent.trim()
  if (first.classList.contains('title')) {
    first.remove()
    return words
  }
  if (root.querySelectorAll('h1').length > 1) return undefined
  first.remove()
  for (const heading of root.querySelectorAll('h2,h3,h4')) {
    const moved = root.ownerDocument.createElement(MOVED_UP[heading.tagName] ?? 'h3')
    moved.append(...heading.childNodes)
    heading.replaceWith(moved)
  }
  return words
}

export interface FromHtml {
  readonly title: string | undefined
  /** ProseMirror's JSON. Undefined: there are no words but the title. */
  readonly content: object | undefined
  readonly words: number
  readonly beginning: string
  /** Links whose words are here, but not where they led. */
  readonly links: number
  /** Pictures that are not among those given. */
  readonly picturesLeftOut: number
  /** Pictures of which nothing says what they show. */
  readonly undescribed: number
}

/** A document that is shown nowhere, runs nothing and loads nothing. */
export function parseApart(html: string): HTMLElement {
  const trusted = policy.createHTML(html)
  return new DOMParser().parseFromString(trusted, 'text/html').body
}

export interface HtmlToRead {
  /** Short enough to be parsed at once. */
  readonly html: string
  /** What the file calls itself elsewhere, as HTML text. */
  readonly title?: string | undefined
  /** Hashes of its pictures, by the index of their marks; undefined for one that cannot be brought in. */
  readonly pictures?: readonly (string | undefined)[]
}

/** Throws where it cannot be a paper. */
export function fromHtml({ html, title, pictures = [] }: HtmlToRead): FromHtml {
  const body = parseApart(html)
  findTasks(body)
  // The box says it itself.
  for (const label of body.querySelectorAll('aside[data-summary] > p[data-summary-label]:first-child')) label.remove()
  const taken = takeTitle(body)
  const left = tidyPasted(body, (image) => pictures[waitingIndex(image.getAttribute(MARK))])
  clean(body)
  const parsed = fillEmpty(SchemaParser.fromSchema(editorSchema()).parse(body))
  parsed.check()
  const text = parsed.textBetween(0, parsed.content.size, ' ', ' ').replaceAll(/\s+/g, ' ').trim()
  const hasPicture = body.querySelector('img') !== null
  return {
    title: taken ?? (title === undefined ? undefined : parseApart(title).textContent),
    content: text === '' && !hasPicture ? undefined : parsed.toJSON(),
    words: text === '' ? 0 : text.split(' ').length,
    beginning: text.slice(0, 1000),
    links: left.links,
    picturesLeftOut: left.pictures,
    undescribed: countUndescribed(parsed.content),
  }
}

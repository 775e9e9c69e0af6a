/**
 * What is pasted goes through the schema, which knows no pictures, scripts or styles. This tidies the rest before that: the
 * ways Word and Google Docs write lists and empty lines. It works on elements of a document that is shown nowhere and loads
 * nothing; no text is parsed here, so `require-trusted-types-for 'script'` has nothing to refuse.
 */
import { DOMParser, type ParseOptions, type Schema, type Slice } from '@tiptap/pm/model'

const NEVER_TEXT =
  'script,style,title,template,noscript,iframe,object,embed,svg,math,img,picture,video,audio,canvas,input,button,select,textarea,link,meta'

const styleOf = (element: Element): string => element.getAttribute('style') ?? ''

function rename(element: Element, name: string): void {
  const renamed = element.ownerDocument.createElement(name)
  renamed.append(...element.childNodes)
  element.replaceWith(renamed)
}

/**
 * The clipboard code works out the styles of what is pasted and writes them anew, without properties the browser does not
 * know. As a custom property, Word's marks of a list get through. Text to text; nothing is parsed.
 */
export const keepWordMarks = (html: string): string => html.replaceAll(/(["';\s])mso-list\s*:/gi, '$1--mso-list:')

const isWordItem = (element: Element | null): element is Element =>
  element !== null && element.tagName === 'P' && /mso-list:\s*l\d+/i.test(styleOf(element))

const wordLevel = (item: Element): number => Number(/level(\d+)/i.exec(styleOf(item))?.[1] ?? 1)

/** Takes Word's own bullet or number off the text; says which of the two it was. */
function takeMarker(item: Element): 'ul' | 'ol' {
  const marker = [...item.querySelectorAll('span')].find((span) => /mso-list:\s*ignore/i.test(styleOf(span)))
  const numbered = /^\s*(?:\d+|[a-z]|[ivxlc]+)[.)]/i.test(marker?.textContent ?? '')
  marker?.remove()
  return numbered ? 'ol' : 'ul'
}

function listFromWord(first: Element): void {
  const { ownerDocument } = first
  const items: Element[] = []
  for (let next: Element | null = first; isWordItem(next); next = next.nextElementSibling) items.push(next)
  const open: { readonly list: Element; readonly level: number }[] = []
  for (const item of items) {
    const level = wordLevel(item)
    while ((open.at(-1)?.level ?? 0) > level) open.pop()
    let current = open.at(-1)
    if (current === undefined || current.level < level) {
      const list = ownerDocument.createElement(takeMarker(item))
      if (current === undefined) item.before(list)
      else (current.list.lastElementChild ?? current.list).append(list)
      current = { list, level }
      open.push(current)
    } else takeMarker(item)
    const entry = ownerDocument.createElement('li')
    const paragraph = ownerDocument.createElement('p')
    paragraph.append(...item.childNodes)
    entry.append(paragraph)
    current.list.append(entry)
    item.remove()
  }
}

/** Changes the element in place. */
export function tidyPasted(root: Element): void {
  for (const element of root.querySelectorAll(NEVER_TEXT)) element.remove()
  for (const element of root.querySelectorAll('h4,h5,h6')) rename(element, 'h3')
  for (const paragraph of root.querySelectorAll('p')) {
    const blank = paragraph.children.length > 0 && paragraph.textContent.replaceAll(/[\s\u00a0]/g, '') === ''
    // Word's empty lines; an editor's own ("<p><br></p>") are kept.
    if (blank && paragraph.querySelector('br') === null) paragraph.remove()
  }
  for (const paragraph of root.querySelectorAll('p'))
    if (paragraph.isConnected && isWordItem(paragraph)) listFromWord(paragraph)
}

class PasteParser extends DOMParser {
  override parseSlice(dom: globalThis.Node, options?: ParseOptions): Slice {
    if (dom instanceof Element || dom.nodeType === 1) tidyPasted(dom as Element)
    return super.parseSlice(dom, options)
  }
}

export const pasteParser = (schema: Schema): DOMParser => {
  const { rules } = DOMParser.fromSchema(schema)
  return new PasteParser(schema, rules)
}

/**
 * What is pasted goes through the schema, which knows no scripts or styles. This tidies the rest before that: the
 * ways Word and Google Docs write lists and empty lines, and pictures, of which only those stay that nothing is fetched for. It works on elements of a document that is shown nowhere and loads
 * nothing; no text is parsed here, so `require-trusted-types-for 'script'` has nothing to refuse.
 */
import { DOMParser, type ParseOptions, type Schema, type Slice } from '@tiptap/pm/model'
import { isSafeLink } from './links.ts'
import { liftPicture } from './pictures/bring-in.ts'
import { fromDataAddress } from './pictures/data-address.ts'
import { MOST_FILE } from './pictures/make-smaller.ts'
import { MARK, waitingMark } from './pictures/marks.ts'
import { isHash } from './pictures/picture.ts'

const NEVER_TEXT =
  'script,style,title,template,noscript,iframe,object,embed,svg,math,video,audio,canvas,input,button,select,textarea,link,meta'
const BLOCKS = 'p,h1,h2,h3,h4,h5,h6,ul,ol,table,div'

/** What pasted text held that a paper does not take. */
export interface LeftOut {
  readonly pictures: number
  readonly links: number
  /** Pictures that came along, of which nothing says what they show. */
  readonly undescribed?: number
}

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

/** 'l0' and 'l1' are two lists, also where nothing stands between them. */
const wordList = (item: Element): string => /l\d+/i.exec(styleOf(item))?.[0] ?? ''

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
  const whole = wordList(first)
  for (let next: Element | null = first; isWordItem(next) && wordList(next) === whole; next = next.nextElementSibling)
    items.push(next)
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

/** Tick lists as Google Docs (a picture of a box) and web pages (the box of a form) write them. */
function tickList(item: Element): void {
  const box = item.querySelector(':scope > input[type=checkbox], :scope > label > input[type=checkbox]')
  const isTicked = item.getAttribute('aria-checked') === 'true' || box?.hasAttribute('checked') === true
  if (item.getAttribute('role') !== 'checkbox' && box === null) return
  item.querySelector(':scope > img')?.remove()
  item.setAttribute('data-type', 'taskItem')
  item.setAttribute('data-checked', String(isTicked))
  item.parentElement?.setAttribute('data-type', 'taskList')
}

/** A counting picture of one dot is nothing that anybody would miss. */
const isSeen = (picture: Element): boolean =>
  ![picture.getAttribute('width'), picture.getAttribute('height')].some((size) => ['0', '1'].includes(size ?? ''))

/** Not to be pressed, because whoever is on the way could read and change it; but it is the text's, and whoever wants to can copy it. */
const OPEN_WEB = /^http:\/\/[^\s/]+\S*$/i

/** As some write it in the words: 'www.example.org'. */
const bare = (address: string): string => address.replace(/^https?:\/\//i, '').replace(/\/$/, '')

/** A place in the same page leads nowhere from here, and nobody is told of it. An address of the open web becomes words. */
function dropUnsafeLinks(root: Element): number {
  let dropped = 0
  for (const link of root.querySelectorAll('a[href]')) {
    const address = (link.getAttribute('href') ?? '').trim()
    if (isSafeLink(address)) continue
    const words = link.textContent.trim()
    const isOpenWeb = OPEN_WEB.test(address)
    if (isOpenWeb && words !== '' && bare(words) !== bare(address)) link.append(` (${address})`)
    if (!isOpenWeb && words !== '' && !address.startsWith('#')) dropped += 1
    link.replaceWith(...link.childNodes)
  }
  return dropped
}

/** What stands beside a node in the direction of `next`, over space and further breaks; undefined: nothing. */
function beside(node: Node, next: 'nextSibling' | 'previousSibling'): Node | undefined {
  let other = node[next]
  while (
    other !== null &&
    (other.nodeName === 'BR' || (other.nodeType === 3 && (other.textContent ?? '').trim() === ''))
  )
    other = other[next]
  return other ?? undefined
}

/** A break beside a block, or at the end of a text: empty space, for which there is no place in a paper. */
function isEmptySpace(line: Element): boolean {
  const [before, after] = [beside(line, 'previousSibling'), beside(line, 'nextSibling')]
  const isBlock = (node: Node | undefined): boolean => node instanceof Element && node.matches(BLOCKS)
  const isLast =
    after === undefined && before !== undefined && line.parentElement?.matches(`${BLOCKS},li,td,th`) === true
  return isBlock(before) || isBlock(after) || isLast
}

/** What is to stand in the text for an image: a picture's hash or its waiting mark. Undefined: it is left out. */
export type TakePicture = (image: Element) => string | undefined

/** Those that are taken get their mark; how many are left out that anybody would miss. */
function takePictures(root: Element, take: TakePicture): number {
  // Of several that say the same, a page shows one.
  for (const choice of root.querySelectorAll('picture')) choice.replaceWith(...choice.querySelectorAll(':scope > img'))
  const images = [...root.querySelectorAll('img')].filter(isSeen)
  const marks = images.map(take)
  // From the last to the first: those of one paragraph come below it in their order.
  for (const image of [...root.querySelectorAll('img')].toReversed()) {
    const mark = marks[images.indexOf(image)]
    if (mark === undefined) image.remove()
    else {
      image.removeAttribute('src')
      image.setAttribute(MARK, mark)
      liftPicture(image)
    }
  }
  return marks.filter((mark) => mark === undefined).length
}

/** Changes the element in place. */
export function tidyPasted(root: Element, take: TakePicture): LeftOut {
  for (const item of root.querySelectorAll('li')) tickList(item)
  for (const element of root.querySelectorAll(NEVER_TEXT)) element.remove()
  const pictures = takePictures(root, take)
  const links = dropUnsafeLinks(root)
  for (const title of root.querySelectorAll('p.MsoTitle')) rename(title, 'h1')
  for (const element of root.querySelectorAll('h4,h5,h6')) rename(element, 'h3')
  // How thick a page writes its headings would come out as bold.
  for (const element of root.querySelectorAll('h1,h2,h3')) element.removeAttribute('style')
  for (const caption of root.querySelectorAll('table > caption')) {
    caption.parentElement?.before(caption)
    rename(caption, 'p')
  }
  for (const line of root.querySelectorAll('br'))
    if (isEmptySpace(line) || line.className === 'Apple-interchange-newline') line.remove()
  for (const list of root.querySelectorAll('ul,ol')) if (list.querySelector('li') === null) list.remove()
  for (const paragraph of root.querySelectorAll('p')) {
    const blank = paragraph.children.length > 0 && paragraph.textContent.replaceAll(/[\s\u00a0]/g, '') === ''
    // Word's empty lines; an editor's own ("<p><br></p>") are kept, and so is what makes a cell.
    if (blank && paragraph.querySelector('br') === null && paragraph.closest('td,th') === null) paragraph.remove()
  }
  for (const paragraph of root.querySelectorAll('p'))
    if (paragraph.isConnected && isWordItem(paragraph)) listFromWord(paragraph)
  return { pictures, links }
}

export interface PasteOptions {
  readonly onLeftOut: (left: LeftOut) => void
  /** Whether the text's own document has a picture with this hash. */
  readonly hasPicture: (hash: string) => boolean
  /** Bytes of pictures that stand in what is pasted, by the index of their waiting mark. Before the slice is handed on. */
  readonly onPictures: (waiting: readonly Uint8Array<ArrayBuffer>[]) => void
}

class PasteParser extends DOMParser {
  readonly #options: PasteOptions

  constructor(schema: Schema, options: PasteOptions) {
    super(schema, [...DOMParser.fromSchema(schema).rules])
    this.#options = options
  }

  override parseSlice(dom: globalThis.Node, options?: ParseOptions): Slice {
    const { onLeftOut, onPictures, hasPicture } = this.#options
    if (dom instanceof Element || dom.nodeType === 1) {
      const waiting: Uint8Array<ArrayBuffer>[] = []
      const left = tidyPasted(dom as Element, (image) => {
        const known = image.getAttribute(MARK)
        if (isHash(known) && hasPicture(known)) return known
        const bytes = fromDataAddress(image.getAttribute('src') ?? '', MOST_FILE)
        return bytes === undefined ? undefined : waitingMark(waiting.push(bytes) - 1)
      })
      onPictures(waiting)
      onLeftOut(left)
    }
    return super.parseSlice(dom, options)
  }
}

export const pasteParser = (schema: Schema, options: PasteOptions): DOMParser => new PasteParser(schema, options)

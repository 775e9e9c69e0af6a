/**
 * Anybody's HTML, written anew with nothing but what a paper can hold. Text to text and in one pass, whatever is in it: no part of
 * the file is given to a browser's parser that could name an address, hold a script, or grow out of bounds there. What remains is
 * parsed, cleaned and checked again in renderer/ui/editor/from-html.ts. Pictures whose bytes are in the file itself come along beside the
 * HTML, which holds a mark of each and never an address.
 */
import { fail, ok, type Result } from '../../../../../shared/base/errors.ts'
import { MARK, waitingMark } from '../../../../ui/editor/pictures/marks.ts'
import { fromDataAddress } from '../../../../ui/editor/pictures/data-address.ts'
import { readHeader } from '../../../../ui/editor/pictures/header.ts'
import type { ImportProblem } from './problems.ts'

/** A hundred pages have some ten thousand. */
const MOST_TAGS = 60_000
const MOST_LENGTH = 3_000_000
const DEEPEST = 9
/** Far more than can be read side by side. Without bounds, a small file could make the editor count to billions. */
const MOST_CELLS_IN_ROW = 60
const MOST_CELLS = 6000
const MOST_SPAN = 20

/** With all that is in them. */
const GONE_WHOLE =
  /^(?:script|style|title|template|noscript|iframe|object|applet|svg|math|video|audio|canvas|select|textarea|xmp|noembed)$/
/** An 'img' may come along, see takePicture(). */
const PICTURES = /^(?:svg|video|canvas|object|embed|image)$/

const RENAMED: Readonly<Record<string, string>> = {
  h5: 'h4',
  h6: 'h4',
  b: 'strong',
  i: 'em',
  font: 'span',
  blockquote: 'div',
  section: 'div',
  article: 'div',
  main: 'div',
  header: 'div',
  footer: 'div',
  aside: 'div',
  nav: 'div',
  figure: 'div',
  figcaption: 'p',
  address: 'p',
  caption: 'p',
  dt: 'p',
  dd: 'p',
  pre: 'p',
  menu: 'ul',
  dir: 'ul',
}
const KEPT = /^(?:h[1-4]|p|div|aside|ul|ol|li|table|thead|tbody|tfoot|tr|th|td|br|a|strong|em|span|input)$/
const NESTS = /^(?:ul|ol|table|div|aside)$/
const IN_NEST = /^(?:li|td|th)$/
const VOID = /^(?:br|input)$/

interface Tag {
  readonly name: string
  readonly isEnd: boolean
  readonly attributes: string
  /** Where the text goes on. */
  readonly next: number
}

/** From '<' on. Undefined: it is no tag but a sign. 'open': the file ends in the middle of it. */
function tagAt(html: string, at: number): Tag | undefined | 'open' {
  const isEnd = html[at + 1] === '/'
  const first = at + (isEnd ? 2 : 1)
  if (!/[a-z]/i.test(html[first] ?? '')) return undefined
  let quote = ''
  let end = first
  for (; end < html.length; end++) {
    const sign = html[end] ?? ''
    if (quote !== '') {
      if (sign === quote) quote = ''
    } else if (sign === '>') break
    else if ((sign === '"' || sign === "'") && html[end - 1] === '=') quote = sign
  }
  if (end >= html.length) return 'open'
  const inside = html.slice(first, end)
  const name = /^[^\s/>]*/.exec(inside.slice(0, 80))?.[0] ?? ''
  return { name: name.toLowerCase(), isEnd, attributes: inside.slice(name.length), next: end + 1 }
}

/** Longer ones are pictures written out, or nothing good. */
const LONGEST_ATTRIBUTES = 20_000

function attribute(attributes: string, name: string): string | undefined {
  if (attributes.length > LONGEST_ATTRIBUTES) return undefined
  const found = new RegExp(`(?:^|[\\s"'/])${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(attributes)
  return found?.[1] ?? found?.[2] ?? found?.[3]
}

const quoted = (name: string, value: string): string =>
  ` ${name}="${value.replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}"`

const number = (attributes: string, name: string, most: number): string => {
  const value = Number(attribute(attributes, name))
  return Number.isInteger(value) && value > 1 ? quoted(name, String(Math.min(most, value))) : ''
}

/** Bold, italic, and Word's mark of a list: of all that a style can say. */
function style(attributes: string, original: string): string {
  const said = attribute(attributes, 'style') ?? ''
  const weight = /font-weight\s*:\s*(normal|bold|bolder|[1-9]00)\b/i.exec(said)?.[1]
  const list = /mso-list\s*:\s*(ignore|l\d+\s+level\d+(?:\s+lfo\d+)?)/i.exec(said)?.[1]
  const kept = [
    ...(weight === undefined || original === 'p' ? [] : [`font-weight:${weight}`]),
    ...(/font-style\s*:\s*italic/i.test(said) && original !== 'p' ? ['font-style:italic'] : []),
    ...(list === undefined ? [] : [`mso-list:${list}`]),
  ]
  return kept.length === 0 ? '' : quoted('style', kept.join(';'))
}

function keptAttributes(name: string, original: string, attributes: string): string {
  if (name === 'a') {
    const href = attribute(attributes, 'href')
    return href === undefined ? '' : quoted('href', href.trim())
  }
  if (name === 'aside') return ' data-summary=""'
  if (original === 'p' && hasClass(attributes, 'summary-label')) return ' data-summary-label=""'
  if (name === 'ol') return number(attributes, 'start', 100_000)
  if (name === 'td' || name === 'th')
    return number(attributes, 'colspan', MOST_SPAN) + number(attributes, 'rowspan', MOST_SPAN)
  if (name === 'h1') return /(?:^|\s)title(?:\s|$)/.test(attribute(attributes, 'class') ?? '') ? ' class="title"' : ''
  if (name === 'input') return /\schecked\b/i.test(attributes) ? ' type="checkbox" checked' : ' type="checkbox"'
  if (name === 'ul') return attribute(attributes, 'data-type') === 'taskList' ? ' data-type="taskList"' : ''
  if (name === 'li' && attribute(attributes, 'data-type') === 'taskItem')
    return ` data-type="taskItem" data-checked="${attribute(attributes, 'data-checked') === 'true'}"`
  return name === 'span' || name === 'strong' || name === 'em' || name === 'p' ? style(attributes, original) : ''
}

const hasClass = (attributes: string, name: string): boolean =>
  (attribute(attributes, 'class') ?? '').split(/\s+/).includes(name)

const isBox = (name: string): boolean => name === 'div' || name === 'aside'

/** Google Docs wraps all of a text in a bold that says it is none. */
const isNotBold = (original: string, attributes: string): boolean =>
  original === 'b' && /font-weight\s*:\s*(?:normal|400)/i.test(attribute(attributes, 'style') ?? '')

/** Of one picture, and of all of one file, before they are made smaller. */
const MOST_PICTURE_BYTES = 20 * 1024 * 1024
const MOST_PICTURES_BYTES = 40 * 1024 * 1024
const MOST_PICTURES = 100
/** Counts who looks, or keeps a place free. */
const MOST_UNSEEN_PIXELS = 4

const DATA_SOURCE = /[\s"'/]src\s*=\s*(?:"(data:[^"]*)"|'(data:[^']*)'|(data:[^\s>]+))/i
/** Where word-to-html.ts has put the bytes aside. */
const ASIDE = 'aside:'
export const asideAddress = (index: number): string => `${ASIDE}${index}`

interface TakenPictures {
  readonly list: Uint8Array<ArrayBuffer>[]
  bytes: number
  leftOut: number
}

/** The tag to write: nothing, where the picture is elsewhere, none that can be read, or too much. */
function takePicture(attributes: string, aside: readonly Uint8Array<ArrayBuffer>[], taken: TakenPictures): string {
  const source = DATA_SOURCE.exec(attributes)
  const rest = source === null ? attributes : attributes.replace(source[0], ' ')
  const address = source?.slice(1).find((found) => found !== undefined) ?? attribute(rest, 'src') ?? ''
  const bytes = address.startsWith(ASIDE)
    ? aside[Number(address.slice(ASIDE.length))]
    : fromDataAddress(address, MOST_PICTURE_BYTES)
  const header = bytes === undefined ? undefined : readHeader(bytes)
  if (header !== undefined && header.width * header.height <= MOST_UNSEEN_PIXELS) return ''
  const isTooMuch = taken.list.length >= MOST_PICTURES || taken.bytes + (bytes?.length ?? 0) > MOST_PICTURES_BYTES
  if (bytes === undefined || header === undefined || isTooMuch) {
    taken.leftOut += 1
    return ''
  }
  taken.bytes += bytes.length
  const mark = waitingMark(taken.list.push(bytes) - 1)
  return `<img${quoted(MARK, mark)}${quoted('alt', attribute(rest, 'alt') ?? '')}>`
}

export interface SimpleHtml {
  readonly html: string
  readonly title: string | undefined
  /** By the index of their marks. */
  readonly pictures: readonly Uint8Array<ArrayBuffer>[]
  readonly picturesLeftOut: number
}

export function simpleHtml(
  html: string,
  aside: readonly Uint8Array<ArrayBuffer>[] = [],
): Result<SimpleHtml, ImportProblem> {
  const out: string[] = []
  let length = 0
  let tags = 0
  const taken: TakenPictures = { list: [], bytes: 0, leftOut: 0 }
  let cells = 0
  let inRow = 0
  let title: string | undefined
  let pre = 0
  /** Lists, tables and boxes that are open; false: too deep, so its own tags are left out. */
  const nests: { readonly name: string; readonly isKept: boolean }[] = []
  const put = (text: string): void => {
    out.push(text)
    length += text.length
  }
  const depth = (name: string): number => nests.filter((nest) => nest.isKept && isBox(name) === isBox(nest.name)).length

  const isTooLong = (): boolean =>
    tags > MOST_TAGS || length > MOST_LENGTH || cells > MOST_CELLS || inRow > MOST_CELLS_IN_ROW

  /** A box that Teatray wrote, or its end. */
  const isSummary = (original: string, isEnd: boolean, attributes: string): boolean =>
    original === 'aside' && (isEnd ? nests.at(-1)?.name === 'aside' : hasClass(attributes, 'summary'))

  const putTag = ({ name: original, isEnd, attributes }: Tag): void => {
    const name = isSummary(original, isEnd, attributes) ? 'aside' : (RENAMED[original] ?? original)
    if (original === 'q') return put(isEnd ? '”' : '“')
    if (original === 'pre') pre = Math.max(0, pre + (isEnd ? -1 : 1))
    if (!KEPT.test(name) || (isEnd && VOID.test(name))) return
    if (name === 'input' && !/\scheckbox|["'=]checkbox/i.test(attributes)) return
    tags += 1
    if (name === 'tr') inRow = 0
    if (!isEnd && (name === 'td' || name === 'th')) {
      cells += 1
      inRow += 1
    }
    if (NESTS.test(name)) {
      if (!isEnd) {
        const isKept = depth(name) < DEEPEST
        nests.push({ name, isKept })
        if (!isKept) return
      } else if (nests.at(-1)?.name === name) {
        if (nests.pop()?.isKept === false) return
      }
    }
    const isTooDeep = nests.at(-1)?.isKept === false
    if (isTooDeep && IN_NEST.test(name)) return put(isEnd ? '</p>' : '<p>')
    if (isTooDeep && /^(?:tr|thead|tbody|tfoot)$/.test(name)) return undefined
    if (isEnd) return put(`</${name}>`)
    const as = isNotBold(original, attributes) ? 'span' : name
    return put(`<${as}${as === name ? keptAttributes(name, original, attributes) : ''}>`)
  }
  const putText = (text: string): void => {
    const safe = text.replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    put(pre > 0 ? safe.replaceAll(/\r?\n/g, '<br>') : safe)
  }

  let at = 0
  while (at < html.length) {
    if (isTooLong()) return fail('too-long')
    const next = html.indexOf('<', at)
    if (next !== at) putText(html.slice(at, next < 0 ? html.length : next))
    if (next < 0) break
    if (html.startsWith('<!--', next)) {
      const end = html.indexOf('-->', next + 4)
      at = end < 0 ? html.length : end + 3
      continue
    }
    if (html[next + 1] === '!' || html[next + 1] === '?') {
      const end = html.indexOf('>', next)
      at = end < 0 ? html.length : end + 1
      continue
    }
    const tag = tagAt(html, next)
    if (tag === 'open') break
    if (tag === undefined) {
      putText('<')
      at = next + 1
      continue
    }
    at = tag.next
    if (!tag.isEnd && PICTURES.test(tag.name)) taken.leftOut += 1
    if (!tag.isEnd && GONE_WHOLE.test(tag.name)) {
      const end = new RegExp(`</${tag.name}[\\s/>]`, 'gi')
      end.lastIndex = at
      const found = end.exec(html)
      if (tag.name === 'title' && title === undefined) title = html.slice(at, found?.index ?? at).slice(0, 1000)
      if (found === null && tag.name !== 'svg' && tag.name !== 'object') break
      at = found?.index ?? at
      continue
    }
    if (tag.name === 'img' && !tag.isEnd) put(takePicture(tag.attributes, aside, taken))
    else putTag(tag)
  }
  if (isTooLong()) return fail('too-long')
  // Where a picture was.
  const written = out.join('').replaceAll(/<p>\s*<\/p>/g, '')
  return ok({ html: written, title, pictures: taken.list, picturesLeftOut: taken.leftOut })
}

/** Word's own format as HTML, by mammoth. Runs in a worker: a file may be made so that reading it never ends. */
import { strFromU8, strToU8, zipSync } from 'fflate'
import mammoth from 'mammoth'
import { describeThrown, fail, ok, type Result } from '../../../../../shared/base/errors.ts'
import type { ImportProblem, LeftOut } from './problems.ts'
import { asideAddress } from './simple-html.ts'
import { isPicturePart, unpackWord } from './unpack.ts'

const LEVELS = [1, 2, 3, 4, 5, 6, 7, 8, 9]
/** Mammoth's own go so far. */
const KNOWN_LEVELS = 5
const items = (count: number): string =>
  LEVELS.slice(0, count)
    .map(() => 'ul|ol > li > ')
    .join('')

/** Besides mammoth's own: Word's title, deeper lists, and Word's style for a further paragraph of a list's item. */
const STYLES = [
  "p[style-name='Title'] => h1.title:fresh",
  "p[style-name='Subtitle'] => p:fresh",
  ...LEVELS.map((level) => `p[style-name='List Continue${level === 1 ? '' : ` ${level}`}'] => ${items(level)}p:fresh`),
  // By their level in Word's own sets of styles, each with a numbering of its own that says nothing of it.
  ...LEVELS.slice(1, KNOWN_LEVELS).flatMap((level) => [
    `p[style-name='List Bullet ${level}'] => ${items(level - 1)}ul > li:fresh`,
    `p[style-name='List Number ${level}'] => ${items(level - 1)}ol > li:fresh`,
  ]),
  ...LEVELS.slice(KNOWN_LEVELS).flatMap((level) => [
    `p:unordered-list(${level}) => ${items(level - 1)}ul > li:fresh`,
    `p:ordered-list(${level}) => ${items(level - 1)}ol > li:fresh`,
  ]),
]

const MOST_STYLES = 5000

/**
 * Styles of somebody's own that are headings: because they say so, or because they are made of one that is. Mammoth knows Word's own
 * by their names and looks no further.
 */
function headingStyles(xml: string): readonly string[] {
  const styles = new Map<string, { readonly basedOn: string; readonly level: number | undefined }>()
  for (const [style] of xml.matchAll(/<w:style\b[^>]*>[^]*?<\/w:style>/g)) {
    const id = /^<w:style\b[^>]*w:styleId="([\w-]+)"/.exec(style)?.[1]
    if (id === undefined || !/^<w:style\b[^>]*w:type="paragraph"/.test(style) || styles.size >= MOST_STYLES) continue
    // Nine and more is Word's way of saying that it is none.
    const said = /<w:outlineLvl w:val="([0-9])"/.exec(style)?.[1] ?? /<w:name w:val="heading ([1-9])"/i.exec(style)?.[1]
    const isNamed = !/<w:outlineLvl\b/.test(style)
    styles.set(id, {
      basedOn: /<w:basedOn w:val="([\w-]+)"/.exec(style)?.[1] ?? '',
      level: said === undefined ? undefined : Number(said) + (isNamed ? 0 : 1),
    })
  }
  const levelOf = (id: string, depth = 0): number => {
    const style = styles.get(id)
    return style === undefined || depth > 10 ? 10 : (style.level ?? levelOf(style.basedOn, depth + 1))
  }
  return [...styles.keys()].flatMap((id) => {
    const level = levelOf(id)
    return level > 9 ? [] : [`p.${id} => h${Math.min(6, level)}:fresh`]
  })
}

/** Word writes where on the page a link leads behind its address; mammoth would take both for one. */
const joinAnchors = (xml: string): string =>
  xml.replaceAll(
    /(\bHYPERLINK\s+(?:"|&quot;))([^"<&]*(?:&amp;[^"<&]*)*)(?:"|&quot;)\s*\\l\s*(?:"|&quot;)([^"<&]*(?:&amp;[^"<&]*)*)(?="|&quot;)/g,
    '$1$2#$3',
  )

const MOST_ELEMENTS = 1_200_000
const MOST_PARAGRAPHS = 30_000

const count = (xml: string, pattern: RegExp): number => xml.match(pattern)?.length ?? 0

function leftOutOf(parts: ReadonlyMap<string, Uint8Array>, xml: string): Omit<LeftOut, 'pictures'> {
  const headers = [...parts].filter(
    ([name, bytes]) => /^word\/(?:header|footer)\d*\.xml$/.test(name) && /<w:t[ >]/.test(strFromU8(bytes)),
  )
  return {
    comments: count(xml, /<w:commentReference\b/g),
    changes: count(xml, /<w:(?:ins|del|moveFrom|moveTo) /g),
    footnotes: count(xml, /<w:(?:footnote|endnote)Reference\b/g),
    headers: headers.length,
  }
}

export interface WordAsHtml {
  readonly html: string
  /** Put aside, by the index in their addresses. */
  readonly pictures: readonly Uint8Array<ArrayBuffer>[]
  readonly leftOut: Omit<LeftOut, 'pictures'>
}

/** Undefined where they are not in the file, or were not unpacked: without an address the picture counts as left out. */
async function bytesOf(image: { readAsArrayBuffer(): Promise<ArrayBuffer> }): Promise<ArrayBuffer | undefined> {
  try {
    return await image.readAsArrayBuffer()
  } catch {
    // Mammoth throws at once for a part that is not there, and rejects for one elsewhere.
    return undefined
  }
}

export async function wordToHtml(bytes: Uint8Array): Promise<Result<WordAsHtml, ImportProblem>> {
  const unpacked = unpackWord(bytes)
  if (!unpacked.ok) return unpacked
  const parts = unpacked.value
  const written = [...parts].filter(([name]) => !isPicturePart(name)).map(([, part]) => part)
  // No word processor writes one; it is how a few lines of XML become gigabytes, or name a file elsewhere.
  if (written.some((part) => /<!(?:DOCTYPE|ENTITY)/i.test(strFromU8(part)))) return fail('hostile')
  const main = [...parts].find(([name]) => name.startsWith('word/document'))
  const xml = main === undefined ? '' : strFromU8(main[1])
  // A hundred pages have a tenth of it. Found before it is read as XML, which takes long.
  if (count(xml, /</g) > MOST_ELEMENTS || count(xml, /<w:p[ >/]/g) > MOST_PARAGRAPHS) return fail('too-long')
  // Mammoth takes every row that says anything of being a heading for one.
  const mended = joinAnchors(xml.replaceAll(/<w:tblHeader w:val="(?:0|false|off)"\s*\/>/g, ''))
  const given = new Map(main === undefined ? parts : [...parts, [main[0], strToU8(mended)] as const])
  const checked = zipSync(Object.fromEntries(given), { level: 0 })
  const { buffer } = new Uint8Array(checked)
  const pictures: Uint8Array<ArrayBuffer>[] = []
  try {
    // Each of mammoth's two builds knows another of these names.
    const archive = { arrayBuffer: buffer, buffer } as { readonly arrayBuffer: ArrayBuffer }
    const { value } = await mammoth.convertToHtml(archive, {
      // The first that fits counts.
      styleMap: [...STYLES, ...headingStyles(strFromU8(parts.get('word/styles.xml') ?? new Uint8Array()))],
      includeEmbeddedStyleMap: false,
      externalFileAccess: false,
      // They keep apart two lists that stand one after the other; taken out below.
      ignoreEmptyParagraphs: false,
      convertImage: mammoth.images.imgElement(async (image) => {
        const bytes = await bytesOf(image)
        return { src: bytes === undefined ? '' : asideAddress(pictures.push(new Uint8Array(bytes)) - 1) }
      }),
    })
    // The arrows that lead back from a note: there is nothing to lead to.
    const html = value.replaceAll(/ ?<a href="#(?:foot|end)note-ref-[^"]*">↑<\/a>/g, '').replaceAll('<p></p>', '')
    return ok({ html, pictures, leftOut: leftOutOf(parts, xml) })
  } catch (thrown) {
    return fail('damaged', describeThrown(thrown))
  }
}

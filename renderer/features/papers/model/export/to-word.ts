/**
 * A paper as a Word file. The package that writes it is large and comes only when somebody asks for it. Word has no boxes to tick and no
 * headings of rows that other programs read back: a box becomes its sign, a heading a plain cell.
 */
import type * as Docx from 'docx'
import type * as Y from 'yjs'
import { contentOf, fields, type Fields, list, whole } from '../../../../ui/editor/content-json.ts'
import { isSafeLink } from '../../../../ui/editor/links.ts'
import { type KeptPicture, picturesOf } from '../../../../ui/editor/pictures/kept.ts'
import { PICTURE, pictureOf } from '../../../../ui/editor/pictures/picture.ts'

/** Word knows nine. */
const DEEPEST = 8
/** Of a page in A4 with its margins, in twentieths of a point. */
const TEXT_WIDTH = 9026
const INDENT = 425
const SPACE = 140
/** In pixels of 1/96 inch, as Word counts pictures: the text's width, and what leaves room for words on the same page. */
const PICTURE_WIDTH = 601
const PICTURE_HEIGHT = 605
const SMALL_PICTURE = 280
const CELL_MARGINS = 16
/** XML cannot hold these. */
const UNFIT =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
const fit = (text: unknown): string => (typeof text === 'string' ? text.replaceAll(UNFIT, '') : '')

const LISTS = { bulletList: 'bullets', orderedList: 'numbers', taskList: 'tasks' } as const
const isList = (node: Fields): boolean => String(node['type']) in LISTS

type Block = Docx.Paragraph | Docx.Table

/** Where a block stands: at the top, or in an item of a list so deep. */
interface Within {
  readonly level: number
  readonly inItem: boolean
  /** Word leaves no room below a table. */
  readonly isBelowTable?: boolean
  /** In the box at the top of a long paper. */
  readonly inBox?: boolean
  /** Of the table whose cell it is in. */
  readonly columns?: number
}

/** Word's own for what follows in an item of a list. */
const inItemStyle = ({ inItem, level }: Within): { readonly style?: string } =>
  inItem ? { style: `ListContinue${level === 0 ? '' : level + 1}` } : {}

interface WordNames {
  /** What stands above a summary. */
  readonly inShort: string
  /** Instead of a picture that is not here. */
  readonly noPicture: (alt: string) => string
}

interface Numbering {
  readonly reference: string
  readonly level: number
  readonly instance?: number
}

class Writer {
  /** First numbers of lists: each needs a kind of numbering of its own. */
  readonly starts = new Set<number>([1])
  readonly #docx: typeof Docx
  readonly #pictures: ReadonlyMap<string, KeptPicture>
  readonly #names: WordNames
  #lists = 0

  constructor(docx: typeof Docx, pictures: ReadonlyMap<string, KeptPicture>, names: WordNames) {
    this.#docx = docx
    this.#pictures = pictures
    this.#names = names
  }

  #text(node: Fields): Docx.ParagraphChild {
    const { TextRun, ExternalHyperlink } = this.#docx
    const marks = new Map(list(node['marks']).map((mark) => [mark['type'], fields(mark['attrs'])]))
    const href = marks.get('link')?.['href']
    const isLink = typeof href === 'string' && isSafeLink(href)
    const run = new TextRun({
      text: fit(node['text']),
      // Written as false, it would take away what a heading's style says.
      ...(marks.has('bold') ? { bold: true } : {}),
      ...(marks.has('italic') ? { italics: true } : {}),
      ...(isLink ? { style: 'Hyperlink' } : {}),
    })
    return isLink ? new ExternalHyperlink({ link: href, children: [run] }) : run
  }

  #words(node: Fields): Docx.ParagraphChild[] {
    return list(node['content']).flatMap((child) => {
      if (child['type'] === 'text') return [this.#text(child)]
      if (child['type'] === 'hardBreak') return [new this.#docx.TextRun({ break: 1 })]
      return this.#words(child)
    })
  }

  #item(item: Fields, numbering: Numbering): Block[] {
    const { Paragraph, TextRun } = this.#docx
    const [first, ...rest] = list(item['content'])
    const sign =
      item['type'] === 'taskItem'
        ? [new TextRun(String(fields(item['attrs'])['checked']) === 'true' ? '☒ ' : '☐ ')]
        : []
    const isWords = first?.['type'] === 'paragraph'
    const line = new Paragraph({ numbering, children: [...sign, ...(isWords ? this.#words(first) : [])] })
    const more = isWords || first === undefined ? rest : [first, ...rest]
    return [line, ...this.blocks(more, { level: numbering.level, inItem: true })]
  }

  #list(node: Fields, within: Within): Block[] {
    const kind = LISTS[String(node['type']) as keyof typeof LISTS]
    const level = Math.min(DEEPEST, within.inItem ? within.level + 1 : 0)
    const start = whole(fields(node['attrs'])['start'], 100_000)
    if (kind === 'numbers') this.starts.add(start)
    this.#lists += 1
    const numbering =
      kind === 'numbers' ? { reference: `numbers-${start}`, level, instance: this.#lists } : { reference: kind, level }
    return list(node['content']).flatMap((item) => this.#item(item, numbering))
  }

  #table(node: Fields): Block[] {
    const { Table, TableRow, TableCell, Paragraph, WidthType, ShadingType } = this.#docx
    const rows = list(node['content']).filter((row) => list(row['content']).length > 0)
    if (rows.length === 0) return []
    const widthOf = (row: Fields): number =>
      list(row['content']).reduce((sum, cell) => sum + whole(fields(cell['attrs'])['colspan'], 50), 0)
    const columns = Math.max(...rows.map(widthOf))
    const made = rows.map((row, index) => {
      const cells = list(row['content'])
      const children = cells.map((cell) => {
        const { colspan, rowspan } = fields(cell['attrs'])
        const inside = this.blocks(list(cell['content']), { level: 0, inItem: false, columns })
        return new TableCell({
          columnSpan: whole(colspan, 50),
          rowSpan: Math.min(rows.length - index, whole(rowspan, 1000)),
          ...(cell['type'] === 'tableHeader'
            ? { shading: { type: ShadingType.CLEAR, color: 'auto', fill: 'E7E7E7' } }
            : {}),
          // Word calls a cell damaged that does not end with a paragraph.
          children: inside.at(-1) instanceof Paragraph ? inside : [...inside, new Paragraph('')],
        })
      })
      const isHead = index === 0 && cells.every(({ type }) => type === 'tableHeader')
      // Written as false, some programs take it for true.
      return new TableRow({ children, ...(isHead ? { tableHeader: true } : {}) })
    })
    return [
      new Table({
        rows: made,
        width: { size: 100, type: WidthType.PERCENTAGE },
        columnWidths: Array.from({ length: columns }, () => Math.floor(TEXT_WIDTH / columns)),
        margins: { top: 60, bottom: 60, left: 100, right: 100 },
      }),
    ]
  }

  #picture(node: Fields, within: Within): Block[] {
    const { Paragraph, ImageRun, LineRuleType } = this.#docx
    const { hash, alt, size } = pictureOf(fields(node['attrs']))
    const kept = this.#pictures.get(hash)
    if (kept === undefined) return [new Paragraph(fit(this.#names.noPicture(alt)))]
    const { bytes, kind, width, height } = kept
    const room = PICTURE_WIDTH / (within.columns ?? 1) - (within.columns === undefined ? 0 : CELL_MARGINS)
    const most = Math.max(1, Math.min(size === 'small' ? SMALL_PICTURE : PICTURE_WIDTH, room))
    const scale = Math.min(1, most / width, PICTURE_HEIGHT / height)
    const image = new ImageRun({
      type: kind === 'png' ? 'png' : 'jpg',
      data: bytes,
      transformation: {
        width: Math.max(1, Math.round(width * scale)),
        height: Math.max(1, Math.round(height * scale)),
      },
      altText: { name: '', title: '', description: fit(alt) },
    })
    // Some programs cut a picture at the height of a line that is said to be other than one.
    const style = inItemStyle(within)
    return [new Paragraph({ ...style, children: [image], spacing: { line: 240, lineRule: LineRuleType.AUTO } })]
  }

  #block(node: Fields, within: Within): Block[] {
    const { Paragraph, HeadingLevel } = this.#docx
    if (node['type'] === PICTURE && list(node['content']).length === 0) return this.#picture(node, within)
    if (isList(node)) return this.#list(node, within)
    if (node['type'] === 'table') return this.#table(node)
    if (node['type'] === 'summary') return this.#summary(node, within)
    if (node['type'] === 'heading') {
      const heading = [HeadingLevel.HEADING_1, HeadingLevel.HEADING_2, HeadingLevel.HEADING_3][
        whole(fields(node['attrs'])['level'], 3) - 1
      ]
      return [new Paragraph({ ...(heading === undefined ? {} : { heading }), children: this.#words(node) })]
    }
    // A kind of block from a later version: its words still come out.
    const inside = list(node['content']).filter(({ type }) => type !== 'text' && type !== 'hardBreak')
    if (inside.length > 0) return this.blocks(inside, within)
    if (within.inBox === true) return [new Paragraph({ style: 'Summary', children: this.#words(node) })]
    const style = inItemStyle(within)
    const room = within.isBelowTable === true ? { spacing: { before: SPACE } } : {}
    return [new Paragraph({ ...style, ...room, children: this.#words(node) })]
  }

  /** Paragraphs with a border around them, which Word draws as one: it has no boxes within the text. */
  #summary(node: Fields, within: Within): Block[] {
    const { Paragraph, TextRun } = this.#docx
    const label = new Paragraph({
      style: 'Summary',
      keepNext: true,
      children: [new TextRun({ text: this.#names.inShort, bold: true })],
    })
    return [label, ...this.blocks(list(node['content']), { ...within, inBox: true })]
  }

  blocks(nodes: readonly Fields[], within: Within): Block[] {
    const { Paragraph, Table } = this.#docx
    return nodes.flatMap((node, index) => {
      const before = nodes[index - 1]
      const made = this.#block(node, { ...within, isBelowTable: before?.['type'] === 'table' })
      // Two tables, or two lists of one kind, would be one.
      const touches =
        before !== undefined && before['type'] === node['type'] && (isList(node) || made[0] instanceof Table)
      return touches ? [new Paragraph(''), ...made] : made
    })
  }
}

export interface WordRequest extends WordNames {
  readonly title: string
  readonly words: Y.XmlFragment
  /** As 'en-GB': what Word checks the spelling by. */
  readonly language: string
}

export async function toWord({ title, words, language, ...names }: WordRequest): Promise<Uint8Array<ArrayBuffer>> {
  const docx = await import('docx')
  const { AlignmentType, BorderStyle, Document, Footer, HeadingLevel } = docx
  const { LevelFormat, Packer, PageNumber, Paragraph, TextRun } = docx
  const writer = new Writer(docx, await picturesOf(words), names)
  const content = contentOf(words)
  const children = [
    new Paragraph({ heading: HeadingLevel.TITLE, text: fit(title) }),
    ...writer.blocks(content, { level: 0, inItem: false }),
  ]
  const levels = Array.from({ length: DEEPEST + 1 }, (_, level) => level)
  const indentOf = (level: number) => ({ paragraph: { indent: { left: INDENT * (level + 1), hanging: INDENT } } })
  const bullets = (text: (level: number) => string) =>
    levels.map((level) => ({
      level,
      format: LevelFormat.BULLET,
      text: text(level),
      alignment: AlignmentType.LEFT,
      style: indentOf(level),
    }))
  const numbers = (start: number) =>
    levels.map((level) => ({
      level,
      format: LevelFormat.DECIMAL,
      text: `%${level + 1}.`,
      start,
      alignment: AlignmentType.LEFT,
      style: indentOf(level),
    }))
  const font = 'Arial'
  const border = { style: BorderStyle.SINGLE, size: 6, space: 6, color: '000000' }
  const headingOf = (size: number) => ({
    run: { size, bold: true, font, color: '000000' },
    paragraph: { spacing: { before: 280, after: 120 }, keepNext: true },
  })
  const document = new Document({
    title,
    creator: 'Teatray',
    description: '',
    styles: {
      default: {
        document: {
          run: { font, size: 24, language: { value: language } },
          paragraph: { spacing: { after: SPACE, line: 300 } },
        },
        title: headingOf(44),
        heading1: headingOf(34),
        heading2: headingOf(29),
        heading3: headingOf(25),
      },
      paragraphStyles: [
        {
          id: 'Summary',
          name: 'Summary',
          basedOn: 'Normal',
          paragraph: { border: { top: border, bottom: border, left: border, right: border } },
        },
        ...levels.map((level) => ({
          id: `ListContinue${level === 0 ? '' : level + 1}`,
          name: `List Continue${level === 0 ? '' : ` ${level + 1}`}`,
          basedOn: 'Normal',
          paragraph: { indent: { left: INDENT * (level + 1) } },
        })),
      ],
    },
    numbering: {
      config: [
        { reference: 'bullets', levels: bullets((level) => ['•', '◦', '▪'][level % 3] ?? '•') },
        { reference: 'tasks', levels: bullets(() => '') },
        ...[...writer.starts].map((start) => ({ reference: `numbers-${start}`, levels: numbers(start) })),
      ],
    },
    sections: [
      {
        properties: { page: { size: { width: 11_906, height: 16_838 } } },
        footers: {
          default: new Footer({
            children: [
              new Paragraph({
                alignment: AlignmentType.CENTER,
                children: [new TextRun({ children: [PageNumber.CURRENT] })],
              }),
            ],
          }),
        },
        children,
      },
    ],
  })
  return new Uint8Array(await Packer.toArrayBuffer(document))
}

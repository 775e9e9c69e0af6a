/** The structure of a text, whoever wrote its HTML: one line for each heading, paragraph, item of a list and row of a table. */

const INLINE: Readonly<Record<string, string>> = { STRONG: '**', B: '**', EM: '_', I: '_' }
const LISTS = new Set(['UL', 'OL'])
const BLOCKS = new Set([
  'P',
  'DIV',
  'H1',
  'H2',
  'H3',
  'H4',
  'H5',
  'H6',
  'UL',
  'OL',
  'LI',
  'TABLE',
  'BLOCKQUOTE',
  'SECTION',
  'PRE',
  'DL',
  'DT',
  'DD',
  'HR',
  'FIGURE',
  'FIGCAPTION',
  'HEADER',
  'MAIN',
  'ARTICLE',
  'ASIDE',
])

const tidy = (text: string): string =>
  text
    .replaceAll(/[\s\u00a0]+/g, ' ')
    .replaceAll(/ ?⏎ ?/g, '⏎')
    .replace(/^[⏎ ]+|[⏎ ]+$/g, '')
    .replaceAll('****', '')
    .replaceAll('__', '')

function words(node: Node): string {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? ''
  if (!(node instanceof Element)) return ''
  if (node.tagName === 'BR') return '⏎'
  if (node.tagName === 'INPUT') return node.hasAttribute('checked') ? '☒ ' : '☐ '
  const inside = [...node.childNodes].map(words).join('')
  const sign = INLINE[node.tagName] ?? ''
  const href = node.tagName === 'A' ? node.getAttribute('href') : null
  // A sign around nothing but space says nothing.
  const [, before = '', core = '', after = ''] = /^([\s⏎]*)([^]*?)([\s⏎]*)$/.exec(inside) ?? []
  if (core === '') return inside
  const linked = href !== null && !href.startsWith('#') ? `[${core}](${href})` : core
  return `${before}${sign}${linked}${sign}${after}`
}

const isBlock = (node: Node): node is Element => node instanceof Element && BLOCKS.has(node.tagName)

function row(element: Element): string {
  const cells = [...element.children].map((cell) => {
    const spans = ['colspan', 'rowspan'].map((name) => Number(cell.getAttribute(name) ?? 1))
    const span = spans.some((count) => count > 1) ? `{${spans.join('×')}}` : ''
    return `${span}${blocks(cell, 0)
      .map((line) => line.trim())
      .join(' / ')}`
  })
  return `| ${cells.join(' | ')} |`
}

function block(element: Element, depth: number): readonly string[] {
  const { tagName } = element
  const indent = '  '.repeat(depth)
  const heading = /^H([1-6])$/.exec(tagName)?.[1]
  if (heading !== undefined) return [`${indent}h${heading} ${tidy(words(element))}`]
  if (tagName === 'TABLE') {
    const caption = element.querySelector('caption')
    const rows = [...element.querySelectorAll('tr')].filter((one) => one.closest('table') === element)
    return [
      ...(caption === null ? [] : [`${indent}${tidy(words(caption))}`]),
      ...rows.map((one) => `${indent}${row(one)}`),
    ]
  }
  if (LISTS.has(tagName)) {
    const sign = tagName === 'OL' ? '#' : '•'
    return [...element.children].flatMap((item) => {
      const [first = '', ...rest] = blocks(item, depth + 1)
      return [`${indent}${sign} ${first.trim()}`, ...rest]
    })
  }
  return blocks(element, depth)
}

/** Inline content between blocks is a paragraph of its own. */
export function blocks(parent: Element, depth: number): readonly string[] {
  const lines: string[] = []
  let run = ''
  const close = (): void => {
    const text = tidy(run)
    if (text !== '') lines.push(`${'  '.repeat(depth)}${text}`)
    run = ''
  }
  for (const child of parent.childNodes) {
    if (isBlock(child)) {
      close()
      lines.push(...block(child, depth))
    } else if (child instanceof Element && child.querySelector([...BLOCKS].join(',')) !== null) {
      close()
      lines.push(...blocks(child, depth))
    } else run += words(child)
  }
  close()
  return lines.filter((line) => line.trim() !== '')
}

/** Levels a paper does not have, breaks in a line, and signs of one kind inside another, which programs order as they like. */
export const comparable = (outline: readonly string[]): readonly string[] =>
  outline.map((line) =>
    line
      .replaceAll('⏎', ' ')
      .replaceAll(/ +/g, (spaces, at: number) => (at === 0 ? spaces : ' '))
      .replace(/^( *)h[4-6] /, '$1h3 ')
      .replaceAll(/\[([^\]]*)\]\((http:[^)]*)\)/g, '$1 ($2)')
      .replaceAll(/\[(https?:[^\]]*)\]\(\1\)/g, '$1')
      .replaceAll('**_', '_**')
      .replaceAll(/\[\*\*([^\]]*)\*\*\]\(([^)]*)\)/g, '**[$1]($2)**')
      .trimEnd(),
  )

/** Where one heading stands above all others, it is the paper's name, and they move up. */
export const withoutTitle = (outline: readonly string[]): readonly string[] =>
  outline[0]?.startsWith('h1 ') === true && outline.filter((line) => line.startsWith('h1 ')).length === 1
    ? outline.slice(1).map((line) => line.replace(/^h(\d) /, (_, level: string) => `h${Number(level) - 1} `))
    : outline

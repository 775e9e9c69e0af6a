/**
 * The project's own Markdown as plain values that a screen can show. Never as HTML: whatever a page holds, it becomes text in
 * components of ours.
 */
import { Lexer, type Token, type Tokens } from 'marked'

export type Words =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis'; readonly words: readonly Words[] }

export type Block =
  | { readonly kind: 'heading'; readonly depth: number; readonly words: readonly Words[] }
  | { readonly kind: 'paragraph'; readonly words: readonly Words[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Block[])[] }
  | { readonly kind: 'table'; readonly head: readonly (readonly Words[])[]; readonly rows: readonly Row[] }

export type Row = readonly (readonly Words[])[]

export interface HelpPage {
  readonly title: string
  readonly blocks: readonly Block[]
}

export const plain = (words: readonly Words[]): string =>
  words.map((one) => ('text' in one ? one.text : plain(one.words))).join('')

const text = (value: string): Words => ({ kind: 'text', text: value })

function wordsOf(token: Token): readonly Words[] {
  switch (token.type) {
    case 'strong':
      return [{ kind: 'strong', words: allWords(token.tokens) }]
    case 'em':
      return [{ kind: 'emphasis', words: allWords(token.tokens) }]
    case 'codespan':
      return [{ kind: 'code', text: (token as Tokens.Codespan).text }]
    case 'br':
      return [text(' ')]
    // The app opens nothing outside itself: a link is its words.
    case 'link':
    case 'text':
      return token.tokens === undefined ? [text((token as Tokens.Text).text)] : allWords(token.tokens)
    case 'escape':
      return [text((token as Tokens.Escape).text)]
    default:
      return [text(token.raw)]
  }
}

const allWords = (tokens: readonly Token[] | undefined): readonly Words[] =>
  // A line's end in the source is a space.
  (tokens ?? []).flatMap(wordsOf).map((one) => ('text' in one ? { ...one, text: one.text.replaceAll('\n', ' ') } : one))

function blockOf(token: Token): readonly Block[] {
  switch (token.type) {
    case 'space':
    case 'hr':
      return []
    case 'heading':
      return [{ kind: 'heading', depth: (token as Tokens.Heading).depth, words: allWords(token.tokens) }]
    case 'paragraph':
    case 'text':
      return [{ kind: 'paragraph', words: token.tokens === undefined ? [text(token.raw)] : allWords(token.tokens) }]
    case 'code':
      return [{ kind: 'code', text: (token as Tokens.Code).text }]
    case 'list': {
      const { ordered, items } = token as Tokens.List
      return [{ kind: 'list', ordered, items: items.map((item) => item.tokens.flatMap(blockOf)) }]
    }
    case 'blockquote':
      return (token.tokens ?? []).flatMap(blockOf)
    case 'table': {
      const { header, rows } = token as Tokens.Table
      return [
        {
          kind: 'table',
          head: header.map((cell) => allWords(cell.tokens)),
          rows: rows.map((row) => row.map((cell) => allWords(cell.tokens))),
        },
      ]
    }
    default:
      return [{ kind: 'paragraph', words: [text(token.raw)] }]
  }
}

/** The first heading is the page's title; the others come one level lower than they are written, below it. */
export function readPage(markdown: string): HelpPage {
  const blocks = Lexer.lex(markdown).flatMap(blockOf)
  const [first, ...rest] = blocks
  return first?.kind === 'heading' && first.depth === 1
    ? { title: plain(first.words), blocks: rest }
    : { title: '', blocks }
}

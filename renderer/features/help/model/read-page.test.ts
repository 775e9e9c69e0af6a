import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Block, plain, readPage } from './read-page.ts'

const blockText = (block: Block): string => {
  switch (block.kind) {
    case 'heading':
    case 'paragraph':
      return plain(block.words)
    case 'code':
      return block.text
    case 'list':
      return block.items.flat().map(blockText).join(' ')
    case 'table':
      return [block.head, ...block.rows].flat().map(plain).join(' ')
  }
}

describe('pages of the project as values', () => {
  test('headings, bold, code, lists and tables', () => {
    const { title, blocks } = readPage(
      '# One\n\n## Two\nA **bold** and `code` *line*\nwith [a link](https://example.org).\n\n- first\n- second\n\n' +
        '| who | what |\n| --- | --- |\n| a "thief" | `x` |\n',
    )
    expect(title).toBe('One')
    expect(blocks[0]).toEqual({ kind: 'heading', depth: 2, words: [{ kind: 'text', text: 'Two' }] })
    expect(blocks[1]).toEqual({
      kind: 'paragraph',
      words: [
        { kind: 'text', text: 'A ' },
        { kind: 'strong', words: [{ kind: 'text', text: 'bold' }] },
        { kind: 'text', text: ' and ' },
        { kind: 'code', text: 'code' },
        { kind: 'text', text: ' ' },
        { kind: 'emphasis', words: [{ kind: 'text', text: 'line' }] },
        { kind: 'text', text: ' with ' },
        { kind: 'text', text: 'a link' },
        { kind: 'text', text: '.' },
      ],
    })
    expect(blockText(blocks[2] as Block)).toBe('first second')
    expect(blockText(blocks[3] as Block)).toBe('who what a "thief" x')
  })

  test('markup stays text', () => {
    expect(readPage('<img src=x onerror=alert(1)>').blocks.map(blockText).join('')).toContain('<img src=x')
    expect(blockText(readPage('a <b>c</b>').blocks[0] as Block)).toBe('a <b>c</b>')
  })

  test('no word of the threat model is lost', () => {
    const markdown = readFileSync(resolve(import.meta.dirname, '../../../../THREAT_MODEL.md'), 'utf8')
    const { title, blocks } = readPage(markdown)
    expect(title).toBe('What Teatray protects, and what it does not')
    const words = (value: string) => new Set(value.match(/[\p{L}\p{N}’']+/gu))
    const shown = words([title, ...blocks.map(blockText)].join(' '))
    expect([...words(markdown)].filter((word) => !shown.has(word))).toEqual([])
    expect(blocks.some(({ kind }) => kind === 'table')).toBe(true)
    expect(blocks.map(blockText).join(' ')).not.toMatch(/\*\*|&quot;|&#39;|&amp;/)
  })
})

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { strToU8, unzipSync, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { pictureFile } from '../../../../../tests/fixtures/pictures/read.ts'
import { readHeader } from '../../../../ui/editor/pictures/header.ts'
import type { LeftOut, ReadText } from './problems.ts'
import { MOST_BYTES } from './problems.ts'
import { readText } from './read-text.ts'
import { simpleHtml } from './simple-html.ts'

const FILES = resolve(import.meta.dirname, '../../../../../tests/fixtures/import')
const file = (name: string): Uint8Array => new Uint8Array(readFileSync(resolve(FILES, name)))

async function read(bytes: Uint8Array, name = 'a.docx'): Promise<ReadText> {
  const result = await readText(bytes, name)
  if (!result.ok) throw new Error(`${result.error}: ${result.detail}`)
  return result.value
}
async function problemOf(bytes: Uint8Array | string, name = 'a.docx'): Promise<string> {
  const result = await readText(typeof bytes === 'string' ? strToU8(bytes) : bytes, name)
  return result.ok ? `read: ${result.value.html.slice(0, 80)}` : result.error
}
const left = (some: Partial<LeftOut>): LeftOut => ({
  pictures: 0,
  comments: 0,
  changes: 0,
  footnotes: 0,
  headers: 0,
  ...some,
})

/** A Word file of ours with parts put into other parts' places. */
const changed = (change: Readonly<Record<string, string | Uint8Array>>): Uint8Array =>
  zipSync({
    ...unzipSync(file('as-word-writes-it.docx')),
    ...Object.fromEntries(
      Object.entries(change).map(([name, part]) => [name, typeof part === 'string' ? strToU8(part) : part]),
    ),
  })
const NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
const withBody = (body: string, before = ''): Uint8Array =>
  changed({
    'word/document.xml': `<?xml version="1.0"?>${before}<w:document ${NAMESPACE}><w:body>${body}</w:body></w:document>`,
  })

test('a summary’s box of our own web pages stays one; other asides are words like any', () => {
  const simple = (html: string): string => {
    const result = simpleHtml(html)
    return result.ok ? result.value.html : result.error
  }
  expect(
    simple(
      '<aside class="summary" aria-label="In short"><p class="summary-label"><strong>In short</strong></p><div><p>A</p></div></aside><p>B</p>',
    ),
  ).toBe(
    '<aside data-summary=""><p data-summary-label=""><strong>In short</strong></p><div><p>A</p></div></aside><p>B</p>',
  )
  expect(simple('<aside onclick="x()"><aside class="summary"><p>A</p></aside><p>B</p></aside></aside>')).toBe(
    '<div><aside data-summary=""><p>A</p></aside><p>B</p></div></div>',
  )
})

describe('Word files that others made', () => {
  test('as Word writes: title, headings, nested lists, numbers, a table with a wide cell, a link', async () => {
    const { html, leftOut } = await read(file('as-word-writes-it.docx'))
    expect(html).toBe(
      '<h1 class="title">Plan for the summer outing</h1>' +
        '<p>Where we <strong>go</strong> and <em>why</em>. More on <a href="https://example.org/lake?a=1&amp;b=2">the lake’s own page</a>.</p>' +
        '<h1>Before the day</h1>' +
        '<ul><li>Ask who comes<ul><li>By telephone too<ul><li>Twice, a week apart</li></ul></li></ul></li><li>Book the bus</li></ul>' +
        '<h1>On the day</h1><h2>In the morning</h2>' +
        '<ol><li>Meet at ten</li><li>Count everybody<ul><li>Those with sticks first</li></ul></li><li>Go</li></ol>' +
        '<table><thead><tr><th><p>Who</p></th><th><p>What</p></th><th><p>When</p></th></tr></thead>' +
        '<tbody><tr><td><p><strong>Ann</strong></p></td><td><ul><li>Bread</li><li>Tea</li></ul></td><td><p>before ten</p></td></tr>' +
        '<tr><td colspan="2"><p>Everybody: coats</p></td><td><p>always</p></td></tr></tbody></table>' +
        '<p>We turn back when it rains.</p><p>Kept. Added.</p>',
    )
    expect(leftOut).toEqual(left({ pictures: 1, comments: 1, changes: 2, headers: 1 }))
  })

  test('of python-docx', async () => {
    const { html } = await read(file('by-python-docx.docx'))
    expect(html).toBe(
      '<h1 class="title">Minutes of March</h1><h1>Who was there</h1>' +
        '<ul><li>Ann<ul><li>Bob, later</li></ul></li><li>Cara</li></ul>' +
        '<h1>What we decided</h1><ol><li>Meet on Tuesdays</li><li>Ask about the room</li></ol>' +
        '<p>It was a <strong>long</strong> and <em>good</em> evening.</p>' +
        '<table><tr><td><p>Who</p></td><td><p>What</p></td></tr><tr><td><p>Ann</p></td><td><p>Room</p></td></tr></table>',
    )
  })

  test('headings in styles of somebody’s own, and a link to a place within a page', async () => {
    const style = (id: string, name: string, inside: string): string =>
      `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/>${inside}</w:style>`
    const lines = ['Mine', 'Deeper', 'Not', 'Body'].map(
      (id) => `<w:p><w:pPr><w:pStyle w:val="${id}"/></w:pPr><w:r><w:t>${id}</w:t></w:r></w:p>`,
    )
    const field = (kind: string): string => `<w:r><w:fldChar w:fldCharType="${kind}"/></w:r>`
    const link = `<w:p>${field('begin')}<w:r><w:instrText> HYPERLINK "https://example.org/a?b=1&amp;c=2" \\l "here" </w:instrText></w:r>${field('separate')}<w:r><w:t>there</w:t></w:r>${field('end')}</w:p>`
    const own = changed({
      'word/styles.xml': `<w:styles ${NAMESPACE}>${style('Heading2', 'heading 2', '')}${style('Mine', 'Our heading', '<w:basedOn w:val="Heading2"/>')}${style('Deeper', 'x', '<w:pPr><w:outlineLvl w:val="2"/></w:pPr>')}${style('Not', 'y', '<w:basedOn w:val="Mine"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr>')}${style('Body', 'z', '<w:basedOn w:val="Body"/>')}</w:styles>`,
      'word/document.xml': `<?xml version="1.0"?><w:document ${NAMESPACE}><w:body>${lines.join('')}${link}</w:body></w:document>`,
    })
    expect((await read(own)).html).toBe(
      '<h2>Mine</h2><h3>Deeper</h3><p>Not</p><p>Body</p><p><a href="https://example.org/a?b=1&amp;c=2#here">there</a></p>',
    )
  })

  test.each([
    ['comments', /Ouch/, { comments: 2 }],
    [
      'footnotes',
      /Ouch<a href="#footnote-1">\[1\]<\/a>.*<ol><li><p> A tachyon walks into a bar.<\/p>/,
      { footnotes: 2 },
    ],
    ['endnotes', /Ouch/, { footnotes: 2 }],
    ['simple-list', /<ul><li>Apple<\/li><li>Banana<\/li><\/ul>/, {}],
    ['tables', /<table><tr><td><p>Top left<\/p><\/td><td><p>Top right<\/p><\/td><\/tr>/, {}],
    ['text-box', /Datum plane/, {}],
    ['strict-format', /Test/, {}],
  ])('of Word itself: %s', async (name, expected, leftOut) => {
    const found = await read(file(`from-mammoth/${name}.docx`))
    expect(found.html).toMatch(expected)
    expect(found.leftOut).toEqual(left(leftOut))
  })

  test('a picture in the file comes along; a text of nothing but one that lies elsewhere holds nothing', async () => {
    const { html, pictures, leftOut } = await read(file('from-mammoth/tiny-picture.docx'))
    expect(html).toBe('<p><img data-picture="waiting-0" alt=""></p>')
    expect(pictures.map((bytes) => readHeader(bytes)?.kind)).toEqual(['png'])
    expect(leftOut).toEqual(left({}))
    expect(await problemOf(file('from-mammoth/external-picture.docx'))).toBe('nothing-in-it')
  })

  test('with what the file says it shows; what is none, or too large to unpack, is left out and counted', async () => {
    const lake = pictureFile('lake.jpg')
    const found = await read(changed({ 'word/media/image1.png': lake }))
    expect(found.html).toContain('<img data-picture="waiting-0" alt="The lake">')
    expect(found.pictures).toEqual([lake])
    expect(found.leftOut.pictures).toBe(0)
    for (const part of ['<svg onload="x()"/>', '', new Uint8Array(41 * 1024 * 1024)]) {
      const without = await read(changed({ 'word/media/image1.png': part }))
      expect(without.leftOut.pictures).toBe(1)
      expect(without.pictures).toEqual([])
      expect(without.html).not.toContain('<img')
    }
  })
})

describe('other texts', () => {
  test('Markdown, with tables, ticks and a block of facts before it', async () => {
    const text =
      '---\ntitle: x\ndate: y\n---\n# Plan\n\n- [x] one\n- [ ] two\n\n| a | b |\n|---|---|\n| 1 | ![p](q.png) |\n'
    const { html, leftOut } = await read(strToU8(text), 'plan.md')
    expect(html.replaceAll('\n', '')).toBe(
      '<h1>Plan</h1><ul><li><input type="checkbox" checked> one</li><li><input type="checkbox"> two</li></ul>' +
        '<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td></td></tr></tbody></table>',
    )
    expect(leftOut.pictures).toBe(1)
  })

  test('plain text: paragraphs, breaks, signs, and what Windows used to write', async () => {
    expect((await read(strToU8('One <b>\r\ntwo & three\r\n\r\nfour'), 'a.txt')).html).toBe(
      '<p>One &lt;b&gt;<br>two &amp; three</p><p>four</p>',
    )
    expect((await read(Uint8Array.of(0x43, 0x61, 0x66, 0xe9), 'a.txt')).html).toBe('<p>Café</p>')
    expect((await read(Uint8Array.of(0xff, 0xfe, 0x48, 0, 0x69, 0), 'a.txt')).html).toBe('<p>Hi</p>')
  })

  test('HTML: what runs, loads or looks is gone, what is marked stays', async () => {
    const { html, title, leftOut } = await read(
      strToU8(`<!doctype html><title>A &amp; b</title><style>p{background:url(x)}</style>
<script>"</p>"</script><!-- <p>no</p> --><h4 onclick="x()">H</h4><p style="font-weight:bold;background:url(//x)">a
<span style='font-weight: 700'>b</span> <b style="font-weight:normal">c</b> <img src="//x/y.png" onerror=x>
<a href='https://x.org/?"' onmouseover=x>l</a> 1 < 2</p><svg><p>no</p></svg><pre>x
y</pre><iframe srcdoc="<p>no</p>"></iframe>`),
      'a.html',
    )
    expect(title).toBe('A &amp; b')
    expect(html.trim()).toBe(
      '<h4>H</h4><p>a\n<span style="font-weight:700">b</span> <span>c</strong> \n<a href="https://x.org/?&quot;">l</a> 1 &lt; 2</p><p>x<br>y</p>',
    )
    expect(leftOut.pictures).toBe(2)
  })
})

describe('pictures that stand in the text itself', () => {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
  const lake = pictureFile('lake.jpg')
  const address = `data:image/jpeg;base64,${base64(lake)}`

  test('of a web page: with their words; not those of an address, a script, or one dot', async () => {
    const dot = pictureFile('cup.png')
    new DataView(dot.buffer).setUint32(16, 1)
    new DataView(dot.buffer).setUint32(20, 1)
    const { html, pictures, leftOut } = await read(
      strToU8(`<p>a<img src="${address}" alt="The &quot;lake&quot; &lt;b&gt;" onerror="x()">b</p>
<img src='data:image/svg+xml;base64,${base64(strToU8('<svg onload="x()"/>'))}'><img src="data:image/png;base64,%%%">
<img src="data:image/png;base64,${base64(dot)}"><img src="aside:0"><img data-picture="waiting-0">
<picture><source srcset="//x/y.png"><img alt=Cup src=data:image/png;base64,${base64(pictureFile('cup.png'))}></picture>`),
      'a.html',
    )
    expect(html.replaceAll('\n', '')).toBe(
      '<p>a<img data-picture="waiting-0" alt="The &quot;lake&quot; &lt;b&gt;">b</p><img data-picture="waiting-1" alt="Cup">',
    )
    expect(pictures).toEqual([lake, pictureFile('cup.png')])
    expect(leftOut.pictures).toBe(4)
  })

  test('of Markdown, in the line or at its end', async () => {
    const text = `# Plan\n\n![The lake](${address})\n\nand ![once more][lake]\n\n[lake]: ${address}\n`
    const { html, pictures } = await read(strToU8(text), 'a.md')
    expect(pictures).toEqual([lake, lake])
    expect(html).toContain('alt="once more"')
  })

  test('no more than a paper could hold: the rest is counted', async () => {
    const { pictures, leftOut } = await read(strToU8(`<p>x</p>${`<img src="${address}">`.repeat(103)}`), 'a.html')
    expect([pictures.length, leftOut.pictures]).toEqual([100, 3])
  })
})

describe('refusals, by name', () => {
  const OLE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]
  const utf16 = (text: string): number[] => [...strToU8(text)].flatMap((byte) => [byte, 0])
  test.each([
    ['empty', new Uint8Array()],
    ['too-large', new Uint8Array(MOST_BYTES + 1)],
    ['locked', Uint8Array.from([...OLE, ...utf16('EncryptedPackage')])],
    ['old-word', Uint8Array.from([...OLE, ...utf16('WordDocument')])],
    ['other-kind', Uint8Array.from([...OLE, ...utf16('Workbook')])],
    ['pdf', strToU8('%PDF-1.7')],
    ['not-word', strToU8('only words')],
    ['damaged', file('as-word-writes-it.docx').subarray(0, 3000)],
    ['other-kind', zipSync({ 'content.xml': strToU8('<a/>') })],
    ['damaged', withBody('<w:p>')],
    ['nothing-in-it', withBody('<w:p/>')],
  ])('%s', async (problem, bytes) => {
    expect(await problemOf(bytes)).toBe(problem)
  })

  test.each([
    ['other-kind', '{\\rtf1 words}', 'a.rtf'],
    ['other-kind', '\u0000\u0001binary', 'a.txt'],
    ['nothing-in-it', ' \n ', 'a.txt'],
    ['nothing-in-it', '<p>&nbsp;</p><script>x</script>', 'a.html'],
    ['too-long', 'x'.repeat(3_100_000), 'a.txt'],
    ['too-long', '<ul><li>'.repeat(1_250_000), 'a.html'],
    ['too-long', `<table><tr>${'<td>x'.repeat(61)}`, 'a.html'],
    ['too-long', `<table>${'<tr><td colspan=9999>x'.repeat(6001)}`, 'a.html'],
    ['too-long', `<p>${'<b a=1>x</b>'.repeat(40_000)}`, 'a.html'],
  ])('%s: a text', async (problem, text, name) => {
    expect(await problemOf(text, name)).toBe(problem)
  })
})

describe('hostile Word files', () => {
  test('a zip bomb that says so, and one that lies about it', async () => {
    const bomb = changed({ 'word/document.xml': new Uint8Array(20 * 1024 * 1024) })
    expect(bomb.length).toBeLessThan(100 * 1024)
    expect(await problemOf(bomb)).toBe('too-large-inside')
    const withSize = (size: number): Uint8Array => {
      const view = new DataView(bomb.buffer, bomb.byteOffset)
      for (let at = 0; at + 46 < bomb.length; at++)
        if (view.getUint32(at, true) === 0x02014b50 && view.getUint32(at + 20, true) > 10_000)
          view.setUint32(at + 24, size, true)
      return bomb
    }
    expect(await problemOf(withSize(101 * 1024 * 1024))).toBe('too-large-inside')
    expect(await problemOf(withSize(1000))).toBe('too-large-inside')
  })

  test('entities that grow, and entities that name a file', async () => {
    const grow = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    expect(await problemOf(withBody('<w:p><w:r><w:t>&b;</w:t></w:r></w:p>', grow))).toBe('hostile')
    const names = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    expect(await problemOf(withBody('<w:p><w:r><w:t>&x;</w:t></w:r></w:p>', names))).toBe('hostile')
  })

  test('links that would run something stay words once the editor’s rules have read them; markup stays words', async () => {
    const { html } = await read(withBody('<w:p><w:r><w:t>&lt;script&gt;x()&lt;/script&gt;</w:t></w:r></w:p>'))
    expect(html).toBe('<p>&lt;script&gt;x()&lt;/script&gt;</p>')
  })

  test('elements within elements without end', async () => {
    const deep = '<w:sdt><w:sdtContent>'.repeat(50_000)
    expect(await problemOf(withBody(`${deep}<w:p/>`))).toBe('damaged')
    const tables = `${'<w:tbl><w:tr><w:tc>'.repeat(3000)}<w:p><w:r><w:t>x</w:t></w:r></w:p>${'</w:tc></w:tr></w:tbl>'.repeat(3000)}`
    expect(['damaged', 'too-long', 'read:']).toContain((await problemOf(withBody(tables))).split(' ')[0])
  })

  test('10 MB of nested lists', async () => {
    const item =
      '<w:p><w:pPr><w:numPr><w:ilvl w:val="8"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>x</w:t></w:r></w:p>'
    expect(await problemOf(withBody(item.repeat(Math.ceil((10 * 1024 * 1024) / item.length))))).toBe('too-long')
  })

  test('1,000 mutated files: always an answer, and never anything but simple HTML', async () => {
    const whole = ['as-word-writes-it.docx', 'from-mammoth/footnotes.docx', 'from-mammoth/endnotes.docx'].map(file)
    const parts = unzipSync(whole[0] ?? new Uint8Array())
    const bytes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 12 })
    const mutate = (original: Uint8Array, edits: readonly (readonly [number, number])[]): Uint8Array => {
      const copy = Uint8Array.from(original)
      for (const [at, value] of edits) copy[at % copy.length] = value
      return copy
    }
    const NOT_SIMPLE = /<(?!\/?(?:h[1-4]|p|div|ul|ol|li|table|thead|tbody|tr|th|td|br|a|strong|em|span|input)\b)/
    let answers = 0
    const check = async (given: Uint8Array): Promise<void> => {
      const result = await readText(given, 'a.docx')
      answers += 1
      expect(result.ok ? result.value.html : '').not.toMatch(NOT_SIMPLE)
    }
    // Of the archive, and of what is in it: most of the former end at the archive's own checks.
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...whole), bytes, (original, edits) => check(mutate(original, edits))),
      {
        numRuns: 500,
      },
    )
    const names = Object.keys(parts).filter((name) => name.endsWith('.xml') || name.endsWith('.rels'))
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), bytes, (name, edits) =>
        check(zipSync({ ...parts, [name]: mutate(parts[name] ?? new Uint8Array(), edits) }, { level: 0 })),
      ),
      { numRuns: 500 },
    )
    expect(answers).toBeGreaterThanOrEqual(1000)
  }, 300_000)
})

test('any text at all is made simple, and what is simple stays as it is', () => {
  const piece = fc.constantFrom(
    '<',
    '>',
    '"',
    "'",
    '=',
    '/',
    ' ',
    '<p>',
    '</p>',
    '<ul>',
    '<li',
    '<a href="x',
    '<!--',
    '-->',
    '<svg>',
    '<script',
    '</script>',
    '&lt;',
    'x',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const once = simpleHtml(pieces.join(''))
      if (!once.ok) throw new Error(once.error)
      expect(once.value.html).not.toMatch(/<(?:script|svg|!|img)/i)
      const twice = simpleHtml(once.value.html)
      // A paragraph that held only an empty one is empty once that is gone.
      expect(twice.ok && twice.value.html).toBe(once.value.html.replaceAll(/<p>\s*<\/p>/g, ''))
    }),
    { numRuns: 2000 },
  )
})

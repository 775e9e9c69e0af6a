/** One paper in from a file and out again, on documents of one page: Word, HTML, refusals, the printed sheet. */
import { resolve } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { pictureFile } from '../fixtures/pictures/read.ts'
import { expectNothingForAxe, expectNothingForAxeInBoth, picture } from './looks.ts'
import { servePapers } from './papers-page.ts'

/** As the file says it, by Markdown; what the file holds besides is counted. */
const SUMMER_OUTING = `Where we **go** and *why*. More on [the lake’s own page](https://example.org/lake?a=1&b=2).

# Before the day

- Ask who comes
  - By telephone too
    - Twice, a week apart
- Book the bus

# On the day

## In the morning

1. Meet at ten
2. Count everybody
   - Those with sticks first
3. Go

| Who | What | When |
| --- | --- | --- |
| **Ann** | - Bread<br>- Tea | before ten |
| Everybody: coats |  | always |

We turn back when it rains.

Kept. Added.
`

const FILES = resolve(import.meta.dirname, '../fixtures/import')

const served = servePapers()

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name })
const textOf = (page: Page, id: string): Promise<string> => page.evaluate((paper) => window.papers.text(paper), id)
const idOf = (page: Page): string => new URL(page.url()).hash.split('/')[2] ?? ''

/** What the page complains of, and every address that it asks for. */
async function open(page: Page, path: string) {
  const complaints: string[] = []
  const asked: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('404')) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(`${served.url}papers.html?circles#${path}`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  return { complaints, asked }
}

async function choose(page: Page, file: string | { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose a file' }).click()
  await (await chooser).setFiles(file)
}

async function expectFits(page: Page): Promise<void> {
  const widths = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
  expect(widths[0]).toBeLessThanOrEqual(widths[1] ?? 0)
}

test('a Word file becomes a paper for a circle, goes out as Word, and comes in again the same', async ({
  page,
}, info) => {
  const { complaints } = await open(page, '/papers/new')
  await page.getByRole('link', { name: 'Bring in a file' }).click()
  await expectNothingForAxe(page)
  await picture(page, 'import-choose')
  await choose(page, `${FILES}/as-word-writes-it.docx`)
  await expect(page.getByText('1 picture was left out.')).toBeVisible()
  await expect(page.getByText('1 comment was left out.')).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Name of the paper' })).toHaveValue('Plan for the summer outing')
  await expectNothingForAxeInBoth(page)
  await picture(page, 'import-read')
  await page.setViewportSize({ width: 640, height: 400 })
  await expectFits(page)
  await picture(page, 'import-read-200')
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.getByLabel('Who is it for?').selectOption({ label: 'Planning group' })
  await expect(page.getByText('Bob and Cara will be able to read and change it', { exact: false })).toBeVisible()
  await page.getByRole('button', { name: 'Make the paper' }).click()
  await expect(heading(page, 'Plan for the summer outing')).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Plan for the summer outing' }).getByRole('table')).toBeVisible()
  await picture(page, 'import-paper')
  const first = await textOf(page, idOf(page))
  expect(first).toBe(SUMMER_OUTING)

  await page.getByRole('button', { name: 'More for Plan for the summer outing' }).click()
  await expectNothingForAxeInBoth(page)
  await page.getByRole('menuitem', { name: 'Print it or save a copy' }).click()
  await expect(page.getByRole('region', { name: 'What is printed' }).getByRole('table')).toBeVisible()
  await expectNothingForAxeInBoth(page)
  await picture(page, 'out')
  await page.setViewportSize({ width: 640, height: 400 })
  await expectFits(page)
  await picture(page, 'out-200')
  await page.setViewportSize({ width: 1280, height: 800 })
  const saved: Record<string, string> = {}
  for (const [button, ending] of [
    ['Word file', 'docx'],
    ['Markdown file', 'md'],
    ['Web page', 'html'],
  ] as const) {
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: button }).click()
    const file = await download
    expect(file.suggestedFilename()).toBe(`Plan for the summer outing.${ending}`)
    saved[ending] = info.outputPath(file.suggestedFilename())
    await file.saveAs(saved[ending])
  }
  for (const ending of ['docx', 'md', 'html']) {
    await page.evaluate(() => void (location.hash = '/papers/import'))
    await choose(page, saved[ending] ?? '')
    await expect(page.getByRole('textbox', { name: 'Name of the paper' })).toHaveValue('Plan for the summer outing')
    await expect(page.getByText('left out')).toHaveCount(0)
    await page.getByRole('button', { name: 'Make the paper' }).click()
    await expect(page.getByRole('textbox', { name: 'Plan for the summer outing' })).toBeVisible()
    // Markdown has no lists in the cells of a table.
    const expected = ending === 'md' ? first.replace('- Bread<br>- Tea', '\\- Bread<br>\\- Tea') : first
    expect(await textOf(page, idOf(page)), ending).toBe(expected)
  }

  await page.getByRole('button', { name: 'More for Plan for the summer outing' }).click()
  await page.getByRole('menuitem', { name: 'Print it or save a copy' }).click()
  for (const size of ['Normal', 'Large']) {
    await page.getByLabel(size).check()
    const pdf = await page.pdf({ preferCSSPageSize: true, path: info.outputPath(`${size}.pdf`) })
    expect(pdf.length).toBeGreaterThan(1000)
  }
  expect(complaints).toEqual([])
})

test('a long paper is offered a summary once; it goes out as a web page and comes in again as one', async ({
  page,
}, info) => {
  const { complaints } = await open(page, '/papers/new')
  await page.getByRole('button', { name: 'Make the paper' }).click()
  await expect(heading(page, 'Terms of reference')).toBeVisible()
  const id = idOf(page)
  const offer = page.getByText('Long papers are easier with a summary first.')
  await page.evaluate((paper) => {
    window.papers.meet(paper)
    window.papers.bobAdds(paper, 'group', ' word'.repeat(900))
    window.papers.meet(paper)
  }, id)
  await expect(offer).toBeVisible()
  await expectNothingForAxeInBoth(page)
  await picture(page, 'summary-offer')
  await page.getByRole('link', { name: 'All papers' }).click()
  await page.getByRole('link', { name: 'Terms of reference' }).click()
  await expect(page.getByText(/^9\d\d words|^1,?\d\d\d words/)).toBeVisible()
  await expect(offer).toHaveCount(0)
  await page.getByRole('button', { name: 'More for the text' }).click()
  await page.getByRole('menuitem', { name: 'Add a summary first' }).click()
  await expect(page.getByRole('textbox', { name: 'Terms of reference' })).toBeFocused()
  await page.keyboard.type('All have a voice.')
  const first = await textOf(page, id)
  expect(first.startsWith('> All have a voice.\n\n')).toBe(true)
  await page.getByRole('button', { name: 'More for Terms of reference' }).click()
  await page.getByRole('menuitem', { name: 'Print it or save a copy' }).click()
  const sheet = page.getByRole('region', { name: 'What is printed' })
  await expect(sheet.getByRole('complementary', { name: 'In short' })).toContainText('All have a voice.')
  await expectNothingForAxe(page)
  await picture(page, 'summary-out')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Web page' }).click()
  const file = info.outputPath('paper.html')
  await (await download).saveAs(file)
  await page.evaluate(() => void (location.hash = '/papers/import'))
  await choose(page, file)
  await page.getByRole('button', { name: 'Make the paper' }).click()
  await expect(page.getByRole('note', { name: 'In short' })).toBeVisible()
  expect(await textOf(page, idOf(page))).toBe(first)
  expect(complaints).toEqual([])
})

test('files that are not what they say, too large or hostile are named; nothing is kept, run or fetched', async ({
  page,
}) => {
  const { complaints, asked } = await open(page, '/papers/import')
  const before = asked.length
  const file = (name: string, buffer: Buffer | string) => ({ name, mimeType: '', buffer: Buffer.from(buffer) })
  const refusals = [
    [file('notes.docx', 'only text'), 'has a Word file’s name, but is none'],
    [file('empty.txt', ''), 'is empty'],
    [file('scan.pdf', '%PDF-1.7 …'), 'is a PDF'],
    [file('blank.html', '<p>&nbsp;</p><img src="https://example.org/a.png">'), 'There are no words'],
    [file('long.html', '<ul><li>a'.repeat(1_100_000)), 'is too long for one paper'],
  ] as const
  for (const [given, said] of refusals) {
    await choose(page, given)
    await expect(page.getByText(said)).toBeVisible()
  }
  await picture(page, 'import-refused')
  await expectNothingForAxeInBoth(page)

  const hostile = `<html><head><title>Hello &amp; welcome</title><link rel=stylesheet href="https://evil.example/a.css">
    <script>attacked = true</script></head><body onload="attacked = true" background="https://evil.example/b.png">
    <h2 onclick="attacked=true">Rules</h2><p style="background:url(https://evil.example/c.png)">We <b>listen</b>.
    <img src="https://evil.example/d.png" onerror="attacked = true"><img src=x onerror=attacked=true></p>
    <a href="javascript:attacked=true">script</a> <a href="&#106;avascript:attacked=true">hidden</a>
    <a href="https://example.org/">link</a><iframe src="https://evil.example/"></iframe>
    <svg><image href="https://evil.example/e.png"/><script>attacked = true</script></svg>
    <video poster="https://evil.example/f.png" src="https://evil.example/g.mp4"></video>
    <img src="data:image/jpeg;base64,${Buffer.from(pictureFile('lake.jpg')).toString('base64')}" alt="The lake">
    <ul class="tasks"><li><input type="checkbox" checked> done</li><li><input type=checkbox> not yet</li></ul></body></html>`
  await choose(page, file('page.html', hostile))
  await expect(page.getByText('4 pictures were left out.')).toBeVisible()
  await expect(page.getByText('1 picture comes with it.')).toBeVisible()
  await page.getByRole('button', { name: 'Make the paper' }).click()
  await expect(heading(page, 'Hello & welcome')).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Hello & welcome' })).toBeVisible()
  expect(await textOf(page, idOf(page))).toBe(
    '## Rules\n\nWe **listen**.\n\nscript hidden [link](https://example.org/)\n\n!\\[The lake\\]\n\n- [x] done\n- [ ] not yet\n',
  )
  expect(await page.evaluate(() => window.attacked)).toBeUndefined()
  const outside = asked
    .slice(before)
    .filter((address) => !address.startsWith(served.url) && !/^(?:blob|data):/.test(address))
  expect(outside).toEqual([])

  // The picture that was in the file itself; printed too.
  const lake = page.getByRole('img', { name: 'The lake' })
  await expect.poll(() => lake.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(60)
  await page.getByRole('button', { name: 'More for Hello & welcome' }).click()
  await page.getByRole('menuitem', { name: 'Print it or save a copy' }).click()
  await expect(heading(page, /^Print/)).toBeVisible()
  await expect.poll(() => lake.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(60)
  await picture(page, 'out-picture')

  // Dropped on the list.
  await page.evaluate(() => void (location.hash = '/papers'))
  await expect(heading(page, 'Papers')).toBeVisible()
  await page.evaluate(() => {
    const data = new DataTransfer()
    data.items.add(new File(['First line\n\nSecond paragraph\nwith a break'], 'my_notes.txt'))
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))
  })
  await expect(page.getByRole('textbox', { name: 'Name of the paper' })).toHaveValue('my notes')
  await page.getByRole('textbox', { name: 'Name of the paper' }).fill('')
  await page.getByRole('button', { name: 'Make the paper' }).click()
  await expect(page.getByText('Give the paper a name.')).toHaveCount(2)
  await page.getByRole('textbox', { name: 'Name of the paper' }).fill('Notes')
  await page.getByRole('button', { name: 'Make the paper' }).click()
  await expect(page.getByRole('textbox', { name: 'Notes' })).toBeVisible()
  expect(await textOf(page, idOf(page))).toBe('First line\n\nSecond paragraph\\\nwith a break\n')
  expect(complaints).toEqual([])
})

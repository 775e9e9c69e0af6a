/**
 * The editor in a real browser, under the app's content policy (Trusted Types included), on plain documents of its page: by
 * keyboard alone, with what Word and Google Docs paste, and with a second writer.
 */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, type Locator, type Page, test } from '@playwright/test'
import type { Harness } from '../ui-editor/main.tsx'
import { expectNothingForAxe, expectNothingForAxeInBoth, picture } from './looks.ts'
import { servePapers } from './papers-page.ts'

declare global {
  interface Window {
    harness: Harness
    attacked?: boolean
    spoken: string[]
    endSentence: () => void
  }
}

const PASTED = resolve(import.meta.dirname, '../fixtures/pasted')

const served = servePapers()

const textOf = (page: Page, name: 'ann' | 'bob' = 'ann') => page.evaluate((who) => window.harness.text(who), name)
const box = (page: Page, name = 'ann'): Locator => page.getByRole('textbox', { name: `Words by ${name}` })
const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true }).first()

async function open(page: Page, query = ''): Promise<readonly string[]> {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !message.text().includes('404'))
      complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(`${served.url}${query}`)
  await expect(box(page)).toBeVisible()
  return complaints
}

async function write(page: Page, name = 'ann'): Promise<void> {
  await box(page, name).focus()
}

async function paste(page: Page, html: string, text = ''): Promise<void> {
  await box(page).evaluate(
    (element, given) => {
      const data = new DataTransfer()
      data.setData('text/html', given.html)
      data.setData('text/plain', given.text)
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    },
    { html, text },
  )
}

/** A headless browser has no voices; these say nothing, and end a sentence when the test does. */
function fakeVoices(voices: readonly object[]): void {
  let current: EventTarget | undefined
  window.spoken = []
  window.endSentence = () => current?.dispatchEvent(new Event('end'))
  class Utterance extends EventTarget {
    voice: { name: string } | null = null
    lang = ''
    readonly text: string
    constructor(text: string) {
      super()
      this.text = text
    }
  }
  const synthesis = Object.assign(new EventTarget(), {
    getVoices: () => voices,
    speak(utterance: Utterance) {
      current = utterance
      window.spoken.push(`${utterance.voice?.name}: ${utterance.text}`)
    },
    cancel() {
      current?.dispatchEvent(new Event('error'))
      current = undefined
    },
  })
  Object.defineProperty(window, 'SpeechSynthesisUtterance', { value: Utterance })
  Object.defineProperty(window, 'speechSynthesis', { value: synthesis })
}

const paragraph = (text: string) => ({ type: 'paragraph', content: text === '' ? [] : [{ type: 'text', text }] })

test.describe('writing', () => {
  test('by keys: letters, bold, italic, headings, lists, a new line', async ({ page }) => {
    const complaints = await open(page)
    await write(page)
    await page.keyboard.type('# Our group')
    await page.keyboard.press('Enter')
    await page.keyboard.type('We ')
    await page.keyboard.press('Control+b')
    await page.keyboard.type('all')
    await page.keyboard.press('Control+b')
    await page.keyboard.type(' decide ')
    await page.keyboard.press('Control+i')
    await page.keyboard.type('kindly')
    await page.keyboard.press('Control+i')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('and slowly')
    await page.keyboard.press('Enter')
    await page.keyboard.type('- tea')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Control+]')
    await page.keyboard.type('green')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Control+[')
    await page.keyboard.type('cake')
    expect(await textOf(page)).toBe(
      '# Our group\n\nWe **all** decide *kindly*\\\nand slowly\n\n- tea\n  - green\n- cake\n',
    )
    expect(complaints).toEqual([])
  })

  test('a tick list by keyboard; its boxes have the words beside them as names', async ({ page }) => {
    await open(page)
    await write(page)
    await page.keyboard.type('[ ] Book the hall')
    await page.keyboard.press('Enter')
    await page.keyboard.type('Buy milk')
    await page.keyboard.press('Control+Enter')
    expect(await textOf(page)).toBe('- [ ] Book the hall\n- [x] Buy milk\n')
    await expect(page.getByRole('checkbox', { name: 'Buy milk' })).toBeChecked()
    await page.getByRole('checkbox', { name: 'Book the hall' }).click()
    expect(await textOf(page)).toBe('- [x] Book the hall\n- [x] Buy milk\n')
    await page.keyboard.press('Control+Enter')
    await page.keyboard.type('!')
    expect(await textOf(page)).toBe('- [x] Book the hall\n- [ ] Buy milk!\n')
  })

  test('as dictation does it: whole phrases, corrections, line breaks, composed letters', async ({ page }) => {
    await open(page)
    await write(page)
    await page.keyboard.insertText('We meat on Tuesdays')
    await page.evaluate(() => {
      const text = document.querySelector('[role=textbox] p')!.firstChild!
      getSelection()!.setBaseAndExtent(text, 3, text, 7)
    })
    await page.keyboard.insertText('meet')
    await expect.poll(() => textOf(page)).toBe('We meet on Tuesdays\n')
    // Nobody presses the next key within the same frame.
    await page.waitForTimeout(60)
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    const session = await page.context().newCDPSession(page)
    await session.send('Input.imeSetComposition', { text: 'caf', selectionStart: 3, selectionEnd: 3 })
    await session.send('Input.imeSetComposition', { text: 'café', selectionStart: 4, selectionEnd: 4 })
    await session.send('Input.insertText', { text: 'café' })
    expect(await textOf(page)).toBe('We meet on Tuesdays\n\ncafé\n')
  })

  test('opening a paper writes nothing to it', async ({ page }) => {
    await open(page)
    await page.evaluate(() => window.harness.template())
    await expect(page.getByText('Who we are and why we meet')).toBeVisible()
    const before = await page.evaluate(() => window.harness.updates)
    await write(page)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Control+End')
    expect(await page.evaluate(() => window.harness.updates)).toBe(before)
  })

  test('a prompt shows until the first letter and is not part of the text', async ({ page }) => {
    await open(page)
    await page.evaluate(() => window.harness.template())
    expect(await textOf(page)).not.toContain('The name of our group')
    const prompt = page.locator('p[data-prompt^="The name of our group"]')
    const shown = () => prompt.evaluate((element) => getComputedStyle(element, '::before').content)
    expect(await shown()).toContain('The name of our group')
    await prompt.click()
    await page.keyboard.type('The Riverside group')
    expect(await shown()).toBe('none')
    expect(await textOf(page)).toContain('The Riverside group')
  })
})

test.describe('the buttons', () => {
  test('are one Tab stop with arrows inside; Tab leaves the text, from a list and a table too', async ({ page }) => {
    await open(page)
    await page.locator('h1').focus()
    await page.keyboard.press('Tab')
    await expect(page.getByRole('button', { name: /Ordinary text/ })).toBeFocused()
    await page.keyboard.press('ArrowRight')
    await expect(button(page, 'Bold')).toBeFocused()
    await page.keyboard.press('Tab')
    await expect(box(page)).toBeFocused()
    await page.keyboard.type('- tea')
    await page.keyboard.press('Tab')
    await expect(button(page, 'After ann')).toBeFocused()
    await page.keyboard.press('Shift+Tab')
    await expect(box(page)).toBeFocused()
    await page.keyboard.press('Shift+Tab')
    await expect(button(page, 'Bold')).toBeFocused()
    await write(page)
    await page.keyboard.press('Alt+F10')
    await expect(page.getByRole('toolbar').locator(':focus')).toHaveCount(1)
  })

  test('say what is on, and leave the person in the text', async ({ page }) => {
    await open(page)
    await write(page)
    await button(page, 'Bold').click()
    await expect(button(page, 'Bold')).toHaveAttribute('aria-pressed', 'true')
    await page.keyboard.type('loud')
    await button(page, 'Bold').click()
    await expect(button(page, 'Bold')).toHaveAttribute('aria-pressed', 'false')
    await page.keyboard.type(' quiet')
    await button(page, 'Bullets').click()
    await page.keyboard.type('!')
    expect(await textOf(page)).toBe('- **loud** quiet!\n')
  })

  test('are few in the easy look; all others are under More, by keyboard', async ({ page }) => {
    await page.addInitScript(() => localStorage.setItem('teatray-easy-look', 'on'))
    await page.setViewportSize({ width: 640, height: 360 })
    await open(page)
    const names = await page.getByRole('toolbar').getByRole('button').allInnerTexts()
    expect(names.map((name) => name.replace(/\s*▾/, ''))).toEqual([
      'Ordinary text',
      'Bold',
      'Bullets',
      'Undo',
      'Headings',
      'More',
    ])
    await write(page)
    await button(page, 'More for the text').press('Enter')
    await expectNothingForAxeInBoth(page)
    await picture(page, 'easy-more-200')
    await page.getByRole('menuitem', { name: 'Tick list' }).press('Enter')
    await expect(box(page)).toBeFocused()
    await page.keyboard.type('tea')
    expect(await textOf(page)).toBe('- [ ] tea\n')
    await expect(page.getByRole('menu')).toHaveCount(0)
    await button(page, 'More for the text').press('Enter')
    await expect(page.getByRole('menuitem', { name: 'Tick list, switch off' })).toBeVisible()
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
    expect(widths[0]).toBeLessThanOrEqual(widths[1] ?? 0)
  })

  test('make headings from a menu, by keyboard', async ({ page }) => {
    await open(page)
    await write(page)
    await page.keyboard.type('Money')
    await page.keyboard.press('Alt+F10')
    await page.keyboard.press('ArrowDown')
    await expect(page.getByRole('menuitem', { name: 'Ordinary text' })).toBeFocused()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect(box(page)).toBeFocused()
    await page.keyboard.type('!')
    expect(await textOf(page)).toBe('## Money!\n')
  })

  test('put a summary first, lead to it, and take its box away, by keyboard', async ({ page }) => {
    const complaints = await open(page)
    await write(page)
    await page.keyboard.type('Long words')
    const choose = async (name: string): Promise<void> => {
      await button(page, 'More for the text').focus()
      await page.keyboard.press('Enter')
      await page.getByRole('menuitem', { name }).focus()
      await page.keyboard.press('Enter')
      await expect(box(page)).toBeFocused()
      // As in the test of tables below.
      await page.waitForTimeout(150)
    }
    const summary = page.getByRole('note', { name: 'In short' })
    await choose('Add a summary first')
    await expect(summary).toBeVisible()
    expect(await textOf(page)).toBe('Long words\n')
    await page.keyboard.type('We meet.')
    await page.keyboard.press('Enter')
    await page.keyboard.type('Bring soup.')
    // An empty line in the middle stays one; at the end it leads out, into a line of its own.
    // A letter shows that the editor knows where the arrows have led.
    const typeAt = async (keys: readonly string[], letter: string, line: string): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key)
      await page.keyboard.type(letter)
      await expect.poll(() => textOf(page)).toContain(line)
    }
    await typeAt(['ArrowUp', 'End'], '!', 'We meet.!')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await expect(summary).toHaveCount(1)
    await typeAt(['ArrowDown', 'End'], '!', 'Bring soup.!')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await page.keyboard.type('Outside. ')
    await expect(summary).not.toContainText('Outside')
    await expectNothingForAxeInBoth(page)
    await picture(page, 'summary-light')
    await page.emulateMedia({ colorScheme: 'dark' })
    await picture(page, 'summary-dark')
    await page.emulateMedia({ forcedColors: 'active' })
    await picture(page, 'summary-forced')
    await page.emulateMedia({ colorScheme: null, forcedColors: null })
    await page.setViewportSize({ width: 320, height: 256 })
    await picture(page, 'summary-320')
    await page.setViewportSize({ width: 1280, height: 720 })
    await choose('Go to the summary')
    await page.keyboard.type(' And cake.')
    expect(await textOf(page)).toBe('> We meet.!\n>\n> Bring soup.! And cake.\n\nOutside.\n\nLong words\n')
    await choose('Take the summary’s box away, keep its words')
    await expect(summary).toHaveCount(0)
    expect(await textOf(page)).toBe('We meet.!\n\nBring soup.! And cake.\n\nOutside.\n\nLong words\n')
    await page.keyboard.press('Control+z')
    await expect(summary).toHaveCount(1)
    await typeAt(['Control+Home'], '.', '> .We meet.!')
    await page.keyboard.press('Backspace')
    await page.keyboard.press('Backspace')
    await expect(summary).toHaveCount(0)
    expect(complaints).toEqual([])
  })

  test('make and change a table, by keyboard', async ({ page }) => {
    await open(page)
    await write(page)
    const choose = async (name: string): Promise<void> => {
      await button(page, 'Table').focus()
      await page.keyboard.press('Enter')
      await page.getByRole('menuitem', { name }).focus()
      await page.keyboard.press('Enter')
      await expect(box(page)).toBeFocused()
      // A menu gives the focus back once more when it has closed (toolbar.tsx); nobody opens the next one within that time.
      await page.waitForTimeout(150)
    }
    await choose('Insert a table')
    await page.keyboard.type('Who')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.type('What')
    await choose('Remove this row')
    await choose('Add a column after')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.type('x')
    const rows = (await textOf(page)).trim().split('\n')
    expect(rows).toHaveLength(3)
    expect(rows[0]?.split('|')).toHaveLength(6)
    await page.keyboard.press('Tab')
    await expect(button(page, 'After ann')).toBeFocused()
    await write(page)
    await choose('Remove the table')
    expect(await textOf(page)).toBe('')
  })

  test('add, change and remove a link; refuse one that is not safe', async ({ page }) => {
    await open(page)
    await write(page)
    await page.keyboard.type('our site')
    await page.keyboard.press('Control+a')
    await page.keyboard.press('Control+k')
    const field = page.getByRole('textbox', { name: 'Where it leads' })
    await expect(field).toBeFocused()
    await field.fill('javascript:alert(1)')
    await page.keyboard.press('Enter')
    await expect(page.getByText('Links can lead to a safe web page')).toBeVisible()
    await field.fill('example.org')
    await page.keyboard.press('Enter')
    await expect(box(page)).toBeFocused()
    expect(await textOf(page)).toBe('[our site](https://example.org)\n')
    await expect(page.locator('[role=textbox] a')).toHaveAttribute('rel', 'noopener noreferrer nofollow')
    await page.keyboard.press('Control+k')
    await page.getByRole('button', { name: 'Remove the link' }).click()
    await expect.poll(() => textOf(page)).toBe('our site\n')
  })
})

test.describe('pasting', () => {
  for (const [from, expected, left] of [
    [
      'word',
      `# Terms of reference

# Who we are

We meet **every Tuesday** and *nobody* has to speak.

- Tea
  - Without **milk**
- Cake

1. Say hello
2. Put the chairs out

| **Who** | **What** |
| --- | --- |
| Ann |  |

[Where to find help](https://example.org/help), a trap and a place above.
`,
      ['One picture was left out', 'The words of one link'],
    ],
    [
      'google-docs',
      `# Planning group minutes

We **all** decide *slowly*. [Our site](https://example.org/)

- Tea
  - Green
- Cake

<!-- -->

- [ ] Book the hall
- [x] Buy milk

| **Who** | **What** |
| --- | --- |
| Ann | Tea |
`,
      ['One picture was left out'],
    ],
    [
      'web-page',
      `Home

# Finding help

Ring [020 7946 0000](tel:+442079460000) or write to [us](mailto:help@example.org?subject=Hello).\\
We answer **slowly** and *kindly*.

1. Breathe
2. Ring
   - Nobody hurries you

- [ ] Ask
- [x] Listen

Nobody has to speak.

a trap another unsafe (<http://example.org>)

Times

| Day | Where |
| --- | --- |
| Closed in August |  |
`,
      ['One picture was left out', 'The words of 3 links'],
    ],
  ] as const)
    test(`what ${from} copies: structure stays; scripts, pictures and unsafe links go, with a sentence`, async ({
      page,
    }) => {
      const complaints = await open(page)
      const requests: string[] = []
      page.on('request', (request) => requests.push(request.url()))
      await write(page)
      await paste(page, await readFile(resolve(PASTED, `${from}.html`), 'utf8'))
      expect((await textOf(page)).replaceAll('\u00a0', ' ')).toBe(expected)
      for (const sentence of left) await expect(page.locator('.t-editor-bar')).toContainText(sentence)
      await expectNothingForAxeInBoth(page)
      await picture(page, `pasted-${from}`)
      await page.locator('.t-editor-bar').getByRole('button', { name: 'Close' }).press('Enter')
      await expect(box(page)).toBeFocused()
      expect(await page.evaluate(() => window.attacked)).toBeUndefined()
      await expect(
        page.locator('[role=textbox] :is(img, script, style, iframe, [style*=color], [onclick])'),
      ).toHaveCount(0)
      expect(requests).toEqual([])
      // The policy says that it refused a handler, which is what it is there for.
      expect(complaints.filter((line) => !line.startsWith('Executing inline event handler'))).toEqual([])
    })

  test('plain lines become paragraphs; copying and pasting within a paper keeps everything', async ({ page }) => {
    await open(page)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await write(page)
    await paste(page, '', 'one\n\ntwo')
    expect(await textOf(page)).toBe('one\n\ntwo\n')
    await page.evaluate(() => window.harness.template())
    const whole = await textOf(page)
    await write(page)
    await page.keyboard.press('Control+a')
    await page.keyboard.press('Control+x')
    expect(await textOf(page)).toBe('')
    await page.keyboard.press('Control+v')
    expect(await textOf(page)).toBe(whole)
  })
})

test.describe('finding', () => {
  test('and replacing, by keyboard: counted in words, one step to undo, back in the text at the end', async ({
    page,
  }) => {
    await open(page, '?two')
    await page.evaluate(
      (content) => {
        window.harness.fill(content)
        window.harness.join()
      },
      { type: 'doc', content: [paragraph('Tea or coffee'), paragraph('More tea, and tea again')] },
    )
    await write(page)
    await page.keyboard.press('Control+End')
    await page.keyboard.type('!')
    await page.keyboard.press('Control+Home')
    await page.keyboard.press('Control+f')
    const bar = page.getByRole('search')
    await expect(bar.getByRole('textbox', { name: 'Find' })).toBeFocused()
    await page.keyboard.type('tea')
    await expect(bar).toContainText('Place 1 of 3.')
    await expect(page.locator('output[aria-live]')).toHaveText('Place 1 of 3.')
    const here = page.getByRole('region', { name: 'ann' }).locator('.t-found-here')
    await expect(here).toHaveText('Tea')
    await page.keyboard.press('Enter')
    await expect(bar).toContainText('Place 2 of 3.')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.press('Shift+Enter')
    await expect(bar).toContainText('Place 3 of 3.')
    await expectNothingForAxeInBoth(page)
    await picture(page, 'find')
    // Somebody else writes above it: what is shown stays shown.
    await write(page, 'bob')
    await page.keyboard.press('Control+Home')
    await page.keyboard.type('Hot ')
    await expect(bar).toContainText('Place 3 of 3.')
    await bar.getByRole('textbox', { name: 'Put in its place' }).fill('milk tea')
    await bar.getByRole('button', { name: 'Replace', exact: true }).press('Enter')
    await expect.poll(() => textOf(page)).toBe('Hot Tea or coffee\n\nMore tea, and milk tea again!\n')
    await expect(bar).toContainText('Place 1 of 3.')
    await bar.getByRole('textbox', { name: 'Put in its place' }).fill('milk')
    await bar.getByRole('button', { name: 'Replace all' }).press('Enter')
    await expect.poll(() => textOf(page, 'bob')).toBe('Hot milk or coffee\n\nMore milk, and milk milk again!\n')
    await expect(page.locator('output[aria-live]')).toHaveText(/^Replaced 3 times.*It is not in this text\.$/)
    await page.keyboard.press('Escape')
    await expect(bar).toHaveCount(0)
    await expect(box(page)).toBeFocused()
    await expect(page.locator('.t-found')).toHaveCount(0)
    await page.keyboard.press('Control+z')
    await expect.poll(() => textOf(page)).toBe('Hot Tea or coffee\n\nMore tea, and milk tea again!\n')
    await page.keyboard.press('Control+z')
    await expect.poll(() => textOf(page)).toBe('Hot Tea or coffee\n\nMore tea, and tea again!\n')
  })
})

test.describe('reading aloud', () => {
  test('says so where only voices are there that would send the words away', async ({ page }) => {
    await page.addInitScript(fakeVoices, [{ name: 'Far', lang: 'en-GB', localService: false, default: true }])
    await open(page)
    await write(page)
    await page.keyboard.type('Secret.')
    await button(page, 'More for the text').press('Enter')
    await page.getByRole('menuitem', { name: 'Read aloud' }).press('Enter')
    await expect(page.getByRole('region', { name: 'Reading aloud' })).toContainText(
      'This computer has no voice of its own',
    )
    expect(await page.evaluate(() => window.spoken)).toEqual([])
    await expectNothingForAxeInBoth(page)
    await page.keyboard.press('Escape')
    await expect(box(page)).toBeFocused()
  })

  test('reads by a voice of this computer, marks the sentence, pauses, follows what others write, ends', async ({
    page,
  }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.addInitScript(fakeVoices, [
      { name: 'Far', lang: 'en-GB', localService: false, default: true },
      { name: 'Near', lang: 'en_GB', localService: true, default: false },
    ])
    await open(page, '?two')
    await page.evaluate(
      (content) => {
        window.harness.fill(content)
        window.harness.join()
      },
      { type: 'doc', content: [paragraph('We meet. All are welcome.'), paragraph('Tea')] },
    )
    const ann = page.getByRole('region', { name: 'ann' })
    const spoken = () => page.evaluate(() => window.spoken)
    await button(page, 'More for the text').press('Enter')
    await page.getByRole('menuitem', { name: 'Read aloud' }).press('Enter')
    const bar = page.getByRole('region', { name: 'Reading aloud' })
    await expect(bar.getByRole('button', { name: 'Stop' })).toBeFocused()
    await expect(ann.locator('.t-spoken')).toHaveText('We meet.')
    expect(await spoken()).toEqual(['Near: We meet.'])
    await expectNothingForAxeInBoth(page)
    await picture(page, 'read-aloud')
    await write(page, 'bob')
    await page.keyboard.press('Control+Home')
    await page.keyboard.type('Hello. ')
    await expect(ann.locator('.t-spoken')).toHaveText('We meet.')
    await page.evaluate(() => window.endSentence())
    await expect(ann.locator('.t-spoken')).toHaveText('All are welcome.')
    await bar.getByRole('button', { name: 'Pause' }).press('Enter')
    await expect(bar).toContainText('Paused.')
    await expect(bar.getByRole('button', { name: 'Go on' })).toBeFocused()
    await page.keyboard.press('Enter')
    await expect.poll(spoken).toEqual(['Near: We meet.', 'Near: All are welcome.', 'Near: All are welcome.'])
    await page.evaluate(() => window.endSentence())
    await expect(ann.locator('.t-spoken')).toHaveText('Tea')
    await page.evaluate(() => window.endSentence())
    await expect(bar).toContainText('That was all of it.')
    await expect(ann.locator('.t-spoken')).toHaveCount(0)
    await expect(bar.getByRole('button', { name: 'Close' })).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(box(page)).toBeFocused()
  })
})

test.describe('with another writer', () => {
  test('each undoes only what they did', async ({ page }) => {
    await open(page, '?two')
    await page.evaluate(() => window.harness.join())
    await write(page)
    await page.keyboard.type('Ann was here. ')
    await write(page, 'bob')
    await page.keyboard.press('Control+End')
    await page.keyboard.type('Bob too.')
    await write(page)
    await page.keyboard.press('Control+z')
    await expect.poll(() => textOf(page)).toBe('Bob too.\n')
    await page.keyboard.press('Control+Shift+z')
    await expect.poll(() => textOf(page, 'bob')).toContain('Ann was here.')
    await expect.poll(() => textOf(page, 'bob')).toContain('Bob too.')
  })

  test('what was written apart in one paragraph is all there together', async ({ page }) => {
    await open(page, '?two')
    await page.evaluate(
      (content) => {
        window.harness.fill(content)
        window.harness.join()
        window.harness.part()
      },
      { type: 'doc', content: [paragraph('We meet in the library.')] },
    )
    await write(page)
    await page.keyboard.press('Control+End')
    await page.keyboard.type(' All are welcome.')
    await write(page, 'bob')
    await page.keyboard.press('Control+Home')
    await page.keyboard.type('Every Tuesday: ')
    await page.evaluate(() => window.harness.join())
    await expect.poll(() => textOf(page)).toBe('Every Tuesday: We meet in the library. All are welcome.\n')
    expect(await textOf(page, 'bob')).toBe(await textOf(page))
  })

  test('a row added here and a column added there do not make the table grow', async ({ page }) => {
    await open(page, '?two')
    const cell = (text: string) => ({ type: 'tableCell', content: [paragraph(text)] })
    const row = (...texts: string[]) => ({ type: 'tableRow', content: texts.map(cell) })
    await page.evaluate(
      (content) => {
        window.harness.fill(content)
        window.harness.join()
        window.harness.part()
      },
      { type: 'doc', content: [{ type: 'table', content: [row('a', 'b'), row('c', 'd')] }, paragraph('end')] },
    )
    for (const [name, change] of [
      ['ann', 'Add a row below'],
      ['bob', 'Add a column after'],
    ] as const) {
      const writer = page.getByRole('region', { name })
      await writer.locator('td').first().click()
      await writer.getByRole('button', { name: 'Table', exact: true }).click()
      await page.getByRole('menuitem', { name: change }).click()
    }
    await page.evaluate(() => window.harness.join())
    const first = await page.evaluate(() => window.harness.xml('ann'))
    await page.waitForTimeout(300)
    expect(await page.evaluate(() => window.harness.xml('ann'))).toEqual(first)
    expect(await page.evaluate(() => window.harness.xml('bob'))).toEqual(first)
    expect(first.match(/<tablecell|<tableCell/g)).toHaveLength(8)
  })

  test('nothing that an older version cannot show is deleted by opening or receiving it', async ({ page }) => {
    await open(page, '?two')
    await write(page)
    await page.keyboard.type('known')
    await page.evaluate(() => window.harness.unknown())
    await expect(page.getByText('This paper holds something').first()).toBeVisible()
    await expect(box(page)).toHaveCount(0)
    expect(await textOf(page)).toContain('still here')
    expect(await textOf(page)).toContain('known')
  })

  test('a place stays where it was when others write above it', async ({ page }) => {
    await open(page, '?two')
    await page.evaluate(
      (content) => {
        window.harness.fill(content)
        window.harness.join()
      },
      { type: 'doc', content: [paragraph('first'), paragraph('second')] },
    )
    await write(page)
    const placeNow = () => page.evaluate(() => window.harness.place('ann'))
    const start = await placeNow()
    await page.keyboard.press('Control+End')
    // The editor hears of a moved caret a moment after the key.
    await expect.poll(placeNow).not.toEqual(start)
    const place = await placeNow()
    await page.keyboard.press('Control+Home')
    await write(page, 'bob')
    await page.keyboard.press('Control+Home')
    await page.keyboard.type('above ')
    expect(await page.evaluate((kept) => window.harness.goToPlace('ann', kept), place)).toBe(true)
    await expect(box(page, 'bob')).toBeFocused()
    await write(page)
    // The editor puts its caret back a moment after the browser has moved the focus.
    await page.waitForTimeout(100)
    await page.keyboard.type('!')
    await expect.poll(() => textOf(page)).toBe('above first\n\nsecond!\n')
  })
})

for (const colorScheme of ['light', 'dark'] as const)
  test(`axe finds nothing, also in open menus, dialogs and highlights: ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme })
    await open(page)
    await page.evaluate(() => window.harness.template())
    await page.evaluate(() => window.harness.highlight('ann', 5, 20))
    await expect(page.getByText('Bob added')).toBeVisible()
    await expectNothingForAxe(page)
    for (const menu of ['Ordinary text, kind of line', 'Table', 'Headings', 'More for the text']) {
      await button(page, menu).click()
      await expect(page.getByRole('menu')).toBeVisible()
      await expectNothingForAxe(page)
      await page.keyboard.press('Escape')
    }
    await write(page)
    await page.keyboard.type('our site')
    await page.keyboard.press('Control+a')
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('dialog')).toBeVisible()
    await expectNothingForAxe(page)
    await page.keyboard.press('Escape')
    await button(page, 'More for the text').click()
    await page.getByRole('menuitem', { name: 'Keys you can use' }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await expectNothingForAxe(page)
  })

test('at 400 % the tools work by keyboard, with no sideways scrolling', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 256 })
  await open(page)
  await page.evaluate(() => window.harness.template())
  await expect(page.getByText(/^\d+ words\. /)).toBeVisible()
  await button(page, 'Headings').focus()
  await page.keyboard.press('Enter')
  const last = page.getByRole('menuitem').last()
  await expect(last).toBeAttached()
  await picture(page, 'headings-400')
  await page.keyboard.press('End')
  await expect(last).toBeFocused()
  const heading = await last.innerText()
  await page.keyboard.press('Enter')
  await expect(box(page)).toBeFocused()
  await expect(page.getByRole('heading', { name: heading })).toBeInViewport()
  await page.keyboard.type('Here: ')
  expect(await textOf(page)).toContain(`# Here: ${heading}`)
  await page.keyboard.press('Control+f')
  await page.keyboard.type('group')
  await page.keyboard.press('Enter')
  await expect(page.locator('.t-found-here')).toBeInViewport()
  await picture(page, 'find-400')
  const widths = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
  expect(widths[0]).toBeLessThanOrEqual(widths[1] ?? 0)
})

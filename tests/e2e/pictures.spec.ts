/** Pictures in a text, on documents of one page: put in, said what they show, changed and taken out by keys alone; and what is refused. */
import { expect, type Locator, type Page, test } from '@playwright/test'
import { asCameraWrites, pictureFile } from '../fixtures/pictures/read.ts'
import { expectNothingForAxe, expectNothingForAxeInBoth, picture } from './looks.ts'
import { servePapers } from './papers-page.ts'

const served = servePapers()

const box = (page: Page, name = 'ann'): Locator => page.getByRole('textbox', { name: `Words by ${name}` })
const dialog = (page: Page): Locator => page.getByRole('dialog')
const textOf = (page: Page, name: 'ann' | 'bob' = 'ann') => page.evaluate((who) => window.harness.text(who), name)
const kept = async (page: Page): Promise<readonly Buffer[]> =>
  (await page.evaluate(() => window.harness.pictures('ann'))).map((bytes) => Buffer.from(bytes, 'base64'))
/** What the browser has really drawn of it. */
const widthOf = (image: Locator): Promise<number> => image.evaluate((one: HTMLImageElement) => one.naturalWidth)

/** Half noise, half one colour: larger than a page needs, and hard to make small. */
const photograph = (page: Page, type: string, width = 2100, height = 1400): Promise<Buffer> =>
  page
    .evaluate(
      async ([as, wide, high]) => {
        const canvas = new OffscreenCanvas(wide, high)
        const context = canvas.getContext('2d')!
        const noise = context.createImageData(wide, high)
        for (let at = 0; at < noise.data.length; at++) noise.data[at] = at % 4 === 3 ? 255 : (at * 7919) % 251
        context.putImageData(noise, 0, 0)
        context.fillStyle = 'teal'
        context.fillRect(0, 0, wide / 2, high)
        const blob = await canvas.convertToBlob({ type: as, quality: 0.95 })
        const bytes = new Uint8Array(await blob.arrayBuffer())
        return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
      },
      [type, width, height] as const,
    )
    .then((base64) => Buffer.from(base64, 'base64'))

async function choose(page: Page, name: string, buffer: Buffer | Uint8Array): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Picture', exact: true }).first().click()
  await (await chooser).setFiles({ name, mimeType: '', buffer: Buffer.from(buffer) })
}

/** As the system hands them over: pasted, or dropped in the middle. */
async function give(page: Page, event: 'paste' | 'drop', name: string, type: string, bytes: Uint8Array): Promise<void> {
  await box(page).evaluate(
    (element, given) => {
      const data = new DataTransfer()
      const content = Uint8Array.from(atob(given.bytes), (sign) => sign.charCodeAt(0))
      data.items.add(new File([content], given.name, { type: given.type }))
      const { left, top, width, height } = element.getBoundingClientRect()
      const at = { clientX: left + width / 2, clientY: top + height / 2, bubbles: true, cancelable: true }
      element.dispatchEvent(
        given.event === 'paste'
          ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
          : new DragEvent('drop', { dataTransfer: data, ...at }),
      )
    },
    { event, name, type, bytes: Buffer.from(bytes).toString('base64') },
  )
}

test('a photograph loses its size and where it was taken; what it shows is asked, and changed by keys alone', async ({
  page,
}) => {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('404')) complaints.push(message.text())
  })
  await page.goto(`${served.url}?two`)
  await box(page).focus()
  await page.keyboard.type('Our lake')
  const taken = asCameraWrites(await photograph(page, 'image/jpeg'))
  expect(Buffer.from(taken).includes('CanaryPhone 4711')).toBe(true)
  await choose(page, 'lake.jpg', taken)
  await expect(dialog(page).getByRole('img', { name: 'The picture, small' })).toBeVisible({ timeout: 30_000 })
  await expectNothingForAxeInBoth(page)
  await picture(page, 'picture-add')
  await dialog(page).getByRole('button', { name: 'Put it in' }).click()
  await expect(dialog(page).getByText('Say in a few words what it shows', { exact: false })).toBeVisible()
  await page.setViewportSize({ width: 640, height: 400 })
  await picture(page, 'picture-add-200')
  await page.setViewportSize({ width: 1280, height: 800 })
  await dialog(page).getByLabel('What does this picture show?').fill('The lake in the morning')
  await page.keyboard.press('Escape')
  await expect(dialog(page)).toHaveCount(0)
  expect(await textOf(page)).toBe('Our lake\n')

  await choose(page, 'lake.jpg', taken)
  await dialog(page).getByLabel('What does this picture show?').fill('The lake in the morning')
  await dialog(page).getByRole('button', { name: 'Put it in' }).click()
  const lake = box(page).getByRole('img', { name: 'The lake in the morning' })
  await expect(lake).toBeVisible()
  const [bytes = Buffer.of()] = await kept(page)
  expect(bytes.length).toBeLessThanOrEqual(400 * 1024)
  for (const trace of ['CanaryPhone', 'Exif', 'GPS']) expect(bytes.includes(trace)).toBe(false)
  // The camera was held on its side: 2100 by 1400 is shown upright, and no larger than a page needs.
  expect(await lake.evaluate((one: HTMLImageElement) => one.naturalHeight / one.naturalWidth)).toBeCloseTo(1.5, 1)
  expect(await lake.evaluate((one: HTMLImageElement) => one.naturalHeight)).toBeLessThanOrEqual(1600)
  await expect(box(page)).toBeFocused()
  await page.keyboard.type('Behind it')
  expect(await textOf(page)).toBe('Our lake\n\n!\\[The lake in the morning\\]\n\nBehind it\n')
  await expectNothingForAxe(page)

  // To the other, whose computer gets it later.
  await page.evaluate(() => window.harness.join())
  const theirs = box(page, 'bob').getByRole('img', { name: 'The lake in the morning' })
  await expect.poll(() => widthOf(theirs)).toBeGreaterThan(100)

  // By keys alone: chosen, said anew, made small, taken out, and back.
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowUp')
  await expect(box(page).locator('figure.ProseMirror-selectednode')).toHaveCount(1)
  await picture(page, 'picture-chosen')
  await page.keyboard.press('Alt+F10')
  const change = page.getByRole('button', { name: 'Change the picture' }).first()
  for (let moves = 0; moves < 15 && !(await change.evaluate((one) => one === document.activeElement)); moves++)
    await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(dialog(page)).toBeVisible()
  await expectNothingForAxeInBoth(page)
  await dialog(page).getByLabel('What does this picture show?').fill('The lake, with ice')
  await dialog(page).getByLabel('Small').check()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(theirs).toHaveCount(0)
  await expect(box(page, 'bob').getByRole('img', { name: 'The lake, with ice' })).toBeVisible()
  await picture(page, 'picture-small')
  // A letter typed now takes nothing away.
  await expect(box(page)).toBeFocused()
  await page.keyboard.type('x')
  expect(await textOf(page, 'bob')).toBe('Our lake\n\n!\\[The lake, with ice\\]\n\nx\n\nBehind it\n')
  await page.keyboard.press('Backspace')
  await page.keyboard.press('Backspace')
  await page.keyboard.press('Delete')
  await expect(box(page, 'bob').getByRole('img')).toHaveCount(0)
  await page.keyboard.press('Control+z')
  await expect(box(page, 'bob').getByRole('img', { name: 'The lake, with ice' })).toBeVisible()
  await page.emulateMedia({ colorScheme: 'dark' })
  await picture(page, 'picture-dark')
  await page.setViewportSize({ width: 640, height: 400 })
  await picture(page, 'picture-dark-200')
  const widths = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
  expect(widths[0]).toBeLessThanOrEqual(widths[1] ?? 0)
  expect(complaints).toEqual([])
})

test('pasted, dropped, copied to another text; what is no picture, or lies elsewhere, is said', async ({ page }) => {
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(`${served.url}?two`)
  const before = asked.length
  await box(page).focus()
  const put = async (alt: string): Promise<void> => {
    await dialog(page).getByLabel('What does this picture show?').fill(alt)
    await dialog(page).getByRole('button', { name: 'Put it in' }).click()
    await expect(dialog(page)).toHaveCount(0)
  }
  await give(page, 'paste', 'image.png', 'image/png', pictureFile('cup.png'))
  await put('A cup')
  expect((await kept(page)).map((bytes) => bytes.subarray(1, 4).toString())).toEqual(['PNG'])
  await give(page, 'drop', 'moving.gif', 'image/gif', pictureFile('moving.gif'))
  await expect(dialog(page)).toBeVisible()
  await dialog(page).getByLabel('It is only decoration').check()
  await dialog(page).getByRole('button', { name: 'Put it in' }).click()
  await expect(box(page).locator('img[alt=""]')).toHaveCount(1)

  // Not a picture, too large inside, cut off.
  const bomb = pictureFile('cup.png')
  new DataView(bomb.buffer).setUint32(16, 60_000)
  new DataView(bomb.buffer).setUint32(20, 60_000)
  for (const [name, bytes, said] of [
    ['IMG_1.heic', Buffer.from('\0\0\0\u0018ftypheic\0\0\0\0mif1heic'), 'no picture that Teatray can read'],
    ['bomb.png', bomb, 'too large for this computer'],
    ['half.jpg', pictureFile('lake.jpg').subarray(0, 200), 'damaged'],
  ] as const) {
    await choose(page, name, bytes)
    await expect(dialog(page).getByText(said, { exact: false })).toBeVisible()
    if (name === 'IMG_1.heic') {
      await expectNothingForAxeInBoth(page)
      await picture(page, 'picture-refused')
    }
    await page.keyboard.press('Escape')
  }

  // With words: what is in the clipboard itself comes along, with what it says it shows; nothing is fetched.
  const data = `data:image/jpeg;base64,${Buffer.from(pictureFile('lake.jpg')).toString('base64')}`
  await box(page, 'bob').focus()
  await box(page, 'bob').evaluate(
    (element, html) => {
      const clipboard = new DataTransfer()
      clipboard.setData('text/html', html)
      clipboard.setData('text/plain', 'x')
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: clipboard, bubbles: true, cancelable: true }))
    },
    `<p>Here <img src="${data}" alt="The lake"> it is</p><img src="${data}"><p><img src="https://evil.example/a.png"></p><img data-picture="${'a'.repeat(64)}">`,
  )
  await expect(box(page, 'bob').getByRole('img', { name: 'The lake' })).toBeVisible()
  expect(await textOf(page, 'bob')).toBe('Here it is\n\n!\\[The lake\\]\n')
  await expect(page.locator('p', { hasText: 'Nothing says yet what the picture shows' })).toBeVisible()
  await expect(page.locator('p', { hasText: '2 pictures were left out' })).toBeVisible()

  // Copied out of one text into another, which has no such picture.
  await box(page).focus()
  await page.keyboard.press('Control+a')
  const copied = await box(page).evaluate((element) => {
    const clipboard = new DataTransfer()
    element.dispatchEvent(new ClipboardEvent('copy', { clipboardData: clipboard, bubbles: true, cancelable: true }))
    return { html: clipboard.getData('text/html'), text: clipboard.getData('text/plain') }
  })
  expect(copied.text).toContain('[A cup]')
  await box(page, 'bob').focus()
  await box(page, 'bob').evaluate((element, { html }) => {
    const clipboard = new DataTransfer()
    clipboard.setData('text/html', html)
    clipboard.setData('text/plain', 'x')
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: clipboard, bubbles: true, cancelable: true }))
  }, copied)
  const cup = box(page, 'bob').getByRole('img', { name: 'A cup' })
  await expect.poll(() => cup.count().then((count) => (count === 0 ? 0 : widthOf(cup)))).toBe(30)

  // Bytes that are not what they say they are: the words about it stay.
  await page.evaluate(() => window.harness.spoil('ann'))
  await expect(box(page).getByText('Picture: A cup. This picture cannot be shown.')).toBeVisible()
  await picture(page, 'picture-unfit')
  await expectNothingForAxe(page)
  expect(asked.slice(before).filter((address) => !/^(?:blob|data):/.test(address))).toEqual([])
})

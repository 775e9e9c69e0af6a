/** How a page looks: what axe finds, and pictures for people to judge. */
import { expect, type Page } from '@playwright/test'
import axe from 'axe-core'

/** Rules of axe about colours: all that the dark can change. */
const ABOUT_COLOURS = ['color-contrast', 'link-in-text-block'] as const

interface Judged {
  /** Rules of axe that cannot judge what is on the page. */
  readonly except?: readonly string[]
  /** Undefined: all other rules. */
  readonly only?: readonly string[]
}

/**
 * Axe comes into a page once and stays, because bringing it takes ten times as long as running it; without @axe-core/playwright, which
 * opens a second window each time to put frames together.
 */
async function judge(page: Page, { except = [], only }: Judged): Promise<void> {
  expect(page.frames()).toHaveLength(1)
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  const options = {
    resultTypes: ['violations' as const],
    rules: Object.fromEntries(except.map((rule) => [rule, { enabled: false }])),
    ...(only === undefined ? {} : { runOnly: [...only] }),
  }
  const violations = await page.evaluate(async (given) => {
    const { axe: here } = window as unknown as { axe: typeof axe }
    const found = await here.run(document, given)
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
  }, options)
  expect(violations).toEqual([])
}

export const expectNothingForAxe = (page: Page, except: readonly string[] = []): Promise<void> =>
  judge(page, { except })

/** In light, and again in dark; ends in light. */
export async function expectNothingForAxeInBoth(page: Page): Promise<void> {
  await expectNothingForAxe(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await judge(page, { only: ABOUT_COLOURS })
  await page.emulateMedia({ colorScheme: 'light' })
}

/** Nothing for axe, and nothing beside the screen at 100 %, 200 % and 400 % of a window of 1280; with pictures. */
export async function lookAt(page: Page, name: string): Promise<void> {
  await expectNothingForAxe(page)
  for (const [zoom, width] of [
    [100, 1280],
    [200, 640],
    [400, 320],
  ] as const) {
    await page.setViewportSize({ width, height: 800 })
    const [needed, there] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ])
    expect(needed).toBeLessThanOrEqual(there ?? 0)
    await picture(page, `${name}-${zoom}`)
  }
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await judge(page, { only: ABOUT_COLOURS })
  await picture(page, `${name}-dark`)
  await page.emulateMedia({ colorScheme: 'light' })
}

/** A picture to look at, when TEATRAY_PICTURES names a folder. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['TEATRAY_PICTURES']
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}

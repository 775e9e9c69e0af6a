// Draws the PNGs from teatray.svg: node resources/icons/make.mjs. Run again only when the drawing changes.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright'

const here = import.meta.dirname
const drawing = readFileSync(join(here, 'teatray.svg'), 'utf8')
const browser = await chromium.launch({
  ...(process.env.TEATRAY_BROWSER ? { executablePath: process.env.TEATRAY_BROWSER } : {}),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
})
for (const size of [1024, 512, 256, 128, 64, 48, 32, 16]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  await page.setContent(`<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${drawing}`)
  const name = size === 1024 ? 'icon.png' : `${size}x${size}.png`
  writeFileSync(join(here, name), await page.screenshot({ omitBackground: true }))
  await page.close()
}
await browser.close()

// Writes beside each file of a folder what its structure is as another program (pandoc, Debian's) reads it:
//   node tests/round-trips/expect.mjs tests/fixtures/import/from-pandoc
import { execFileSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
const { runnerImport } = await import('vite')
const { openLab } = (await runnerImport(new URL('../browser/lab.ts', import.meta.url).pathname)).module

const [folder = ''] = process.argv.slice(2)
const FORMATS = { docx: 'docx', md: 'gfm', html: 'html' }
const lab = await openLab({ entries: { trips: 'tests/round-trips/page.ts' } })
const page = await lab.open('trips')
await page.waitForFunction(() => 'roundTrips' in globalThis)
for (const name of readdirSync(folder)) {
  const format = FORMATS[name.split('.').at(-1)]
  if (format === undefined) continue
  const html = execFileSync('pandoc', ['-f', format, '-t', 'html', '--wrap=none', join(folder, name)], {
    encoding: 'utf8',
  })
  const outline = await page.evaluate((html) => globalThis.roundTrips.outline(html), html)
  writeFileSync(join(folder, `${name}.txt`), `${outline.join('\n')}\n`)
}
await lab.close()

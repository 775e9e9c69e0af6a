/** Files that Teatray did not make: read as another program reads them, and the same again after going out and coming in. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openLab, type Lab } from '../browser/lab.ts'
// For the type of globalThis.roundTrips.
import type {} from '../round-trips/page.ts'

const FOLDER = resolve(import.meta.dirname, '../fixtures/import/from-pandoc')
const files = readdirSync(FOLDER).filter((name) => /\.(?:docx|md|html)$/.test(name))

/** What Markdown has no way to say: cells over several rows or columns, and blocks in a cell. */
const NOT_IN_MARKDOWN = new Set([
  'tables.docx',
  'table_header_rowspan.docx',
  'table_variable_width.docx',
  'table_with_list_cell.docx',
])

let lab: Lab
let page: Page

beforeAll(async () => {
  lab = await openLab({ entries: { trips: 'tests/round-trips/page.ts' } })
  page = await lab.open('trips')
  await page.waitForFunction(() => 'roundTrips' in globalThis)
}, 60_000)
afterAll(() => lab?.close())

describe.each(files)('%s', (name) => {
  const bytes = readFileSync(join(FOLDER, name)).toString('base64')
  const bring = () => page.evaluate(([bytes, name]) => roundTrips.bring(bytes, name), [bytes, name] as const)

  test('its structure is what another program sees in it', async () => {
    const { problem, outline } = await bring()
    expect(problem).toBeUndefined()
    expect(`${outline.join('\n')}\n`).toBe(readFileSync(join(FOLDER, `${name}.txt`), 'utf8'))
  })

  test.each(['word', 'html', 'markdown'] as const)('out as %s and in again: nothing is lost', async (kind) => {
    if (kind === 'markdown' && NOT_IN_MARKDOWN.has(name)) return
    const { id, outline, pictures } = await bring()
    expect(outline.length).toBeGreaterThan(0)
    const again = await page.evaluate(([id, kind]) => roundTrips.again(id, 'A name', kind), [id, kind] as const)
    expect(again).toMatchObject({ title: 'A name', outline, pictures })
  })
})

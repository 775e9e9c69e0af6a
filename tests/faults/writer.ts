/** A person of the fault tests: an installation that dies and is started again, what it said, and words that are all different. */
import { expect, type Page } from '@playwright/test'
import type { Name, People } from '../e2e/fixtures.ts'
import type { Installation, InstallationOptions } from '../e2e/installation.ts'
import { capitalised, editor, footer, openPaper, unlock } from '../e2e/story.ts'
import { recordSaid, wordsIn, type Said } from './said.ts'

export const DIARY = 'Diary'
const THINKING = 300

export interface Writer {
  readonly name: Name
  readonly shown: string
  readonly said: Said
  /** The one that runs, or ran last. */
  current(): Installation
  page(): Page
  start(options?: Partial<InstallationOptions>): Promise<Installation>
  /** Words of its own that nobody wrote before. */
  words(count: number): readonly string[]
  /** Types words at the beginning or the end of the paper until it is told to stop, or until the window dies. The first is typed. */
  type(where: Where): Promise<Typing>
}

export interface Typing {
  readonly typed: readonly Typed[]
  stop(): Promise<void>
}

export interface Typed {
  readonly word: string
  readonly at: number
}

export function createWriter(people: Pick<People, 'start'>, name: Name): Writer {
  const said = recordSaid()
  let installation: Installation | undefined
  let times = 0
  let count = 0
  const current = (): Installation => {
    if (installation === undefined) throw new Error(`${name} was never started`)
    return installation
  }
  const words = (wanted: number): readonly string[] =>
    Array.from({ length: wanted }, () => `[${name}-${times}-${count++}]`)
  return {
    name,
    shown: capitalised(name),
    said,
    current,
    page: () => current().page,
    async start(options) {
      times += 1
      installation = await people.start(name, options)
      installation.page.setDefaultTimeout(60_000)
      await said.follow(installation.page)
      return installation
    },
    words,
    async type(where) {
      const { page } = current()
      const typed: Typed[] = []
      let typing = true
      const typeOne = async (): Promise<void> => {
        for (const word of words(1)) {
          await page.keyboard.type(`${word} `, { delay: 12 })
          typed.push({ word, at: Date.now() })
        }
        // A person stops to think now and then, and reads that all is saved.
        if (typed.length % 4 === 0) await page.waitForTimeout(THINKING)
      }
      await placeCaret(page, where)
      await typeOne()
      const work = (async () => {
        while (typing) await typeOne()
        // The window dies while it is typed into: that is what this is for.
      })().catch((thrown: unknown) => {
        if (typing && !page.isClosed()) throw thrown
      })
      return {
        typed,
        async stop() {
          typing = false
          await work
        },
      }
    },
  }
}

export type Where = 'beginning' | 'end'

/**
 * Never by a click, which would leave it in the middle of somebody's word until the key is heard; and pressed again where the editor,
 * on being given the focus, put it back to where it had been.
 */
export async function placeCaret(page: Page, where: Where): Promise<void> {
  await editor(page).focus()
  await expect(async () => {
    await page.keyboard.press(where === 'beginning' ? 'Control+Home' : 'Control+End')
    await page.waitForTimeout(100)
    expect(await page.evaluate(isCaretAt, where)).toBe(true)
  }).toPass({ timeout: 60_000 })
}

/** In the page. */
function isCaretAt(where: Where): boolean {
  const selection = getSelection()
  const paper = document.querySelector('.ProseMirror')
  if (selection?.anchorNode == null || paper === null) return false
  const between = document.createRange()
  between.selectNodeContents(paper)
  if (where === 'beginning') between.setEnd(selection.anchorNode, selection.anchorOffset)
  else between.setStart(selection.anchorNode, selection.anchorOffset)
  return between.toString() === ''
}

export const lineOf = async (page: Page): Promise<string> => (await footer(page).locator('p').innerText()).trim()

export const paperWords = async (page: Page): Promise<ReadonlySet<string>> =>
  wordsIn((await editor(page).textContent()) ?? '')

export const lacking = (wanted: Iterable<string>, there: ReadonlySet<string>): readonly string[] =>
  [...wanted].filter((word) => !there.has(word))

/** From the passphrase to the paper, wherever it was left. */
export async function reopen(installation: Installation, title = DIARY): Promise<void> {
  const { page } = installation
  await unlock(installation)
  const heading = page.getByRole('heading', { level: 1 })
  await expect(page.getByRole('button', { name: 'Lock now' }).first()).toBeVisible()
  await expect(heading).toBeVisible()
  if ((await heading.innerText()) !== title) await openPaper(installation, title)
  await expect(editor(page)).toBeVisible()
  await expect(footer(page)).toContainText('All saved here.')
}

/** Everything that `other` was said to have by `said`. */
export const promised = (said: Said, other: string): ReadonlySet<string> =>
  new Set([...said.shared].flatMap(([names, words]) => (names.includes(other) ? [...words] : [])))

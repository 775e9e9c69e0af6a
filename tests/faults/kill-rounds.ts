/**
 * Two who write one paper, and kill -9 of the browser or the host of one of them. What it had said was saved is there before it meets
 * the other again; then both have the same, and nothing of either is missing.
 */
import { expect } from '@playwright/test'
import type { People } from '../e2e/fixtures.ts'
import {
  createEmptyPaper,
  createGroup,
  editor,
  everythingShared,
  footer,
  join,
  openPaper,
  setUp,
  unlock,
} from '../e2e/story.ts'
import { between } from './settings.ts'
import {
  createWriter,
  DIARY,
  lacking,
  lineOf,
  paperWords,
  placeCaret,
  promised,
  reopen,
  type Writer,
} from './writer.ts'

export type Moment = 'typing' | 'sync burst' | 'snapshot' | 'fold'
export type What = 'browser' | 'host'

export interface KillRound {
  readonly moment: Moment
  readonly what: What
  readonly acknowledged: number
  readonly missing: readonly string[]
  /** Typed more than a second before the kill, and gone. */
  readonly late: readonly string[]
  readonly sentence: string
  readonly reopened: number
}

export interface Pair {
  readonly alice: Writer
  readonly bob: Writer
}

export async function startPair(people: People): Promise<Pair> {
  const [alice, bob] = [createWriter(people, 'alice'), createWriter(people, 'bob')]
  await Promise.all([alice.start(), bob.start()])
  await Promise.all([setUp(alice.current()), setUp(bob.current())])
  await createGroup(alice.current(), 'Riverside pain group')
  await createEmptyPaper(alice.current(), DIARY)
  // The one writes above it, the other below: in one line their letters would mix.
  await editor(alice.page()).click()
  for (const line of ['.', 'Between the two', '.']) {
    await alice.page().keyboard.type(line)
    await alice.page().keyboard.press('Enter')
  }
  await join(alice.current(), bob.current())
  await everythingShared(alice.current(), 'Bob')
  await Promise.all([openPaper(alice.current(), DIARY), openPaper(bob.current(), DIARY)])
  return { alice, bob }
}

/** kill -9 of the one; what is left of it is closed as a person would, after reading what it says. */
async function kill({ current, page }: Writer, what: What): Promise<void> {
  await current().kill(what)
  if (what === 'host') {
    await expect(page().getByText('The part of Teatray that runs in the background has stopped.')).toBeVisible()
    await expect(page().getByText('Nothing was changed. What you saved is still there.')).toBeVisible()
  }
  await current().close()
}

interface Plan {
  readonly moment: Moment
  readonly what: What
  readonly victim: Writer
  readonly other: Writer
  readonly random: () => number
}

/** Words that come in large pieces, as from a clipboard. */
async function paste(writer: Writer, pieces: number): Promise<void> {
  await placeCaret(writer.page(), 'end')
  for (let piece = 0; piece < pieces; piece++) {
    await writer.page().keyboard.insertText(`${writer.words(60).join(' ')} `)
    await expect(footer(writer.page())).toContainText('All saved here.')
  }
}

/** Both type; the one is killed. Says what was typed in its window more than a second before. */
async function killWhileTyping({ moment, what, victim, other, random }: Plan): Promise<readonly string[]> {
  const writers = await Promise.all([victim.type('beginning'), other.type('end')])
  const [from, to] = moment === 'fold' ? [3200, 5200] : [300, 2500]
  await victim.page().waitForTimeout(between(random, from, to))
  if (moment === 'snapshot') {
    // One is taken when the paper is left.
    await writers[0].stop()
    await victim.page().getByRole('link', { name: 'All papers' }).click()
    await victim.page().waitForTimeout(between(random, 0, 250))
  }
  const killedAt = Date.now()
  await victim.current().kill(what)
  await Promise.all(writers.map((writer) => writer.stop()))
  await kill(victim, what)
  return writers[0].typed.flatMap(({ at, word }) => (at < killedAt - 1000 ? [word] : []))
}

/** Much was written while it was away; it is killed while it opens, or while it fetches that. */
async function killInBurst({ what, victim, other, random }: Plan): Promise<readonly string[]> {
  await victim.current().kill()
  await paste(other, 12)
  const installation = await victim.start()
  await unlock(installation)
  // Either while it opens, or when it has opened and fetches.
  if (random() < 0.7) await expect(installation.page.getByRole('button', { name: 'Lock now' }).first()).toBeVisible()
  await installation.page.waitForTimeout(between(random, 0, 1500))
  await kill(victim, what)
  return []
}

export async function killRound(people: Pick<People, 'lan' | 'setCable'>, plan: Plan): Promise<KillRound> {
  const { moment, what, victim, other } = plan
  const due = moment === 'sync burst' ? await killInBurst(plan) : await killWhileTyping(plan)
  const acknowledged = new Set([...victim.said.saved, ...promised(other.said, victim.shown)])

  // Alone with its own disk first.
  const isApart = people.lan !== undefined
  if (isApart) people.setCable(victim.name, false)
  const began = Date.now()
  const installation = await victim.start()
  await reopen(installation)
  const reopened = Date.now() - began
  if (isApart) await expect(footer(installation.page)).toContainText('Not connected to anyone.')
  const here = await paperWords(installation.page)
  const missing: string[] = isApart ? [...lacking(acknowledged, here)] : []
  const late = isApart ? lacking(due, here) : []
  const sentence = await lineOf(installation.page)
  if (sentence.includes(`${other.shown} has everything.`))
    missing.push(...lacking(here, await paperWords(other.page())))
  people.setCable(victim.name, true)

  await Promise.all([everythingShared(installation, other.shown), everythingShared(other.current(), victim.shown)])
  const both = await Promise.all([paperWords(installation.page), paperWords(other.page())])
  for (const each of both) missing.push(...lacking(new Set([...acknowledged, ...other.said.saved]), each))
  expect(await editor(installation.page).innerText()).toBe(await editor(other.page()).innerText())
  return { moment, what, acknowledged: acknowledged.size, missing, late, sentence, reopened }
}

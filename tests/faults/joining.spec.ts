/** kill -9 of an organiser or a newcomer while the newcomer is let in. Who had been told "You are in", or "is in", was told the truth. */
import { expect, test } from '../e2e/fixtures.ts'
import { removeProfile, newProfile, type Installation } from '../e2e/installation.ts'
import {
  action,
  compareWords,
  createEmptyPaper,
  createGroup,
  editor,
  goTo,
  openPaper,
  setUp,
  typeCode,
  unlock,
} from '../e2e/story.ts'
import { report, tellSentences } from './report.ts'
import { between, KILLS, randomFor } from './settings.ts'
import { createWriter, DIARY, lacking, paperWords, reopen, type Writer } from './writer.ts'

const papers = ({ page }: Installation) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Papers', exact: true })

/** True where this computer is in a group. */
async function isIn(installation: Installation): Promise<boolean> {
  const outside = action(installation.page, 'Join with a code')
  await expect(papers(installation).or(outside).first()).toBeVisible()
  return papers(installation).isVisible()
}

/** The code that waits, or another one where it was used. */
async function codeOf({ page }: Installation): Promise<string> {
  await goTo(page, 'People')
  await action(page, /^Invite/).click()
  const make = page.getByRole('button', { name: 'Make a code' })
  const code = page.getByRole('region', { name: 'The code' })
  await expect(make.or(code)).toBeVisible()
  if (await make.isVisible()) await make.click()
  await expect(code).toBeVisible()
  return (await code.innerText()).trim().replaceAll(/\s+/g, ' ')
}

async function letIn(alice: Writer, newcomer: Writer): Promise<void> {
  await typeCode(newcomer.current(), await codeOf(alice.current()))
  await compareWords(alice.current(), newcomer.current())
  await action(newcomer.page(), 'Go to Today').click()
}

/** Presses that the words are the same as soon as that can be pressed. */
async function agree({ page }: Writer, isOver: () => boolean): Promise<void> {
  const same = page().getByRole('button', { name: 'They are the same' })
  try {
    while (!isOver() && !(await same.isVisible())) await page().waitForTimeout(20)
    if (!isOver()) await same.click({ timeout: 5000 })
  } catch (thrown) {
    // Its window died, or the words went from it because the other one's did.
    if (!(thrown instanceof Error)) throw thrown
    process.stderr.write(`${thrown.message.split('\n')[0]}\n`)
  }
}

test('killed while somebody joins', async ({ people }) => {
  const random = randomFor('joining')
  const alice = createWriter(people, 'alice')
  await alice.start()
  await setUp(alice.current())
  await createGroup(alice.current(), 'Riverside pain group')
  await createEmptyPaper(alice.current(), DIARY)
  const writing = await alice.type('beginning')
  await alice.page().waitForTimeout(1500)
  await writing.stop()
  const reopened: number[] = []
  const told: string[] = []
  let missing = 0
  let alreadyIn = 0
  const times = Math.max(1, Math.round(KILLS * 0.1))
  for (let at = 0; at < times; at++) {
    const profile = newProfile('cara')
    const cara = createWriter(people, 'cara')
    await cara.start({ profile })
    await setUp(cara.current())
    const code = await codeOf(alice.current())
    await typeCode(cara.current(), code)
    // Goes on by itself until one of the two dies.
    let isOver = false
    const joining = Promise.all([agree(cara, () => isOver), agree(alice, () => isOver)])
    const from = random() < 0.5 ? 'Looking' : 'Compare the words'
    if (from === 'Compare the words')
      await expect(cara.page().getByRole('heading', { name: from })).toBeVisible({ timeout: 60_000 })
    await cara.page().waitForTimeout(between(random, 0, 2500))
    const victim = random() < 0.5 ? alice : cara
    const what = at % 2 === 0 ? 'browser' : 'host'
    await victim.current().kill(what)
    isOver = true
    await joining
    await victim.current().close()
    const [saidIn, saidLetIn] = [cara, alice].map(({ said }) =>
      [...said.headings].some((heading) => /^You are in|is in$/.test(heading)),
    )

    const began = Date.now()
    await victim.start(victim === cara ? { profile } : {})
    if (victim === alice) await reopen(alice.current())
    else await unlock(cara.current())
    await expect(victim.page().getByRole('button', { name: 'Lock now' }).first()).toBeVisible()
    reopened.push(Date.now() - began)
    const reads = (await cara.page().getByRole('heading', { level: 1 }).innerText()).trim()
    if (victim === alice) {
      // The newcomer whose organiser went away closes Teatray, and opens it again.
      await cara.current().close()
      await cara.start({ profile })
      await unlock(cara.current())
    }
    const wasIn = await isIn(cara.current())
    if (saidIn === true && !wasIn) missing += 1
    await goTo(alice.page(), 'People')
    const listed = await alice.page().getByRole('main').getByRole('link', { name: /Cara/ }).count()
    told.push(reads)
    if (wasIn) alreadyIn += 1
    process.stderr.write(
      `${JSON.stringify({ at, victim: victim.name, what, from, reads, saidIn, saidLetIn, wasIn, listed })}\n`,
    )
    if (!wasIn) await letIn(alice, cara)
    await openPaper(cara.current(), DIARY)
    await openPaper(alice.current(), DIARY)
    await expect
      .poll(async () => lacking(alice.said.saved, await paperWords(cara.page())), { timeout: 60_000 })
      .toEqual([])
    missing += lacking(alice.said.saved, await paperWords(alice.page())).length
    expect(await editor(cara.page()).innerText()).toBe(await editor(alice.page()).innerText())
    await cara.current().close()
    removeProfile(profile)
  }
  report({
    fault: 'killed: joining',
    times,
    acknowledged: alice.said.saved.size,
    missing,
    sentence: tellSentences(told),
    reopened,
    note: `${alreadyIn} in at once, ${times - alreadyIn} when the code was typed once more; whoever had read “You are in” was in`,
  })
})

/** The host or the browser dies while a file is written: a backup, a setting, an update file. And backups and files that were cut off. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SIGNALING_FILE } from '../../electron/services/signaling/settings.ts'
import { expect, test } from '../e2e/fixtures.ts'
import { downloadsOf, type Installation } from '../e2e/installation.ts'
import { createEmptyPaper, createGroup, editor, footer, openPaper, setUp } from '../e2e/story.ts'
import {
  backUp,
  backUpNow,
  backupsIn,
  bringBackFrom,
  expectWholeBackups,
  newestBackup,
  openBackups,
  pickBackup,
  setUpBackups,
  toFile,
  unfinishedIn,
} from '../e2e/story-backups.ts'
import { chooseFile, giveFile, goApart, makeTheFile, openSafety, planFile, says } from '../e2e/story-files.ts'
import { startPair } from './kill-rounds.ts'
import { report, tellSentences } from './report.ts'
import { between, KILLS, randomFor } from './settings.ts'
import { createWriter, DIARY, lacking, paperWords, placeCaret, reopen, type Writer } from './writer.ts'

const TIMES = Math.max(2, Math.round(KILLS / 10))
/** Pieces of 60 words: enough for the writing of a file to take a while. */
const LONG = 40

let folder: string
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'teatray-kept-'))
})
test.afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function startAlone(writer: Writer): Promise<void> {
  await writer.start()
  await setUp(writer.current())
  await createGroup(writer.current(), 'Riverside pain group')
  await createEmptyPaper(writer.current(), DIARY)
  await editor(writer.page()).click()
  for (let piece = 0; piece < LONG; piece++) await writer.page().keyboard.insertText(`${writer.words(60).join(' ')} `)
  await expect(footer(writer.page())).toContainText('All saved here.')
  await expect.poll(() => writer.said.saved.size).toBe(LONG * 60)
}

/** Milliseconds until it is there, looked for as often as can be. */
async function appears(isThere: () => boolean): Promise<void> {
  for (let look = 0; look < 5000 && !isThere(); look++) await new Promise((done) => setTimeout(done, 1))
}

/** Starts again, and says how long that took and how many words that were called saved are not there. */
async function again(writer: Writer): Promise<{ readonly took: number; readonly missing: number }> {
  await writer.current().close()
  const began = Date.now()
  await writer.start()
  await reopen(writer.current())
  const took = Date.now() - began
  return { took, missing: lacking(writer.said.saved, await paperWords(writer.page())).length }
}

test('killed while a backup is written; a backup that was cut off', async ({ people }) => {
  const random = randomFor('backup')
  const alice = createWriter(people, 'alice')
  await startAlone(alice)
  await setUpBackups(alice.current(), folder)
  await backUp(alice.current())
  const told: string[] = []
  const reopened: number[] = []
  let missing = 0
  let half = 0
  for (let at = 0; at < TIMES; at++) {
    // Backups of one second would have one name.
    await alice.page().waitForTimeout(1100)
    const before = new Set(backupsIn(folder))
    await backUpNow(alice.page()).click()
    await appears(() => unfinishedIn(folder).length > 0 || backupsIn(folder).some((name) => !before.has(name)))
    await alice.page().waitForTimeout(between(random, 0, 60))
    await alice.current().kill(at % 2 === 0 ? 'host' : 'browser')
    if (unfinishedIn(folder).length > 0) half += 1
    expect(backupsIn(folder).length).toBeGreaterThan(0)
    await expectWholeBackups(folder)
    const { took, missing: gone } = await again(alice)
    reopened.push(took)
    missing += gone
    await openBackups(alice.current())
    const last = alice.page().getByText(/^The last backup was made today/)
    await expect(last).toBeVisible()
    told.push(await last.innerText())
  }
  await alice.page().waitForTimeout(1100)
  await backUp(alice.current())
  expect(unfinishedIn(folder)).toEqual([])
  report({
    fault: 'killed: backup being written',
    times: TIMES,
    acknowledged: alice.said.saved.size,
    missing,
    sentence: tellSentences(told),
    reopened,
    note: `${half} with a half file, none counted as a backup; each finished one was whole; nothing half was left after the next`,
  })

  const whole = readFileSync(newestBackup(folder))
  const laptop = createWriter(people, 'laptop')
  await laptop.start()
  await toFile(laptop.current())
  const refusals: string[] = []
  for (let at = 0; at < TIMES; at++) {
    const path = join(folder, `cut-${at}`)
    writeFileSync(path, whole.subarray(0, between(random, 0, whole.length)))
    await pickBackup(laptop.current(), path)
    const alert = laptop.page().getByRole('alert')
    await expect(alert).toContainText('Nothing on this computer was changed.')
    await expect(alert).toContainText(/This file ends too early|This file is not a Teatray backup/)
    refusals.push((await alert.innerText()).replaceAll(/\s+/g, ' '))
  }
  const began = Date.now()
  await bringBackFrom(laptop.current(), newestBackup(folder))
  await openPaper(laptop.current(), DIARY)
  await expect(footer(laptop.page())).toContainText('All saved here.')
  report({
    fault: 'backup cut off',
    times: TIMES,
    acknowledged: alice.said.saved.size,
    missing: lacking(alice.said.saved, await paperWords(laptop.page())).length,
    sentence: tellSentences(refusals),
    reopened: [Date.now() - began],
    note: 'then the whole one was brought back on another computer',
  })
})

const meetingPlace = ({ page }: Installation) => page.getByRole('switch', { name: 'Be a meeting place' })

test('killed while a setting is written', async ({ people }) => {
  const random = randomFor('setting')
  const alice = createWriter(people, 'alice')
  await startAlone(alice)
  const { profile } = alice.current()
  const told: string[] = []
  const reopened: number[] = []
  let missing = 0
  for (let at = 0; at < TIMES; at++) {
    await openSafety(alice.page())
    const was = await meetingPlace(alice.current()).isChecked()
    await meetingPlace(alice.current()).click({ noWaitAfter: true })
    await alice.page().waitForTimeout(between(random, 0, 25))
    await alice.current().kill('host')
    const { took, missing: gone } = await again(alice)
    reopened.push(took)
    missing += gone
    await openSafety(alice.page())
    const now = await meetingPlace(alice.current()).isChecked()
    const file = readdirSync(profile).includes(SIGNALING_FILE)
      ? (JSON.parse(readFileSync(join(profile, SIGNALING_FILE), 'utf8')) as { readonly enabled: boolean })
      : { enabled: false }
    expect(now).toBe(file.enabled)
    told.push(`Be a meeting place: ${now ? 'on' : 'off'}, ${now === was ? 'as before' : 'as chosen'}`)
    await openPaper(alice.current(), DIARY)
  }
  const left = readdirSync(profile).filter((name) => name.startsWith(SIGNALING_FILE) && name !== SIGNALING_FILE)
  report({
    fault: 'killed: setting being written',
    times: TIMES,
    acknowledged: alice.said.saved.size,
    missing,
    sentence: tellSentences(told),
    reopened,
    note: `the switch is what the file says; ${left.length} half files left beside it, and ignored`,
  })
})

const filesIn = (directory: string): readonly Uint8Array[] =>
  existsSync(directory) ? readdirSync(directory).map((name) => readFileSync(join(directory, name))) : []

const WHOLE = 'You now have everything that Alice had when this was made.'

test('killed while an update file is made, and while it is opened', async ({ people }) => {
  const random = randomFor('update file')
  const { alice, bob } = await startPair(people)
  await goApart(alice.current(), bob.current())
  const told: string[] = []
  const reopened: number[] = []
  let missing = 0
  let half = 0
  const readBy = async (path: string): Promise<string> => {
    await chooseFile(bob.current(), path)
    const said = bob
      .page()
      .getByText(/^(You now have everything that Alice had|The end of this file is missing|This is not an update file)/)
    await expect(said.first()).toBeVisible()
    return said.first().innerText()
  }
  for (let at = 0; at < TIMES; at++) {
    await openPaper(alice.current(), DIARY)
    await placeCaret(alice.page(), 'end')
    for (let piece = 0; piece < 10; piece++) await alice.page().keyboard.insertText(`${alice.words(60).join(' ')} `)
    await expect(footer(alice.page())).toContainText('All saved here.')

    await planFile(alice.current(), 'Bob')
    await makeTheFile(alice.current())
    await alice.page().waitForTimeout(between(random, 0, 150))
    // As it is on the disk at that moment; Playwright takes it away when the browser is gone.
    const found = filesIn(downloadsOf(alice.current().profile))
    await alice.current().kill('browser')
    for (const [index, bytes] of found.entries()) {
      const path = join(folder, `${at}-${index}`)
      writeFileSync(path, bytes)
      const said = await readBy(path)
      if (!said.startsWith('You now have')) half += 1
      told.push(said)
    }
    const made = await again(alice)
    reopened.push(made.took)
    missing += made.missing

    const file = await giveFile(alice.current(), 'Bob')
    expect(statSync(file.path).size).toBeGreaterThan(0)
    // The first time it is killed while it opens the file; then the same file is opened once more.
    await openSafety(bob.page())
    await chooseFile(bob.current(), file.path)
    await bob.page().waitForTimeout(between(random, 0, 300))
    await bob.current().kill(at % 2 === 0 ? 'host' : 'browser')
    const opened = await again(bob)
    reopened.push(opened.took)
    missing += opened.missing
    await chooseFile(bob.current(), file.path)
    await says(bob.current(), WHOLE)
    await openPaper(bob.current(), DIARY)
    missing += lacking(alice.said.saved, await paperWords(bob.page())).length
    await expect(footer(bob.page())).toContainText('Alice has everything.')
  }
  report({
    fault: 'killed: update file made, and opened',
    times: TIMES * 2,
    acknowledged: alice.said.saved.size,
    missing,
    sentence: tellSentences([...told, WHOLE]),
    reopened,
    note: `${told.length} files found after the kill, ${half} of them half and refused, the others whole; opened once more, each gave all`,
  })
})

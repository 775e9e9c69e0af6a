/**
 * An old copy of the profile folder is put back, and written on before and after it meets the other one. Nothing of the other is lost,
 * every word is on at least one of the two, both are told of it, and what is seen on one computer only (THREAT_MODEL.md) is counted.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '../e2e/fixtures.ts'
import { editor, everythingShared, footer, goTo, openPaper } from '../e2e/story.ts'
import { startPair } from './kill-rounds.ts'
import { report, tellSentences } from './report.ts'
import { DIARY, lacking, lineOf, paperWords, reopen, type Writer } from './writer.ts'

/** Some words, which the line at the bottom says are saved. */
async function write(writer: Writer, where: 'beginning' | 'end'): Promise<readonly string[]> {
  const typing = await writer.type(where)
  await writer.page().waitForTimeout(1500)
  await typing.stop()
  await expect(footer(writer.page())).toContainText('All saved here.')
  return typing.typed.map(({ word }) => word)
}

const FORK = 'has said two different things at one place.'

test('an old copy is put back', async ({ people }) => {
  const { alice, bob } = await startPair(people)
  const [aliceMet, bobMet] = [await write(alice, 'beginning'), await write(bob, 'end')]
  await everythingShared(alice.current(), 'Bob')
  await everythingShared(bob.current(), 'Alice')
  await alice.current().close()
  const copy = mkdtempSync(join(tmpdir(), 'teatray-old-copy-'))
  const { profile } = alice.current()
  cpSync(profile, copy, { recursive: true })
  try {
    // Written on, and met.
    await alice.start()
    await reopen(alice.current())
    const sinceCopy = await write(alice, 'beginning')
    await everythingShared(alice.current(), 'Bob')
    await alice.current().close()

    // The old one back; apart until something is written on it.
    rmSync(profile, { recursive: true })
    cpSync(copy, profile, { recursive: true })
    if (people.lan !== undefined) people.setCable('alice', false)
    const began = Date.now()
    await alice.start()
    await reopen(alice.current())
    const reopened = Date.now() - began
    const alone = await lineOf(alice.page())
    const beforeMeeting = await write(alice, 'beginning')
    people.setCable('alice', true)
    await everythingShared(alice.current(), 'Bob')
    await everythingShared(bob.current(), 'Alice')
    const met = await lineOf(alice.page())
    await openPaper(alice.current(), DIARY)
    const afterMeeting = await write(alice, 'beginning')
    await everythingShared(alice.current(), 'Bob')
    await everythingShared(bob.current(), 'Alice')

    const [here, there] = [await paperWords(alice.page()), await paperWords(bob.page())]
    const all = [...aliceMet, ...bobMet, ...sinceCopy, ...beforeMeeting, ...afterMeeting]
    const onlyThere = lacking(sinceCopy, here)
    const onlyHere = lacking(beforeMeeting, there)
    const missing = [
      ...lacking(all, new Set([...here, ...there])),
      ...lacking([...bobMet, ...aliceMet, ...afterMeeting], here),
      ...lacking([...bobMet, ...aliceMet, ...afterMeeting, ...sinceCopy], there),
    ]
    const same = (await editor(alice.page()).innerText()) === (await editor(bob.page()).innerText())
    for (const { page } of [alice, bob]) {
      await goTo(page(), 'People')
      await expect(page().getByText(FORK).first()).toBeVisible()
    }
    // And it stays so.
    await alice.current().kill()
    await alice.start()
    await reopen(alice.current())
    const stillHere = lacking(beforeMeeting, await paperWords(alice.page()))
    report({
      fault: 'old copy put back',
      times: 1,
      acknowledged: all.length,
      missing: missing.length + stillHere.length,
      sentence: tellSentences([alone, met, `Your computer ${FORK}`]),
      reopened: [reopened],
      note: [
        `of ${beforeMeeting.length} words written before it met anybody, ${onlyHere.length} are on that computer only`,
        `of ${sinceCopy.length} written after the copy was made, ${onlyThere.length} are on the other only`,
        same ? 'the papers are the same' : 'the papers differ by these, and the line at the bottom does not say so',
      ].join('; '),
    })
  } finally {
    rmSync(copy, { recursive: true })
  }
})

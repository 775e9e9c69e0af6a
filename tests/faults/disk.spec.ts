/** A disk that is full from one moment to the next, while somebody writes: what was called saved is there, and the line says so in time. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { whyNoNamespaces } from '../netns/namespaces.ts'
import { expect, test } from '../e2e/fixtures.ts'
import { newProfile, removeProfile } from '../e2e/installation.ts'
import { fillDisk, mountDisk, takeRoom, unmountDisk } from '../e2e/small-disk.ts'
import { createEmptyPaper, createGroup, footer, setUp, unlock } from '../e2e/story.ts'
import { report, tellSentences } from './report.ts'
import { between, randomFor } from './settings.ts'
import { createWriter, DIARY, lacking, lineOf, paperWords, reopen } from './writer.ts'

const STOPPED = /Writing has stopped: this computer(’s disk is nearly full|\s*could not save)/

test('a full disk', async ({ people }) => {
  test.skip(whyNoNamespaces() !== '', 'A disk of its own needs the same rights as a network of its own.')
  const random = randomFor('disk')
  const profile = newProfile('alice')
  // The reserve is 200 MB (services/storage).
  mountDisk(profile, '520m')
  const alice = createWriter(people, 'alice')
  try {
    await alice.start({ profile })
    await setUp(alice.current())
    await createGroup(alice.current(), 'Riverside pain group')
    await createEmptyPaper(alice.current(), DIARY)
    for (const speed of ['slowly', 'at once'] as const) {
      const sentences: string[] = []
      const reopened: number[] = []
      let missing = 0
      const times = 5
      for (let at = 0; at < times; at++) {
        const ballast = join(profile, 'ballast')
        const writing = await alice.type('beginning')
        await alice.page().waitForTimeout(between(random, 300, 2500))
        if (speed === 'slowly') takeRoom(ballast, '330M')
        else fillDisk(ballast)
        await expect(footer(alice.page())).toContainText(STOPPED, { timeout: 40_000 })
        sentences.push(await lineOf(alice.page()))
        await writing.stop()
        const stoppedWith = new Set(alice.said.saved)
        const after = speed === 'slowly' && at === 0 ? 'room' : 'kill'
        if (after === 'room') {
          // Nothing has to be typed again where there is room again.
          rmSync(ballast)
          await expect(footer(alice.page())).toContainText('All saved here.', { timeout: 30_000 })
        }
        await alice.current().kill()
        if (at % 2 === 1 && after === 'kill') {
          // Started once more before there is room again.
          await alice.start({ profile })
          await unlock(alice.current())
          await expect(footer(alice.page())).toContainText(STOPPED)
          sentences.push(await lineOf(alice.page()))
          await alice.current().kill()
        }
        rmSync(ballast, { force: true })
        const began = Date.now()
        await alice.start({ profile })
        await reopen(alice.current())
        reopened.push(Date.now() - began)
        const words = await paperWords(alice.page())
        const due = after === 'room' ? new Set([...stoppedWith, ...writing.typed.map(({ word }) => word)]) : stoppedWith
        const gone = lacking(due, words)
        process.stderr.write(
          `${JSON.stringify({ speed, at, after, due: due.size, gone, sentence: sentences.at(-1) })}\n`,
        )
        missing += gone.length
      }
      report({
        fault: `disk full, ${speed}`,
        times,
        acknowledged: alice.said.saved.size,
        missing,
        sentence: tellSentences(sentences),
        reopened,
        ...(speed === 'slowly' ? { note: 'with room again, what was typed on the full disk was saved too' } : {}),
      })
    }
  } finally {
    await alice.current().close()
    unmountDisk(profile)
    removeProfile(profile)
  }
})

/** One person with two computers: the second comes in by a code, has everything, and can be taken out from the first. */
import { expect, test } from './fixtures.ts'
import {
  addComputer,
  compareWordsAsOwn,
  createGroup,
  createPaper,
  createTerms,
  editor,
  join,
  makeCircle,
  openPaper,
  setUp,
  takeOutComputer,
  TERMS,
  typeCode,
  typeInParagraph,
} from './story.ts'

test('a second computer has the group and its circles, writes in the same name, and can be taken out', async ({
  people,
}) => {
  test.setTimeout(240_000)
  const [alice, bob, laptop] = await Promise.all([people.start('alice'), people.start('bob'), people.start('laptop')])
  await Promise.all([setUp(alice), setUp(bob), setUp(laptop)])
  await createGroup(alice, 'Riverside pain group')
  await createTerms(alice)
  await join(alice, bob)
  await makeCircle(alice, 'Planning group', ['Bob'])
  await createPaper(alice, 'Planning group minutes', 'Planning group')
  await editor(alice.page).locator('p').first().click()
  await alice.page.keyboard.press('Home')
  await alice.page.keyboard.type('Written at home. ', { delay: 10 })

  const code = await addComputer(alice)
  await typeCode(laptop, code)
  await compareWordsAsOwn(alice, laptop)

  await openPaper(laptop, /minutes/i)
  await expect(editor(laptop.page)).toContainText('Written at home.', { timeout: 40_000 })
  await typeInParagraph(laptop, 'Written at home.', 'start', 'Written on the train. ')
  await openPaper(bob, /minutes/i)
  await expect(editor(bob.page)).toContainText('Written on the train.', { timeout: 40_000 })
  await openPaper(bob, TERMS)
  await openPaper(laptop, TERMS)
  await expect(editor(laptop.page)).toBeVisible()

  await takeOutComputer(alice)
  await expect(laptop.page.getByText(/took this computer out of/).first()).toBeVisible({ timeout: 60_000 })
  await openPaper(alice, /minutes/i)
  await typeInParagraph(alice, 'Written at home.', 'start', 'After the loss. ')
  await openPaper(bob, /minutes/i)
  await expect(editor(bob.page)).toContainText('After the loss.', { timeout: 40_000 })
  await openPaper(laptop, /minutes/i)
  await expect(editor(laptop.page)).toContainText('Written on the train.')
  await expect(editor(laptop.page)).not.toContainText('After the loss.')
})

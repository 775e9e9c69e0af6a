/**
 * Several groups on one computer: Alice is with Bob in one and with Cara in the other. Both go on at once, she goes from one to the
 * other in one step, and takes one off; Cara wipes her computer.
 */
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { expectNothingForAxe } from './looks.ts'
import {
  action,
  compareWords,
  createGroup,
  createTerms,
  editor,
  goTo,
  invite,
  join,
  openPaper,
  setUp,
  TERMS,
  unlock,
} from './story.ts'

const RIVERSIDE = 'Riverside pain group'
const CHOIR = 'Tuesday choir'

async function writeFirst(page: Page, text: string): Promise<void> {
  await editor(page).locator('p').first().click()
  await page.keyboard.press('Home')
  await page.keyboard.type(`${text} `, { delay: 10 })
}

const brand = (page: Page) => page.getByRole('banner').locator('.t-group-name')

async function switchTo(page: Page, group: string): Promise<void> {
  await page.getByRole('button', { name: 'Your groups' }).click()
  await page.getByRole('menuitem', { name: group }).click()
  await expect(brand(page)).toHaveText(group)
}

test('two groups side by side: both go on, one step from one to the other, one is taken off', async ({ people }) => {
  test.setTimeout(300_000)
  const [alice, bob, cara] = await Promise.all([people.start('alice'), people.start('bob'), people.start('cara')])
  await Promise.all([setUp(alice), setUp(bob), setUp(cara)])
  await createGroup(alice, RIVERSIDE)
  await createTerms(alice)
  await writeFirst(alice.page, 'Riverside says so.')
  await join(alice, bob)

  await test.step('Alice joins a second group from inside the first', async () => {
    await createGroup(cara, CHOIR)
    await createTerms(cara)
    await writeFirst(cara.page, 'The choir sings so.')
    const code = await invite(cara)
    await openPaper(alice, TERMS)
    await alice.page.getByRole('button', { name: 'Your groups' }).click()
    await alice.page.getByRole('menuitem', { name: 'Start or join another group' }).click()
    await expect(alice.page.getByRole('heading', { level: 1 })).toHaveText('Another group')
    await action(alice.page, 'Join with a code').click()
    await alice.page.getByLabel('The code').fill(code)
    await alice.page.getByRole('button', { name: 'Look for the group' }).click()
    await compareWords(cara, alice)
    await expect(alice.page.getByRole('heading', { name: `You are in ${CHOIR}` })).toBeVisible()
    await action(alice.page, 'Go to Today').click()
    await expect(brand(alice.page)).toHaveText(CHOIR)
    await openPaper(alice, TERMS)
    await expect(editor(alice.page)).toContainText('The choir sings so.', { timeout: 40_000 })
    await expect(editor(alice.page)).not.toContainText('Riverside says so.')
  })

  await test.step('the group that is not on the screen goes on, and opens at its own last place', async () => {
    await openPaper(bob, TERMS)
    await expect(editor(bob.page)).toContainText('Riverside says so.', { timeout: 40_000 })
    await writeFirst(bob.page, 'Bob agrees.')
    // Everything of Bob's reaches Alice while she reads in the choir.
    await expect(bob.page.getByRole('contentinfo')).toContainText('All saved here. Alice has everything.', {
      timeout: 60_000,
    })
    await expect(brand(alice.page)).toHaveText(CHOIR)
    people.setCable('bob', false)
    await switchTo(alice.page, RIVERSIDE)
    await expect(editor(alice.page)).toContainText('Bob agrees. Riverside says so.')
    people.setCable('bob', true)
    await switchTo(alice.page, CHOIR)
    await expect(editor(alice.page)).toContainText('The choir sings so.')
  })

  await test.step('Find looks through both, says which group it is, and leads there', async () => {
    await alice.page.keyboard.press('Control+k')
    const dialog = alice.page.getByRole('dialog')
    await expect(dialog).toContainText('Looking through your 2 groups on this computer, and your notes.')
    await dialog.getByRole('textbox').fill('Bob agrees')
    const found = dialog.getByRole('link', { name: /Bob agrees/ })
    await expect(found).toContainText(`In your group ${RIVERSIDE}. Opens that group.`)
    await expectNothingForAxe(alice.page)
    await found.click()
    await expect(brand(alice.page)).toHaveText(RIVERSIDE)
    await expect(editor(alice.page)).toContainText('Bob agrees. Riverside says so.')
    await switchTo(alice.page, CHOIR)
    await expect(editor(alice.page)).toContainText('The choir sings so.')
  })

  await test.step('by keyboard alone', async () => {
    const menu = alice.page.getByRole('button', { name: 'Your groups' })
    await menu.focus()
    await alice.page.keyboard.press('Enter')
    await expect(alice.page.getByRole('menuitem', { name: RIVERSIDE })).toBeFocused()
    await alice.page.keyboard.press('Enter')
    await expect(brand(alice.page)).toHaveText(RIVERSIDE)
  })

  await test.step('somebody waits in the group that is not on the screen: it is said, and one step leads there', async () => {
    await switchTo(alice.page, CHOIR)
    await openPaper(alice, TERMS)
    const code = await invite(alice).then(async (made) => {
      await switchTo(alice.page, RIVERSIDE)
      return made
    })
    await bob.page.getByRole('button', { name: 'Your groups' }).click()
    await bob.page.getByRole('menuitem', { name: 'Start or join another group' }).click()
    await action(bob.page, 'Join with a code').click()
    await bob.page.getByLabel('The code').fill(code)
    await bob.page.getByRole('button', { name: 'Look for the group' }).click()
    const waits = alice.page.getByRole('button', { name: `In ${CHOIR}: somebody is waiting to be let in` })
    await expect(waits).toBeVisible({ timeout: 40_000 })
    await waits.click()
    await expect(brand(alice.page)).toHaveText(CHOIR)
    await goTo(alice.page, 'People')
    await action(alice.page, /^Compare/).click()
    await compareWords(alice, bob)
    await action(bob.page, 'Go to Today').click()
    await expect(brand(bob.page)).toHaveText(CHOIR)
  })

  await test.step('locked and opened again, the same group is on the screen', async () => {
    await switchTo(bob.page, RIVERSIDE)
    await bob.page.getByRole('button', { name: 'Lock now' }).click()
    await unlock(bob)
    await expect(brand(bob.page)).toHaveText(RIVERSIDE, { timeout: 30_000 })
  })

  await test.step('Alice leaves the choir and takes it off her computer', async () => {
    await goTo(alice.page, 'People')
    await expect(brand(alice.page)).toHaveText(CHOIR)
    await action(alice.page, `Leave ${CHOIR}`).click()
    await alice.page.getByRole('button', { name: `Leave ${CHOIR}` }).click()
    await expect(alice.page.getByRole('heading', { level: 1 })).toHaveText(`You have left ${CHOIR}`, {
      timeout: 20_000,
    })
    await goTo(cara.page, 'People')
    await expect(cara.page.getByText(/Alice left/).first()).toBeVisible({ timeout: 40_000 })
    await goTo(alice.page, 'Today')
    await action(alice.page, 'Remove this group from this computer').click()
    await expect(alice.page.getByRole('heading', { level: 1 })).toHaveText(`Remove ${CHOIR} from this computer?`)
    await alice.page.getByRole('button', { name: `Remove ${CHOIR} from this computer` }).click()
    await expect(alice.page.getByRole('heading', { level: 1 })).toHaveText('The group is off this computer')
    await expect(brand(alice.page)).toHaveText(RIVERSIDE)
    await alice.page.getByRole('button', { name: 'Your groups' }).click()
    await expect(alice.page.getByRole('menuitem')).toHaveText(['Start or join another group'])
    await alice.page.keyboard.press('Escape')
    await openPaper(alice, TERMS)
    await expect(editor(alice.page)).toContainText('Bob agrees.')
    await openPaper(cara, TERMS)
    await expect(editor(cara.page)).toContainText('The choir sings so.')
  })

  await test.step('Cara wipes her computer; the others keep what they have', async () => {
    await cara.page.getByRole('link', { name: 'Sync and safety' }).click()
    await action(cara.page, 'Wipe this computer').click()
    await expect(cara.page.getByRole('heading', { level: 1 })).toHaveText('Wipe this computer?')
    await cara.page.getByRole('button', { name: 'Wipe this computer' }).click()
    await expect(cara.page.getByRole('alert')).toContainText('Type the two words')
    await cara.page.getByLabel(/To be sure/).fill('Wipe  everything ')
    await cara.page.getByRole('button', { name: 'Wipe this computer' }).click()
    await expect(cara.page.getByRole('heading', { level: 1 })).toHaveText('Welcome to Teatray', { timeout: 30_000 })
    await cara.page.reload()
    await expect(cara.page.getByRole('heading', { level: 1 })).toHaveText('Welcome to Teatray')
    const left = await cara.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))
    expect(left.filter((name) => name !== 'teatray-keyring')).toEqual([])
    await setUp(cara, 'another passphrase altogether')
    await switchTo(bob.page, CHOIR)
    await openPaper(bob, TERMS)
    await expect(editor(bob.page)).toContainText('The choir sings so.')
  })
})

test('wiping that is cut off by a kill goes on at the next start, and nothing opens in between', async ({ people }) => {
  test.setTimeout(120_000)
  const before = await people.start('alice')
  await setUp(before)
  await createGroup(before, RIVERSIDE)
  await createTerms(before)
  await before.page.getByRole('link', { name: 'Sync and safety' }).click()
  await action(before.page, 'Wipe this computer').click()
  await before.page.getByLabel(/To be sure/).fill('wipe everything')
  // The first step alone: the databases cannot be deleted as long as somebody has one open.
  await before.page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.open('teatray')
        request.addEventListener('success', () => {
          Object.assign(globalThis, { kept: request.result })
          resolve()
        })
        request.addEventListener('error', () => reject(request.error ?? new Error('no database')))
      }),
  )
  await before.page.getByRole('button', { name: 'Wipe this computer' }).click()
  await expect(before.page.getByText('Wiping. This takes a moment.')).toBeVisible()
  await expect
    .poll(() =>
      before.page.evaluate(
        () =>
          new Promise<number>((resolve, reject) => {
            const opening = indexedDB.open('teatray-keyring')
            opening.addEventListener('error', () => reject(opening.error ?? new Error('no keyring')))
            opening.addEventListener('success', () => {
              const all = opening.result.transaction('keyring').objectStore('keyring').getAllKeys()
              all.addEventListener('success', () => {
                opening.result.close()
                resolve(all.result.length === 1 && all.result[0] === 'wiping' ? 1 : 0)
              })
            })
          }),
      ),
    )
    .toBe(1)
  await before.kill()
  const after = await people.start('alice')
  await expect(after.page.getByRole('heading', { level: 1 })).toHaveText('Welcome to Teatray', { timeout: 30_000 })
  const left = await after.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))
  expect(left.filter((name) => name !== 'teatray-keyring')).toEqual([])
})

/**
 * Every screen on a session made of values, under the app's own content policy: nothing for axe to find in light and dark,
 * no sideways scrolling at 320 CSS pixels (400 % zoom at 1280), nothing refused by the policy, and the ways through by keyboard.
 */
import { resolve } from 'node:path'
import { test as base, expect, type Page } from '@playwright/test'
import { type Served, serveHarness } from '../ui/serve.ts'
import { scenes } from '../ui/harness/scenes.ts'
import { expectNothingForAxe, picture } from './looks.ts'

/** A window for all scenes that one worker looks at: opening one takes longer than loading a page into it. */
const test = base.extend<object, { readonly sceneWindow: Page }>({
  sceneWindow: [
    async ({ browser }, use) => {
      const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/London' })
      await use(await context.newPage())
      await context.close()
    },
    { scope: 'worker' },
  ],
})

let served: Served
test.beforeAll(async () => {
  served = await serveHarness(resolve(import.meta.dirname, '../ui/harness'))
})
test.afterAll(() => served.close())

async function open(page: Page, scene: string): Promise<readonly string[]> {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(`${served.url}?scene=${scene}`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  return complaints
}

async function expectNoSidewaysScrolling(page: Page): Promise<void> {
  const widths = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
  expect(widths[0]).toBeLessThanOrEqual(widths[1] ?? 0)
}

/** Buttons and links one presses: 24 px at least, WCAG 2.2's 2.5.8; links inside a sentence are exempt. */
async function expectTargetsLargeEnough(page: Page): Promise<void> {
  const small = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, nav a, footer a, select, input:not([type=checkbox]), textarea')]
      .filter((element) => element.checkVisibility() && !element.classList.contains('t-skip'))
      .filter((element) => element.getBoundingClientRect().height < 24 || element.getBoundingClientRect().width < 24)
      .map((element) => element.outerHTML.slice(0, 120)),
  )
  expect(small).toEqual([])
}

for (const scene of Object.keys(scenes))
  test(`${scene}: axe, zoom, policy`, async ({ sceneWindow: page }) => {
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.emulateMedia({ colorScheme: 'light' })
    const complaints = await open(page, scene)
    await expectNothingForAxe(page)
    await expectTargetsLargeEnough(page)
    await picture(page, `${scene}-light`)
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
    await expectNothingForAxe(page)
    await picture(page, `${scene}-dark`)
    await page.emulateMedia({ colorScheme: 'light' })
    await page.setViewportSize({ width: 640, height: 400 })
    await expectNoSidewaysScrolling(page)
    await picture(page, `${scene}-200`)
    await page.setViewportSize({ width: 320, height: 256 })
    await expectNoSidewaysScrolling(page)
    await picture(page, `${scene}-400`)
    expect(complaints).toEqual([])
    page.removeAllListeners()
    await page.evaluate(() => localStorage.clear())
  })

test('first run to a group, by keyboard alone', async ({ page }) => {
  const complaints = await open(page, 'first-run')
  const heading = page.getByRole('heading', { level: 1 })
  const enter = () => page.keyboard.press('Enter')
  await expect(heading).toBeFocused()

  await page.keyboard.press('Tab')
  await enter()
  const summary = page.getByRole('alert')
  await expect(summary).toBeFocused()
  await expect(summary).toContainText('There is a problem')
  await expectNothingForAxe(page)
  await page.keyboard.press('Tab')
  await enter()
  await expect(page.getByLabel('Your name')).toBeFocused()
  await page.keyboard.type('Asha')
  await enter()

  await expect(heading).toHaveText('Choose a passphrase')
  await expect(heading).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(page.getByLabel('Passphrase')).toBeFocused()
  await page.keyboard.type('tea')
  await expect(page.getByText('Too short.')).toBeVisible()
  await enter()
  await expect(page.getByRole('alert')).toContainText('Make the passphrase longer')
  await page.getByRole('button', { name: 'Suggest one for me' }).press('Enter')
  const suggested = await page.getByLabel('Passphrase', { exact: true }).inputValue()
  expect(suggested.split(' ')).toHaveLength(6)
  await expect(page.getByText('Strong, if')).toBeVisible()
  await expectNothingForAxe(page)
  await picture(page, 'first-run-passphrase-light')
  await page.getByLabel('Passphrase', { exact: true }).press('Enter')

  await expect(heading).toHaveText('Write your passphrase down')
  await expect(page.getByText(suggested)).toBeVisible()
  await expectNothingForAxe(page)
  await picture(page, 'first-run-write-down-light')
  await page.getByLabel('I have written it down').press('Space')
  await page.getByRole('button', { name: 'Finish' }).press('Enter')

  await expect(heading).toHaveText('Your group')
  await page.getByRole('link', { name: 'Start a new group' }).press('Enter')
  await expect(heading).toHaveText('Start a new group')
  await page.getByLabel('Name of the group').fill('Riverside Pain Group')
  await enter()
  await expect(heading).toHaveText('Riverside Pain Group is ready')
  await expect(page).toHaveTitle('Teatray')
  await page.getByRole('link', { name: 'Go to Today' }).press('Enter')
  await expect(heading).toHaveText('Today')
  await expect(heading).toBeFocused()
  expect(complaints).toEqual([])
})

test('joining with files, by keyboard alone', async ({ page }) => {
  const complaints = await open(page, 'join-files-code')
  const heading = page.getByRole('heading', { level: 1 })
  await expect(heading).toHaveText('Open the invitation file')
  await expect(heading).toBeFocused()
  await page.getByLabel('The code that was told to you').focus()
  await page.keyboard.type('garden kettle lemon')
  const go = page.getByRole('button', { name: 'Open the invitation' })
  await go.press('Enter')
  await expect(page.getByRole('alert')).toBeFocused()
  await page.getByLabel('The code that was told to you').fill('garden kettle lemon ribbon saddle violin')
  await go.press('Enter')
  await expect(heading).toHaveText('Your way into “Riverside Pain Group”')
  await expect(heading).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('button', { name: 'Save the request file' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByText('The request file is made')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Save the request file again' })).toBeFocused()
  await expectNothingForAxe(page)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Waiting for the welcome from Asha.')).toBeVisible()
  await expect(heading).toBeFocused()
  await page.getByRole('button', { name: 'Stop joining' }).press('Enter')
  await page.getByRole('dialog').getByRole('button', { name: 'Stop joining' }).press('Enter')
  await expect(heading).toHaveText('Join with files')
  await expect(heading).toBeFocused()
  expect(complaints).toEqual([])
})

test('a wrong passphrase says so, and the right one opens', async ({ page }) => {
  await open(page, 'locked')
  await expect(page.getByLabel('Passphrase')).toBeFocused()
  await page.keyboard.type('garden kettle lemon ribbo')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText('That is not the passphrase. Nothing is lost.')
  await expectNothingForAxe(page)
  await picture(page, 'locked-wrong-light')
  await page.getByLabel('Passphrase').fill(' garden kettle lemon ribbon ')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Today')
  await page.getByRole('button', { name: 'Lock now' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Hello, Asha')
})

test('locks after the chosen time without a touch', async ({ page }) => {
  await page.clock.install()
  await open(page, 'today-alone')
  const heading = page.getByRole('heading', { level: 1 })
  await page.clock.fastForward('14:00')
  await page.keyboard.press('Shift')
  await page.clock.fastForward('14:00')
  await expect(heading).toHaveText('Today')
  await page.clock.fastForward('01:30')
  await expect(heading).toHaveText('Hello, Asha')
})

test('a mistyped code is put right before anything is looked for', async ({ page }) => {
  await open(page, 'join-code')
  const code = page.getByLabel('The code')
  await code.pressSequentially('garden ketle ')
  await expect(page.getByText('Word 2, “ketle”')).toBeVisible()
  await picture(page, 'join-code-slip-light')
  await expectNothingForAxe(page)
  await page.getByRole('button', { name: 'Use “kettle”' }).click()
  await expect(code).toHaveValue('garden kettle ')
  await page.getByRole('button', { name: 'Look for the group' }).click()
  await expect(page.getByRole('alert')).toContainText('The code has 6 words. 2 words so far')
  await code.fill('kettle garden lemon ribbon saddle violin')
  await expect(page.getByText('These words do not fit together.')).toBeVisible()
  await code.fill('garden kettle lemon ribbon saddle violin')
  await expect(page.getByText('The words fit together.')).toBeVisible()
  await page.getByRole('button', { name: 'Look for the group' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Looking for the group')
  await page.getByRole('button', { name: 'Stop looking' }).click()
  await expect(page.getByText('You stopped.')).toBeVisible()
  await page.getByRole('button', { name: 'Type a code' }).click()
  // Nothing is typed twice.
  await expect(code).toHaveValue('garden kettle lemon ribbon saddle violin')
})

test('inviting: what they will see, the code, the words, done', async ({ page }) => {
  await open(page, 'people-alone')
  const heading = page.getByRole('heading', { level: 1 })
  await page.getByRole('link', { name: 'Invite a second organiser' }).click()
  await expect(page.getByText('all of the group’s papers')).toBeVisible()
  await page.getByRole('button', { name: 'Make a code' }).click()
  await expect(heading).toHaveText('Give them this code')
  await expect(page.getByText('garden kettle lemon ribbon saddle violin')).toBeVisible()
  await page.getByRole('link', { name: 'People' }).click()
  await page.getByRole('link', { name: 'Go back to it' }).click()
  await page.evaluate(() => {
    const { fake } = window as unknown as { fake: { state: { get(): { group: { inviting: { get(): unknown } } } } } }
    const inviting = fake.state.get().group.inviting.get() as { state: { set(value: unknown): void } }
    inviting.state.set({ step: 'compare-words', name: 'Bob', words: ['anchor', 'butter', 'candle'] })
  })
  await expect(heading).toHaveText('Compare the words')
  await expect(heading).toBeFocused()
  await page.getByRole('button', { name: 'They are the same' }).click()
  await expect(heading).toHaveText('Bob is in')
  await picture(page, 'invite-done-light')
  await page.getByRole('button', { name: 'Go to People' }).click()
  await page.getByRole('link', { name: 'Invite a second organiser' }).click()
  await expect(heading).toHaveText('Invite someone')
})

test('a circle: made, somebody added, and taken out again', async ({ page }) => {
  const complaints = await open(page, 'make-circle')
  const heading = page.getByRole('heading', { level: 1 })
  await expect(page.getByText('So far only you will be able to read')).toBeVisible()
  await expect(page.getByText('Not even the group’s organisers')).toBeVisible()
  await page.getByRole('button', { name: 'Make the circle' }).press('Enter')
  await expect(page.getByRole('alert')).toContainText('Type a name for the circle')
  await page.getByLabel('Name of the circle').fill('Planning group')
  await page.getByLabel('Bob').selectOption({ label: 'Organiser' })
  await expect(page.getByText('You and Bob will be able to read and change')).toBeVisible()
  await expectNothingForAxe(page)
  await picture(page, 'make-circle-filled-light')
  await page.getByRole('button', { name: 'Make the circle' }).press('Enter')
  await expect(heading).toHaveText('Planning group is made')
  await expect(heading).toBeFocused()
  await picture(page, 'make-circle-done-light')
  await page.getByRole('link', { name: 'Go to Planning group' }).press('Enter')

  await page.getByRole('link', { name: 'Add somebody' }).press('Enter')
  await page.getByRole('button', { name: 'Add them' }).press('Enter')
  await expect(page.getByRole('alert')).toContainText('Choose who is to be added')
  await page.getByLabel('Who?').selectOption({ label: 'Dan' })
  await page.getByLabel('Only what is written from today on').press('Space')
  await expect(page.getByText('You, Bob and Dan will be able to read')).toBeVisible()
  await expect(page.getByText('Dan will not be able to read what was written there before')).toBeVisible()
  await expectNothingForAxe(page)
  await picture(page, 'circle-add-filled-light')
  await page.getByRole('button', { name: 'Add Dan' }).press('Enter')
  await expect(heading).toHaveText('Dan is in Planning group')
  await page.getByRole('link', { name: 'Back to Planning group' }).press('Enter')

  await page.getByRole('link', { name: 'More about Dan' }).press('Enter')
  await page.getByRole('link', { name: 'Take Dan out of Planning group' }).press('Enter')
  await expect(page.getByText('What Dan already has stays with them.')).toBeVisible()
  await page.getByRole('link', { name: 'Leave things as they are' }).press('Enter')
  await expect(heading).toHaveText('Dan')
  await page.getByRole('link', { name: 'Take Dan out of Planning group' }).press('Enter')
  await page.getByRole('button', { name: 'Take Dan out' }).press('Enter')
  await expect(heading).toHaveText('Dan is out of Planning group')
  await expect(heading).toBeFocused()
  await picture(page, 'take-out-done-light')
  await page.getByRole('link', { name: 'Back to Planning group' }).press('Enter')
  await expect(page.getByText('You took Dan out.')).toBeVisible()
  expect(complaints).toEqual([])
})

test('a change that came after somebody was taken out is put into the papers only when asked for', async ({ page }) => {
  await open(page, 'circle-planning')
  await page.getByRole('button', { name: 'Put these changes into the papers: those by Dan' }).click()
  const dialog = page.getByRole('dialog', { name: 'Put Dan’s later changes into the papers?' })
  await expect(dialog.getByRole('button', { name: 'Leave them aside' })).toBeFocused()
  await expectNothingForAxe(page)
  await picture(page, 'take-in-light')
  await dialog.getByRole('button', { name: 'Put them into the papers' }).click()
  await expect(page.getByText('changes came from there afterwards')).toBeHidden()
})

test('leaving says what stays, and afterwards so does every page', async ({ page }) => {
  await open(page, 'group-leave')
  await page.getByRole('button', { name: 'Leave Riverside Pain Group' }).press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You have left Riverside Pain Group')
  await page.getByRole('link', { name: 'Go to People' }).press('Enter')
  await expect(page.getByText('You left this group.')).toBeVisible()
  await expect(page.getByText('Everything you had until then stays on this computer')).toBeVisible()
  await page.getByRole('link', { name: 'Join again with a code' }).press('Enter')
  await page.getByLabel('The code').fill('garden kettle lemon ribbon saddle violin')
  await page.getByRole('button', { name: 'Look for the group' }).press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Looking for the group')
  await page.getByRole('button', { name: 'Stop looking' }).press('Enter')
  await page.getByRole('link', { name: 'Back to the start' }).press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('People')
})

test('somebody who was put into a circle is told once', async ({ page }) => {
  await open(page, 'people-circles')
  await expect(page.getByText('Bob put you into Planning group.')).toBeVisible()
  await page.getByRole('link', { name: 'See it' }).press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Planning group')
  await page.getByRole('link', { name: 'Today' }).press('Enter')
  await expect(page.getByText('Bob put you into')).toBeHidden()
})

test('another computer: what it will have, the code, the words, done', async ({ page }) => {
  await open(page, 'add-computer')
  const heading = page.getByRole('heading', { level: 1 })
  await page.getByRole('button', { name: 'Make a code' }).press('Enter')
  await expect(heading).toHaveText('Type this code on your other computer')
  await page.evaluate(() => {
    const { fake } = window as unknown as { fake: { state: { get(): { group: { inviting: { get(): unknown } } } } } }
    const inviting = fake.state.get().group.inviting.get() as { state: { set(value: unknown): void } }
    inviting.state.set({ step: 'compare-words', name: 'Asha', words: ['anchor', 'butter', 'candle'] })
  })
  await expect(page.getByText('Are the same words on your other computer')).toBeVisible()
  await page.getByRole('button', { name: 'They are the same' }).press('Enter')
  await expect(heading).toHaveText('Your other computer is added')
  await picture(page, 'add-computer-done-light')
})

test('help is at hand while locked, and what was typed stays', async ({ page }) => {
  const complaints = await open(page, 'locked')
  await page.getByLabel('Passphrase', { exact: true }).fill('garden kettle')
  await page.getByRole('button', { name: 'Help' }).press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What Teatray protects, and what it does not')
  await expectNothingForAxe(page)
  await picture(page, 'locked-help-light')
  await page.getByRole('button', { name: 'Back' }).press('Enter')
  await expect(page.getByRole('button', { name: 'Help' })).toBeFocused()
  await expect(page).toHaveTitle('Teatray')
  await expect(page.getByLabel('Passphrase', { exact: true })).toHaveValue('garden kettle')
  expect(complaints).toEqual([])
})

test('opening with one press: what it means, on, off, and every sentence where it is not to be', async ({ page }) => {
  const complaints = await open(page, 'safety-one-press-off')
  const heading = page.getByRole('heading', { level: 1 })
  const passphrase = page.getByLabel('Your passphrase', { exact: true })
  const setView = (view: object) =>
    page.evaluate((next) => {
      const { fake } = window as unknown as { fake: { keychain: { set(value: object): void } } }
      fake.keychain.set(next)
    }, view)
  for (const [state, said] of [
    ['weak', 'This computer has no safe enough place'],
    ['unavailable', 'cannot be reached just now'],
  ] as const) {
    await setView({ on: false, state })
    await expect(page.getByText(said)).toBeVisible()
    await expect(page.getByRole('link', { name: 'What it means, and how' })).toBeHidden()
  }
  await setView({ on: false, state: 'strong' })
  await page.getByRole('link', { name: 'What it means, and how' }).press('Enter')
  await expect(heading).toHaveText('Open without the passphrase on this computer')
  await expect(heading).toBeFocused()
  await expect(page.getByText('Whoever can use your account on this computer can open Teatray.')).toBeVisible()
  await page.getByRole('button', { name: 'Switch it on' }).press('Enter')
  await expect(page.getByRole('alert')).toContainText('Type your passphrase')
  for (const [typed, said] of [
    ['weak', 'no safe enough place'],
    ['unavailable', 'try again later'],
    ['changed', 'did not give back what it was given'],
    ['storage-failed', 'Check that the disk is not full'],
    ['something else', 'That is not the passphrase'],
  ] as const) {
    await passphrase.fill(typed)
    await passphrase.press('Enter')
    await expect(page.getByRole('alert')).toContainText(said)
  }
  await expectNothingForAxe(page)
  await picture(page, 'one-press-refused-light')
  await passphrase.fill('garden kettle lemon ribbon')
  await passphrase.press('Enter')
  await expect(heading).toHaveText('Teatray opens with one press now')
  await page.getByRole('link', { name: 'Back to Sync and safety' }).press('Enter')
  for (const [state, said] of [
    ['changed', 'no longer gives back what opens Teatray'],
    ['weak', 'is not safe enough'],
    ['unavailable', 'cannot be reached just now'],
  ] as const) {
    await setView({ on: true, state })
    await expect(page.getByText(said)).toBeVisible()
    await expect(page.getByText('Your passphrase opens Teatray as ever.')).toBeVisible()
  }
  await expectNothingForAxe(page)
  await setView({ on: true, state: 'opens' })
  await page.getByRole('button', { name: 'Always ask for the passphrase' }).click()
  const dialog = page.getByRole('dialog', { name: 'Always ask for the passphrase?' })
  await expect(dialog.getByRole('button', { name: 'Leave it as it is' })).toBeFocused()
  await picture(page, 'one-press-turn-off-light')
  await dialog.getByRole('button', { name: 'Always ask for it' }).click()
  await expect(page.getByRole('link', { name: 'What it means, and how' })).toBeVisible()
  expect(complaints).toEqual([])
})

test('locked: one press opens, with the passphrase beside it; where it does not, it is said', async ({ page }) => {
  const complaints = await open(page, 'locked-one-press')
  const heading = page.getByRole('heading', { level: 1 })
  const passphrase = page.getByLabel('Passphrase', { exact: true })
  await expect(heading).toBeFocused()
  await expect(passphrase).toBeVisible()
  await expect(page.getByRole('button', { name: 'Open with the passphrase' })).toBeVisible()
  await page.evaluate(() => {
    const { fake } = window as unknown as { fake: { keychainFails: { now: boolean } } }
    fake.keychainFails.now = true
  })
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText('no longer gives back what opens Teatray with one press')
  await expect(page.getByRole('alert')).toContainText('Nothing is lost')
  await expect(passphrase).toBeFocused()
  for (const [state, said] of [
    ['weak', 'is not safe enough'],
    ['unavailable', 'cannot be reached just now'],
  ] as const) {
    await page.evaluate((next) => {
      const { fake } = window as unknown as { fake: { keychain: { set(value: object): void } } }
      fake.keychain.set({ on: true, state: next })
    }, state)
    await expect(page.getByText(said)).toBeVisible()
  }
  await expectNothingForAxe(page)
  await page.goto('about:blank')
  await open(page, 'locked-one-press')
  await page.getByRole('button', { name: 'Open', exact: true }).press('Enter')
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible()
  expect(complaints).toEqual([])
})

test('cancelling an invitation asks first, and Escape keeps it', async ({ page }) => {
  await open(page, 'people-three')
  const cancel = page.getByRole('button', { name: 'Cancel the invitation made' })
  await cancel.click()
  const dialog = page.getByRole('dialog', { name: 'Cancel this invitation?' })
  await expect(dialog.getByRole('button', { name: 'Keep it' })).toBeFocused()
  await expectNothingForAxe(page)
  await picture(page, 'cancel-invitation-light')
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(cancel).toBeFocused()
  await cancel.click()
  await dialog.getByRole('button', { name: 'Cancel the invitation' }).click()
  await expect(cancel).toBeHidden()
})

test('the internet needs a meeting place, and a bad address is named', async ({ page }) => {
  await open(page, 'safety')
  await page.getByRole('switch', { name: 'Share with the group over the internet' }).click()
  await expect(page.getByRole('alert')).toContainText('Enter the address of a meeting place first')
  await page.getByLabel('Addresses of the meeting place').fill('http://meet.example.org')
  await page.getByRole('button', { name: 'Save the addresses' }).click()
  await expect(page.getByRole('alert')).toContainText('“http://meet.example.org” does not start with')
  await expectNothingForAxe(page)
  await page.getByLabel('Addresses of the meeting place').fill('wss://meet.example.org')
  await page.getByRole('switch', { name: 'Share with the group over the internet' }).click()
  await expect(page.getByLabel('Share with the group over the internet')).toBeChecked()
  await page.getByRole('switch', { name: 'Be a meeting place' }).click()
  await expect(page.getByText('ws://127.0.0.1:24680')).toBeVisible()
})

test('what left this computer, as a table', async ({ page }) => {
  await open(page, 'sent')
  await page.getByRole('button', { name: 'Show as a table' }).press('Enter')
  const table = page.getByRole('table', { name: 'Yesterday: what left this computer' })
  await expect(table.getByRole('columnheader')).toHaveText(['When', 'To whom', 'How', 'Changes', 'Size'])
  await expect(table.getByRole('row', { name: /to Bob \(Kitchen\)/ })).toContainText('47 KB')
  await expectNothingForAxe(page)
  await picture(page, 'sent-table-light')
  await page.setViewportSize({ width: 320, height: 256 })
  await expectNoSidewaysScrolling(page)
  await picture(page, 'sent-table-400')
})

test('the colours chosen are kept, and forced colours hold', async ({ page }) => {
  await open(page, 'safety')
  await page.getByLabel('Light or dark').selectOption('dark')
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
  const easy = page.getByRole('switch', { name: 'Bigger text and less on the screen' })
  await easy.focus()
  await page.keyboard.press('Space')
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await expect(easy).toBeChecked()
  await expect(page.locator('html')).toHaveCSS('font-size', '20px')
  await expectNothingForAxe(page)
  await picture(page, 'safety-easy-dark')
  await page.getByLabel('Light or dark').selectOption('light')
  await expectNothingForAxe(page)
  await picture(page, 'safety-easy-light')
  await page.setViewportSize({ width: 320, height: 256 })
  await expectNoSidewaysScrolling(page)
  await page.setViewportSize({ width: 1280, height: 720 })
  await easy.focus()
  await page.keyboard.press('Space')
  await expect(page.locator('html')).toHaveCSS('font-size', '16px')
  await page.emulateMedia({ forcedColors: 'active' })
  // The system chooses both colours then; axe compares its text with our background, which is not painted.
  await expectNothingForAxe(page, ['color-contrast'])
  await picture(page, 'safety-forced')
})

test('reopens where the person was, and says so', async ({ page }) => {
  await open(page, 'resumed')
  const heading = page.getByRole('heading', { level: 1 })
  await expect(heading).toHaveText('Invite someone')
  await expect(page.getByText('You were at “Invite someone” last time')).toBeVisible()
  await page.getByRole('link', { name: 'Go to Today instead' }).click()
  await expect(heading).toHaveText('Today')
  await expect(page.getByText('You were at “Invite someone” last time')).toBeHidden()
  await page.getByRole('link', { name: 'Go on with “Invite someone”' }).click()
  await expect(heading).toHaveText('Invite someone')
})

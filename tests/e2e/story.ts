/** What people do in Teatray, one function for each thing, through the screen alone. Labels are the interface's own. */
import { expect, type Locator, type Page } from '@playwright/test'
import type { Installation } from './installation.ts'

export const PASSPHRASE = 'kettle otter window blanket'

export async function setUp({ name, page }: Installation, passphrase = PASSPHRASE): Promise<void> {
  await page.getByLabel('Your name').fill(capitalised(name))
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('checkbox', { name: /written it down/ }).check()
  await page.getByRole('button', { name: 'Finish' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Your group' })).toBeVisible({ timeout: 30_000 })
}

export const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

export async function unlock({ page }: Pick<Installation, 'page'>, passphrase = PASSPHRASE): Promise<void> {
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await page.getByRole('button', { name: 'Open', exact: true }).click()
}

/** What is pressed is sometimes a link and sometimes a button; to the person it is one thing. */
export const action = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('link', { name }).or(page.getByRole('button', { name })).first()

const area = (page: Page, name: string): Locator =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true })

export async function goTo(page: Page, name: 'Today' | 'Papers' | 'People' | 'My notes'): Promise<void> {
  await area(page, name).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name)
}

export async function createGroup({ page }: Installation, groupName: string): Promise<void> {
  await action(page, 'Start a new group').click()
  await page.getByLabel('Name of the group').fill(groupName)
  await page.getByRole('button', { name: 'Start the group' }).click()
  await expect(area(page, 'Papers')).toBeVisible()
}

/** From the list of papers to an open paper made from the terms-of-reference template. */
export async function createTerms({ page }: Installation): Promise<void> {
  await goTo(page, 'Papers')
  await action(page, /^Write (a new|the first) paper/).click()
  await page.getByRole('button', { name: 'Make the paper' }).click()
  await expect(editor(page)).toBeVisible()
}

export const editor = (page: Page): Locator => page.locator('.ProseMirror')

/** The code as shown; the invitation waits from now on. */
export async function invite({ page }: Installation, fromToday = false): Promise<string> {
  await goTo(page, 'People')
  await action(page, /^Invite/).click()
  if (fromToday) await page.getByLabel('Only what is written from today on').check()
  await page.getByRole('button', { name: 'Make a code' }).click()
  const code = page.getByRole('region', { name: 'The code' })
  await expect(code).toBeVisible({ timeout: 20_000 })
  return (await code.innerText()).trim().replaceAll(/\s+/g, ' ')
}

export async function typeCode({ page }: Installation, code: string): Promise<void> {
  await area(page, 'Your group').click()
  await action(page, 'Join with a code').click()
  await page.getByLabel('The code').fill(code)
  await page.getByRole('button', { name: 'Look for the group' }).click()
}

export const shownWords = async (page: Page): Promise<readonly string[]> => {
  await expect(page.getByRole('heading', { name: 'Compare the words' })).toBeVisible({ timeout: 40_000 })
  return page.getByRole('list', { name: 'Words on this screen' }).getByRole('listitem').allInnerTexts()
}

/** Both read their words and agree. */
export async function compareWords(inviter: Installation, joiner: Installation): Promise<readonly string[]> {
  const [theirs, mine] = await Promise.all([shownWords(inviter.page), shownWords(joiner.page)])
  expect(mine).toEqual(theirs)
  expect(mine).toHaveLength(4)
  await joiner.page.getByRole('button', { name: 'They are the same' }).click()
  await inviter.page.getByRole('button', { name: 'They are the same' }).click()
  await expect(joiner.page.getByRole('heading', { name: /^You are in/ })).toBeVisible({ timeout: 30_000 })
  await expect(inviter.page.getByRole('heading', { name: /is in$/ })).toBeVisible({ timeout: 30_000 })
  return mine
}

/** The code that was used. */
export async function join(inviter: Installation, joiner: Installation): Promise<string> {
  const code = await invite(inviter)
  await typeCode(joiner, code)
  await compareWords(inviter, joiner)
  await action(joiner.page, 'Go to Today').click()
  return code
}

/** A code for another computer of one's own, as shown. */
export async function addComputer({ page }: Installation): Promise<string> {
  await goTo(page, 'People')
  await action(page, 'My computers').click()
  await action(page, 'Add another computer').click()
  await page.getByRole('button', { name: 'Make a code' }).click()
  const code = page.getByRole('region', { name: 'The code' })
  await expect(code).toBeVisible({ timeout: 20_000 })
  return (await code.innerText()).trim().replaceAll(/\s+/g, ' ')
}

/** The same person in front of both. */
export async function compareWordsAsOwn(first: Installation, second: Installation): Promise<void> {
  const [theirs, mine] = await Promise.all([shownWords(first.page), shownWords(second.page)])
  expect(mine).toEqual(theirs)
  await second.page.getByRole('button', { name: 'They are the same' }).click()
  await first.page.getByRole('button', { name: 'They are the same' }).click()
  await expect(second.page.getByText('This computer is yours too now')).toBeVisible({ timeout: 40_000 })
  await action(second.page, 'Go to Today').click()
}

/** Of one's own other computers, the only one there is. */
export async function takeOutComputer({ page }: Installation): Promise<void> {
  await goTo(page, 'People')
  await action(page, 'My computers').click()
  const other = page.getByRole('listitem').filter({ hasNotText: 'this computer' })
  await other.getByRole('link', { name: /^Take .* out$/ }).click()
  await page.getByRole('button', { name: /^Take .* out$/ }).click()
  await expect(page.getByRole('heading', { level: 1, name: /is out$/ })).toBeVisible({ timeout: 20_000 })
}

/** The others become members of it. */
export async function makeCircle({ page }: Installation, name: string, others: readonly string[]): Promise<void> {
  await goTo(page, 'People')
  await action(page, 'Make a circle').click()
  await page.getByLabel('Name of the circle').fill(name)
  for (const other of others) await page.getByLabel(other, { exact: true }).selectOption('Member')
  await page.getByRole('button', { name: 'Make the circle' }).click()
  await expect(page.getByRole('heading', { level: 1, name: `${name} is made` })).toBeVisible({ timeout: 20_000 })
}

/** Out of the group, and so of its circles. */
export async function takeOut({ page }: Installation, other: string): Promise<void> {
  await goTo(page, 'People')
  await action(page, `More about ${other}`).click()
  await action(page, `Take ${other} out of`).click()
  await page.getByRole('button', { name: `Take ${other} out` }).click()
  await expect(page.getByRole('heading', { level: 1, name: new RegExp(`^${other} is out of`) })).toBeVisible({
    timeout: 20_000,
  })
}

/** Made from the template of this name, for this circle. */
export async function createPaper({ page }: Installation, template: string, circle: string): Promise<void> {
  await goTo(page, 'Papers')
  await action(page, /^Write (a new|the first) paper/).click()
  await page.getByLabel('Start from').selectOption(template)
  await page.getByLabel('Who is it for?').selectOption(circle)
  await page.getByRole('button', { name: 'Make the paper' }).click()
  await expect(editor(page)).toBeVisible()
}

/** For the whole group, with nothing in it. */
export async function createEmptyPaper({ page }: Pick<Installation, 'page'>, title: string): Promise<void> {
  await goTo(page, 'Papers')
  await action(page, /^Write (a new|the first) paper/).click()
  await page.getByLabel('Start from').selectOption('An empty page')
  await page.getByLabel('Name of the paper').fill(title)
  await page.getByRole('button', { name: 'Make the paper' }).click()
  await expect(editor(page)).toBeVisible()
}

export async function openPaper({ page }: Installation, title: string | RegExp): Promise<void> {
  await goTo(page, 'Papers')
  await page.getByRole('link', { name: title }).first().click({ timeout: 40_000 })
  await expect(editor(page)).toBeVisible()
}

export const TERMS = 'Terms of reference'

export const footer = (page: Page): Locator => page.getByRole('contentinfo')

/** The footer says so, and it must be true. */
export const everythingShared = ({ page }: Installation, other: string): Promise<void> =>
  expect(footer(page)).toContainText(`All saved here. ${other} has everything.`, { timeout: 60_000 })

/** Types at the start or the end of a line of the paragraph that holds `words`, as a person would: click, Home or End, type. */
export async function typeInParagraph(
  { page }: Installation,
  words: string,
  where: 'start' | 'end',
  text: string,
): Promise<void> {
  const paragraph = editor(page).locator('p', { hasText: words })
  await paragraph.click()
  await page.keyboard.press(where === 'start' ? 'Home' : 'End')
  await page.keyboard.type(text, { delay: 15 })
}

/** Switches the LAN off and the internet on, with this one meeting place. */
export async function meetOverInternet(
  { page }: Installation,
  address: string,
  { isMeetingPlace = false }: { readonly isMeetingPlace?: boolean } = {},
): Promise<void> {
  await page.getByRole('link', { name: 'Sync and safety' }).click()
  if (isMeetingPlace) {
    await page.getByRole('switch', { name: 'Be a meeting place' }).click()
    await page.getByRole('switch', { name: 'Let other computers on this network use it' }).click()
    await expect(page.getByText(address)).toBeVisible()
  }
  await page.getByRole('switch', { name: 'Share with the group on this network' }).click()
  await page.getByLabel('Addresses of the meeting place').fill(address)
  await page.getByRole('button', { name: 'Save the addresses' }).click()
  await page.getByRole('switch', { name: 'Share with the group over the internet' }).click()
}

/** Pictures of the steps, numbered in the order they were taken; some of them are the README's too. */
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Installation } from '../e2e/installation.ts'

export interface Pictures {
  /** `step` in small letters and hyphens. `readme`: a name under which the README shows it. */
  take(person: Installation, step: string, readme?: string): Promise<void>
  count(): number
}

export function takePictures(folder: string, readmeFolder: string): Pictures {
  let taken = 0
  return {
    async take({ name, page }, step, readme) {
      taken += 1
      const path = join(folder, `${String(taken).padStart(2, '0')}-${name}-${step}.png`)
      // A blinking caret would make each run's pictures different.
      await page.screenshot({ path, animations: 'disabled', caret: 'hide' })
      if (readme === undefined || readmeFolder === '') return
      mkdirSync(readmeFolder, { recursive: true })
      copyFileSync(path, join(readmeFolder, `${readme}.png`))
    },
    count: () => taken,
  }
}

/** Both screens in one picture, each half as wide as the window is. */
export async function sideBySide(people: readonly Installation[], path: string): Promise<void> {
  const halves: string[] = []
  for (const { page } of people) {
    const size = page.viewportSize() ?? { width: 1280, height: 800 }
    await page.setViewportSize({ width: size.width / 2, height: size.height })
    const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' })
    halves.push(`<img alt="" src="data:image/png;base64,${picture.toString('base64')}">`)
    await page.setViewportSize(size)
  }
  const sheet = await people[0]?.context.newPage()
  if (sheet === undefined) return
  await sheet.setContent(`<body style="margin:0;display:flex">${halves.join('')}</body>`)
  await sheet.screenshot({ path })
  await sheet.close()
}

/** What every worker of a run needs and takes seconds to build: the first that comes makes it, the others wait for it. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const ROOT = resolve(import.meta.dirname, '../..')
const NAME = 'TEATRAY_MADE_ONCE'

/** Playwright's global set-up: the folder of this run, which workers hear of through the environment; returns the way to remove it. */
export default function makeFolder(): () => void {
  const folder = mkdtempSync(join(ROOT, 'out-with-tap-'))
  process.env[NAME] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}

const isFirst = (folder: string): boolean => {
  try {
    mkdirSync(folder)
    return true
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw thrown
  }
}

/** A folder of this name with what `make` put there. */
export async function madeOnce(name: string, make: (folder: string) => Promise<unknown>): Promise<string> {
  const run = process.env[NAME]
  if (run === undefined) throw new Error(`${NAME} is not set: is globalSetup in the configuration?`)
  const folder = join(run, name)
  const [done, failed] = [`${folder}.done`, `${folder}.failed`]
  if (isFirst(folder)) {
    try {
      await make(folder)
      mkdirSync(done)
    } catch (thrown) {
      mkdirSync(failed)
      throw thrown
    }
  }
  // The time a test may take ends this, too.
  while (!existsSync(done)) {
    if (existsSync(failed)) throw new Error(`${name} could not be made; the first test that needed it says why`)
    await pause(100)
  }
  return folder
}

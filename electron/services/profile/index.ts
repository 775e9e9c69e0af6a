/**
 * The folder of one installation. `installation.json` in it says which host the installation lives in, because everything
 * the window stores belongs to its origin: opened by the other host, or at another port, it would look empty.
 */
import { randomBytes, randomInt } from 'node:crypto'
import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { type Result, describeThrown, fail, ok } from '../../../shared/base/errors.ts'

export const INSTALLATION_FILE = 'installation.json'
const FIRST_PORT = 20_000
const LAST_PORT = 30_000

const installation = v.variant('kind', [
  v.object({
    version: v.literal(1),
    kind: v.literal('browser'),
    /** The port in the origin of everything the window stores: never changed. */
    port: v.pipe(v.number(), v.integer(), v.minValue(FIRST_PORT), v.maxValue(LAST_PORT)),
    /** Proves to a running host that a second start has the same profile. 64 hexadecimal digits. */
    secret: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  }),
  v.object({ version: v.literal(1), kind: v.literal('electron') }),
])

export type Installation = v.InferOutput<typeof installation>
export type BrowserInstallation = Extract<Installation, { kind: 'browser' }>

export const drawPort = (): number => randomInt(FIRST_PORT, LAST_PORT + 1)

export const newBrowserInstallation = (port: number): BrowserInstallation => ({
  version: 1,
  kind: 'browser',
  port,
  secret: randomBytes(32).toString('hex'),
})

/** Makes the folder where it is missing, for this person alone. */
export async function prepareProfile(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
}

/** 'profile-new': nothing there yet. 'profile-unreadable': there, but not to be trusted; nothing may be written over it. */
export async function readInstallation(
  directory: string,
): Promise<Result<Installation, 'profile-new' | 'profile-unreadable'>> {
  try {
    const parsed = v.safeParse(installation, JSON.parse(await readFile(join(directory, INSTALLATION_FILE), 'utf8')))
    return parsed.success ? ok(parsed.output) : fail('profile-unreadable', parsed.issues[0].message)
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return fail('profile-new')
    return fail('profile-unreadable', describeThrown(thrown))
  }
}

/**
 * Writes the file once and for all. 'profile-taken': another start was first. The file appears whole or not at all, since
 * half a file would cut the installation off from its own data.
 */
export async function keepInstallation(
  directory: string,
  value: Installation,
): Promise<Result<undefined, 'profile-taken'>> {
  const temporary = join(directory, `${INSTALLATION_FILE}.${randomBytes(6).toString('hex')}`)
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(value)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await link(temporary, join(directory, INSTALLATION_FILE))
    return ok(undefined)
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return fail('profile-taken')
    throw thrown
  } finally {
    await rm(temporary, { force: true })
  }
}

/** The person's choice, kept with the profile. */
import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { type Result, describeThrown, fail, ok } from '../../../shared/base/errors.ts'

export const SIGNALING_FILE = 'signaling.json'

const settings = v.object({
  version: v.literal(1),
  enabled: v.boolean(),
  port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)),
  lan: v.boolean(),
})

export type SignalingSettings = v.InferOutput<typeof settings>

/** 'none': nothing was ever chosen. 'unreadable': there, but not of this shape. */
export async function readSettings(directory: string): Promise<Result<SignalingSettings, 'none' | 'unreadable'>> {
  try {
    const parsed = v.safeParse(settings, JSON.parse(await readFile(join(directory, SIGNALING_FILE), 'utf8')))
    return parsed.success ? ok(parsed.output) : fail('unreadable', parsed.issues[0].message)
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return fail('none')
    return fail('unreadable', describeThrown(thrown))
  }
}

/** Whole or not at all: a temporary file, flushed, then renamed over the old one. */
export async function writeSettings(directory: string, value: SignalingSettings): Promise<void> {
  const path = join(directory, SIGNALING_FILE)
  const temporary = `${path}.${process.pid}.tmp`
  try {
    const file = await open(temporary, 'w', 0o600)
    try {
      await file.writeFile(`${JSON.stringify(value)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (thrown) {
    await rm(temporary, { force: true })
    throw thrown
  }
}

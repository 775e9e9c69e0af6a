/**
 * A backup of every version that was ever released must come back for ever. A sample is never changed. A new format adds one:
 * TEATRAY_WRITE_SAMPLES=1 npx vitest run --project unit renderer/backup/sample.test.ts
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { backUp, expectWhole, forgetAll, restore, setUp } from '../../tests/fixtures/backup-installation.ts'

const folder = resolve(import.meta.dirname, '../../tests/fixtures/backup')
const NEWEST = 'version-1.teatray-backup'

if (process.env['TEATRAY_WRITE_SAMPLES'] === '1' && !existsSync(resolve(folder, NEWEST))) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(resolve(folder, NEWEST), await backUp(await setUp()), { flag: 'wx' })
  await forgetAll()
}

describe.each([NEWEST])('the backup %s', (name) => {
  it('opens with its passphrase and brings back all of it', async () => {
    const restored = await restore(new Uint8Array(readFileSync(resolve(folder, name))))
    expect(restored.ok).toBe(true)
    await expectWhole()
    await forgetAll()
  }, 60_000)
})

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { writeBrowserSettings } from './browser-settings.ts'

const folders: string[] = []
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'browser-settings-'))
  folders.push(made)
  return made
}
afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true })
})

test('before its first start the browser is told to keep no passphrase and no words of forms', () => {
  const made = folder()
  writeBrowserSettings(made)
  const file = join(made, 'Default/Preferences')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    credentials_enable_service: false,
    autofill: { profile_enabled: false },
  })
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('what the browser has written since is left alone', () => {
  const made = folder()
  writeBrowserSettings(made)
  writeFileSync(join(made, 'Default/Preferences'), '{"own":1}')
  writeBrowserSettings(made)
  expect(readFileSync(join(made, 'Default/Preferences'), 'utf8')).toBe('{"own":1}')
})

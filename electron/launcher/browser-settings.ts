/**
 * Settings of the browser that shows the window, in the folder that is its own: it keeps no passphrase, no words of a form and no
 * list of visited pages, which it would write to the disk in clear. Names are those of Chromium's preference files
 * (components/*_pref_names).
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const SETTINGS = {
  credentials_enable_service: false,
  credentials_enable_autosignin: false,
  profile: { password_manager_enabled: false, password_manager_leak_detection: false },
  autofill: { profile_enabled: false, credit_card_enabled: false },
  search: { suggest_enabled: false },
  // 5: nothing of the last time is opened again.
  session: { restore_on_startup: 5 },
}

/** Before the browser's first start; what it or the person has set since is left alone. */
export function writeBrowserSettings(userDataDirectory: string): void {
  const folder = join(userDataDirectory, 'Default')
  const file = join(folder, 'Preferences')
  if (existsSync(file)) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, JSON.stringify(SETTINGS), { mode: 0o600 })
}

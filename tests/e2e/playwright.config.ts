import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig } from '@playwright/test'
import { electronProgram } from '../../electron/launcher/choose-host.mjs'
import { CHROMIUM_FLAGS } from '../browser/chromium.ts'
import { electronProjects, type HostOption } from './electron-project.ts'

const DEBIAN = '/usr/bin/chromium'
const executablePath = process.env['TEATRAY_CHROMIUM'] ?? (existsSync(DEBIAN) ? DEBIAN : undefined)

export default defineConfig<HostOption>({
  testDir: import.meta.dirname,
  globalSetup: resolve(import.meta.dirname, 'made-once.ts'),
  outputDir: resolve(import.meta.dirname, '../../test-results'),
  // Much of an end-to-end test is waiting for the other computer, so three go side by side on two cores.
  workers: 3,
  fullyParallel: true,
  // On a busy machine a key can come before the caret has moved. A second try is reported as flaky, not hidden.
  retries: process.env['CI'] === undefined ? 0 : 1,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: 'list',
  use: {
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [...CHROMIUM_FLAGS],
    },
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'screens', testMatch: 'screens.spec.ts' },
    { name: 'e2e', testIgnore: 'screens.spec.ts' },
    ...electronProjects(
      electronProgram(resolve(import.meta.dirname, '../..')),
      process.env['TEATRAY_REQUIRE_ELECTRON'] === '1',
    ),
  ],
})

import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: import.meta.dirname,
  outputDir: join(tmpdir(), 'teatray-faults-output'),
  // One after the other: how long it takes to reopen would say nothing otherwise.
  workers: 1,
  timeout: 1_800_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
})

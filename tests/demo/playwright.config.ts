import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: import.meta.dirname,
  // Its contents are removed when a run begins; the demo's own files go where run.mjs says.
  outputDir: join(tmpdir(), 'teatray-demo-output'),
  workers: 1,
  timeout: 300_000,
  expect: { timeout: 20_000 },
  reporter: 'list',
})

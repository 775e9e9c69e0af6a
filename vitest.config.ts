import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

const alias = {
  // Any real `electron` import in Node would start a download of its binary.
  electron: resolve(import.meta.dirname, 'tests/electron-stand-in.ts'),
}

export default defineConfig({
  resolve: { alias },
  test: {
    // Vitest would leave one of two cores to others.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            '{shared,electron,renderer,resources}/**/*.test.{ts,tsx}',
            'tests/{architecture,vectors,fuzz,failures}/**/*.test.ts',
          ],
          // A busy machine is no failure; how fast things are is measured in tests/bench.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'contracts',
          include: ['tests/contracts/**/*.test.ts'],
          testTimeout: 60_000,
          // Real sockets, browsers and clocks on a busy machine. A second try is reported as such, not hidden.
          retry: process.env['CI'] === undefined ? 0 : 1,
        },
      },
      { extends: true, test: { name: 'simulation', include: ['tests/simulation/**/*.test.ts'], testTimeout: 900_000 } },
    ],
  },
})

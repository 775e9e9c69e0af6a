import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

/** Where the build goes; end-to-end tests make one of their own elsewhere. */
const OUT = process.env['TEATRAY_OUT'] ?? 'out'

const here = (path: string) => resolve(import.meta.dirname, path)

export default defineConfig({
  main: {
    build: {
      outDir: `${OUT}/main`,
      // electron-vite's default follows Electron's Node and breaks the browser host on Node 20.
      target: 'node20',
      rollupOptions: {
        input: {
          main: here('electron/main.ts'),
          'node-main': here('electron/node-main.ts'),
          signaling: here('electron/signaling-main.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      outDir: `${OUT}/preload`,
      externalizeDeps: false,
      // A sandboxed preload cannot load .mjs.
      rollupOptions: {
        input: { preload: here('electron/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: here('renderer'),
    plugins: [react()],
    build: {
      outDir: here(`${OUT}/renderer`),
      emptyOutDir: true,
      target: 'chrome120',
      minify: true,
      rollupOptions: { input: here('renderer/index.html') },
    },
  },
})

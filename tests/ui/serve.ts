/** Builds pages for tests, once in a run, and serves them with the browser host's own headers. */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { basename, dirname, extname, join, resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { securityHeaders } from '../../electron/services/pages/index.ts'
import { madeOnce } from '../e2e/made-once.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

export interface Served {
  readonly url: string
  close(): Promise<void>
}

const buildPages = (root: string, pages: readonly string[], outDir: string) =>
  build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [react()],
    build: {
      rollupOptions: { input: pages.map((name) => join(root, name)) },
      outDir,
      emptyOutDir: true,
      target: 'chrome120',
      chunkSizeWarningLimit: 5000,
    },
  })

/** `root`: a folder with the pages named. The first is the one at '/'. */
export async function serveHarness(root: string, pages: readonly string[] = ['index.html']): Promise<Served> {
  const folder = await madeOnce(`${basename(dirname(root))}-${basename(root)}`, (outDir) =>
    buildPages(root, pages, outDir),
  )
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const file = resolve(folder, `.${path === '/' ? `/${pages[0] ?? ''}` : path}`)
    readFile(file).then(
      (bytes) => {
        for (const [name, value] of Object.entries(securityHeaders([]))) response.setHeader(name, value)
        response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream')
        // What is built has its hash in its name; from its cache the browser takes it compiled.
        if (path.startsWith('/assets/')) response.setHeader('cache-control', 'max-age=31536000, immutable')
        response.end(bytes)
      },
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}/`,
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

/** The built pages of the window, with the headers that both hosts send: one place, so that neither can drift. */
import { readFile } from 'node:fs/promises'
import { extname, join, resolve, sep } from 'node:path'

export interface Page {
  readonly status: 200 | 403 | 404
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
}

/** `path` is the undecoded path of the request, without its query. */
export type Pages = (path: string) => Promise<Page>

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
}

/** `connectSources`: what the page may connect to besides its own host. */
export const contentSecurityPolicy = (connectSources: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    ['connect-src', "'self'", ...connectSources].join(' '),
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ')

export const securityHeaders = (connectSources: readonly string[]): Readonly<Record<string, string>> => ({
  'content-security-policy': contentSecurityPolicy(connectSources),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
})

/** The file a request means, or undefined where it reaches for anything outside `directory`. */
export function fileFor(directory: string, path: string): string | undefined {
  let decoded: string
  try {
    decoded = decodeURIComponent(path)
  } catch {
    return undefined
  }
  const steps = decoded.split('/')
  if (/[\\\0:]/.test(decoded) || steps.includes('..')) return undefined
  // The window's own routes have no file: they all begin at index.html.
  const isRoute = extname(steps.at(-1) ?? '') === ''
  const file = resolve(directory, isRoute ? 'index.html' : join('.', decoded))
  return file.startsWith(resolve(directory) + sep) ? file : undefined
}

export function createPages(directory: string, connectSources: readonly string[] = []): Pages {
  const secure = securityHeaders(connectSources)
  const sentence = (status: 403 | 404, text: string): Page => ({
    status,
    headers: { ...secure, 'content-type': 'text/plain; charset=utf-8' },
    body: new TextEncoder().encode(text),
  })
  return async (path) => {
    const file = fileFor(directory, path)
    if (file === undefined) return sentence(403, 'This address is not part of Teatray.')
    try {
      const body = new Uint8Array(await readFile(file))
      const type = TYPES[extname(file)] ?? 'application/octet-stream'
      return { status: 200, headers: { ...secure, 'content-type': type }, body }
    } catch (thrown) {
      if (isMissing(thrown)) return sentence(404, 'There is no such page.')
      throw thrown
    }
  }
}

const isMissing = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'EISDIR')

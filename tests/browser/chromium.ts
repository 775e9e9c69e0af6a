import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const DEBIAN = '/usr/bin/chromium'

/** Quiet: nothing of the browser's own goes out. As root there is no sandbox to be had. */
export const CHROMIUM_FLAGS: readonly string[] = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

export interface ChromiumOptions {
  /** Runs in place of the browser found; a script that ends in `exec chromium "$@"` puts it in a network namespace. */
  readonly executablePath?: string
}

/** The browser named by TEATRAY_CHROMIUM, else Debian's, else the one Playwright installed. Headless. */
export function launchChromium({ executablePath }: ChromiumOptions = {}): Promise<Browser> {
  const path = executablePath ?? process.env['TEATRAY_CHROMIUM'] ?? (existsSync(DEBIAN) ? DEBIAN : undefined)
  return chromium.launch({
    args: [...CHROMIUM_FLAGS],
    ...(path === undefined ? { channel: 'chromium' } : { executablePath: path }),
  })
}

import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'

const DEBIAN = '/usr/bin/chromium'

/**
 * Of several --disable-features Chromium takes the last alone, so Playwright's own (its chromiumSwitches) stand here again, but
 * for those of other systems and browsers.
 */
const SWITCHED_OFF = [
  // Pages that Chromium loads for its address bar with every window, and the product's window has none: half of what a window costs.
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
]

/** Quiet: nothing of the browser's own goes out. As root there is no sandbox to be had. */
export const CHROMIUM_FLAGS: readonly string[] = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  `--disable-features=${SWITCHED_OFF.join(',')}`,
]

export interface ChromiumOptions {
  /** Runs in place of the browser found. */
  readonly executablePath?: string
}

const installed = (): string | undefined => process.env['TEATRAY_CHROMIUM'] ?? (existsSync(DEBIAN) ? DEBIAN : undefined)

/** The browser named by TEATRAY_CHROMIUM, else Debian's, else the one Playwright installed. Headless. */
export function launchChromium({ executablePath }: ChromiumOptions = {}): Promise<Browser> {
  const path = executablePath ?? installed()
  return chromium.launch({
    args: [...CHROMIUM_FLAGS],
    ...(path === undefined ? { channel: 'chromium' } : { executablePath: path }),
  })
}

/** Writes, into `folder`, a program that runs the browser inside a network namespace, to be given as executablePath. */
export async function chromiumInNamespace(namespace: string, folder: string): Promise<string> {
  const script = join(folder, `chromium-${namespace}`)
  const program = installed() ?? chromium.executablePath()
  await writeFile(script, `#!/bin/sh\nexec ip netns exec ${namespace} ${program} "$@"\n`, { mode: 0o755 })
  return script
}

/** The Electron window as a project of its own, beside the browser's. */
import type { Project } from '@playwright/test'
import type { HostKind } from './installation.ts'

export interface HostOption {
  /** What people's installations run in. */
  readonly host: HostKind
}

/** Playwright reaches Electron through loopback ports, so these must do without network namespaces. */
const SPECS: readonly string[] = ['joining.spec.ts', 'kill.spec.ts']

/** `program`: Electron's, where there is one. Throws where it is `required` and missing. */
export function electronProjects(program: string | undefined, required: boolean): readonly Project<HostOption>[] {
  if (program !== undefined) return [{ name: 'electron', testMatch: [...SPECS], use: { host: 'electron' } }]
  if (!required) return []
  throw new Error('TEATRAY_REQUIRE_ELECTRON is set, and Electron is not here: node node_modules/electron/install.js')
}

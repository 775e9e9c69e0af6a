/**
 * People for end-to-end tests: `alice`, `bob`, `cara` (and `dan`), each with an installation of their own, on computers of one network
 * without a way to the internet (network namespaces). Where namespaces cannot be made, and in Electron, they share this computer.
 */
import { test as base } from '@playwright/test'
import { createLan, whyNoNamespaces, type Lan } from '../netns/namespaces.ts'
import type { HostOption } from './electron-project.ts'
import {
  newProfile,
  removeProfile,
  startInstallation,
  type Installation,
  type InstallationOptions,
} from './installation.ts'

/** `laptop` is a second computer of whoever has one. */
export type Name = 'alice' | 'bob' | 'cara' | 'dan' | 'laptop'
const NAMES: readonly Name[] = ['alice', 'bob', 'cara', 'dan', 'laptop']

export interface People {
  /** Undefined where namespaces cannot be made or used. */
  readonly lan: Lan | undefined
  /** Starts (or, after a kill, starts again) that person's installation. */
  start(name: Name, options?: Partial<InstallationOptions>): Promise<Installation>
  /** Pulls that person's cable or puts it back. */
  setCable(name: Name, plugged: boolean): void
  /** That person's computer on the network. */
  address(name: Name): string
}

interface Fixtures extends HostOption {
  readonly people: People
  readonly alice: Installation
  readonly bob: Installation
  readonly cara: Installation
}

export const test = base.extend<Fixtures>({
  host: ['browser', { option: true }],
  people: async ({ host }, use, testInfo) => {
    const lan = host === 'browser' && whyNoNamespaces() === '' ? createLan(NAMES.length) : undefined
    const profiles = new Map<Name, string>()
    const running: Installation[] = []
    const machine = (name: Name) => lan?.machines[NAMES.indexOf(name)]
    await use({
      lan,
      address: (name) => machine(name)?.address ?? '127.0.0.1',
      setCable(name, plugged) {
        machine(name)?.setCable(plugged)
      },
      async start(name, options) {
        const profile = options?.profile ?? profiles.get(name) ?? newProfile(name)
        profiles.set(name, profile)
        const namespace = machine(name)?.namespace
        const installation = await startInstallation({
          name,
          profile,
          host,
          ...(namespace === undefined ? { environment: { TEATRAY_LAN_LOOPBACK: '1' } } : { namespace }),
          ...options,
        })
        running.push(installation)
        return installation
      },
    })
    for (const { name, page } of running) {
      if (testInfo.status === testInfo.expectedStatus || page.isClosed()) continue
      await testInfo.attach(`${name}.png`, { body: await page.screenshot(), contentType: 'image/png' })
    }
    for (const installation of running) {
      if (testInfo.status !== testInfo.expectedStatus) process.stderr.write(installation.hostLog())
      await installation.close()
    }
    lan?.close()
    for (const profile of profiles.values()) removeProfile(profile)
  },
  alice: async ({ people }, use) => use(await people.start('alice')),
  bob: async ({ people }, use) => use(await people.start('bob')),
  cara: async ({ people }, use) => use(await people.start('cara')),
})

export { expect } from '@playwright/test'

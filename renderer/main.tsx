/** Composition root: the only file that may know every room. */
import { systemClock } from '../shared/base/clock.ts'
import { describeThrown } from '../shared/base/errors.ts'
import { defaultSigner } from '../shared/crypto/sign.ts'
import { openChannel } from '../shared/sync/open-channel.ts'
import type { AppSession } from '../shared/model/contexts.ts'
import { mountApp } from './app/mount.tsx'
import { acquireWindowLock } from './at-rest/window-lock.ts'
import { connectHost } from './host/index.ts'
import { startSession } from './session/app-session.ts'
import { otherWindow } from './session/other-window.ts'
import { tapped } from './session/tap.ts'
import { STORE_NAME } from './store/store.ts'

const log = (line: string): void => console.warn(line)

async function start(): Promise<void> {
  const element = document.getElementById('root')
  if (element === null) throw new Error('index.html has no #root')
  mountApp(element, (await acquireWindowLock(STORE_NAME)) === undefined ? otherWindow() : await openSession())
}

const openSession = async (): Promise<AppSession> =>
  startSession({
    host: await connectHost(),
    clock: systemClock,
    signer: await defaultSigner(),
    // Only the build that end-to-end tests make for themselves has a tap; the product's has none (tests/packaging).
    ...(import.meta.env.MODE === 'tap' ? tapped(openChannel) : { openChannel }),
    log,
  })

start().catch((thrown: unknown) => {
  log(describeThrown(thrown))
  const notice = document.createElement('p')
  notice.textContent = 'Teatray could not start. Nothing was changed. Please close this window and start Teatray again.'
  document.body.append(notice)
})

/** Composition root: the only file that may know every room. */
import { systemClock } from '../shared/base/clock.ts'
import { describeThrown } from '../shared/base/errors.ts'
import { defaultSigner } from '../shared/crypto/sign.ts'
import { openChannel } from '../shared/sync/open-channel.ts'
import { mountApp } from './app/mount.tsx'
import { connectHost } from './host/index.ts'
import { startSession } from './session/app-session.ts'
import { tapped } from './session/tap.ts'

const log = (line: string): void => console.warn(line)

async function start(): Promise<void> {
  const element = document.getElementById('root')
  if (element === null) throw new Error('index.html has no #root')
  const session = await startSession({
    host: await connectHost(),
    clock: systemClock,
    signer: await defaultSigner(),
    // Only the build that end-to-end tests make for themselves has a tap; the product's has none (tests/packaging).
    ...(import.meta.env.MODE === 'tap' ? tapped(openChannel) : { openChannel }),
    log,
  })
  mountApp(element, session)
}

start().catch((thrown: unknown) => {
  log(describeThrown(thrown))
  const notice = document.createElement('p')
  notice.textContent = 'Teatray could not start. Nothing was changed. Please close this window and start Teatray again.'
  document.body.append(notice)
})

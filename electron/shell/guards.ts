/** What no page may do, whatever it holds: leave, open windows, embed others, or ask the system for anything. */
import type { Session, WebContents } from 'electron'
import { describeThrown } from '../../shared/base/errors.ts'
import type { Electron } from './electron.ts'
import { isOpenable, isOwn } from './origin.ts'

type Log = (line: string) => void

export function guardContents(contents: WebContents, { shell }: Pick<Electron, 'shell'>, log: Log): void {
  const stay = (event: { preventDefault(): void; readonly url: string }): void => {
    if (isOwn(event.url)) return
    event.preventDefault()
    log('window: a page tried to go elsewhere')
  }
  contents.on('will-navigate', stay)
  contents.on('will-frame-navigate', stay)
  contents.on('will-redirect', stay)
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    if (isOpenable(url)) {
      shell.openExternal(url).catch((thrown: unknown) => log(`link: could not be opened: ${describeThrown(thrown)}`))
    }
    return { action: 'deny' }
  })
}

/**
 * Asked for, and given to our own page. The network ones only let the page reach its host's relay on loopback and the
 * group's other computers; the policy of the page (connect-src) still says which.
 */
const GRANTED: readonly string[] = [
  'clipboard-sanitized-write',
  'persistent-storage',
  'local-network',
  'local-network-access',
  'loopback-network',
]

/**
 * 'media' is answered yes when it is only looked up and no when it is asked for: without the yes, Chromium hides every
 * local address and two computers on a network without internet cannot connect; nothing is ever captured.
 */
const LOOKED_UP: readonly string[] = [...GRANTED, 'media']

export function guardPermissions(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer) => {
    answer(GRANTED.includes(permission) && isOwn(contents.getURL()))
  })
  session.setPermissionCheckHandler((_contents, permission, origin) => LOOKED_UP.includes(permission) && isOwn(origin))
  session.setDevicePermissionHandler(() => false)
}

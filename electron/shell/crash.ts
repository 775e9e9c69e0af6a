/** A page that crashed comes back by itself, but not for ever: a page that crashes at every start would spin. */
import type { BrowserWindow } from 'electron'
import type { Clock } from '../../shared/base/clock.ts'

export const MAX_RELOADS = 3
/** Milliseconds within which MAX_RELOADS are counted. */
export const RELOAD_WINDOW = 5 * 60_000

export function reloadAfterCrash(
  window: Pick<BrowserWindow, 'reload' | 'webContents'>,
  clock: Clock,
  log: (line: string) => void,
  giveUp: () => void,
): void {
  let reloads: readonly number[] = []
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return
    log(`window: the page stopped (${reason})`)
    const now = clock.now()
    reloads = reloads.filter((time) => now - time < RELOAD_WINDOW)
    if (reloads.length >= MAX_RELOADS) return giveUp()
    reloads = [...reloads, now]
    window.reload()
  })
}

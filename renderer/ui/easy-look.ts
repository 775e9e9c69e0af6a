/** Bigger text and less on the screen, for as long as a person wants it so. */
import { useLayoutEffect } from 'react'
import { describeThrown } from '../../shared/base/errors.ts'
import { createLive } from '../../shared/base/live.ts'
import { useLive } from './use-live.ts'

// Like the colours: how the window looks says nothing about the group, so it may stand unsealed.
const KEY = 'teatray-easy-look'

const easyLook = createLive('document' in globalThis && localStorage.getItem(KEY) === 'on')

/** Once, around everything. */
export function useAppliedEasyLook(): void {
  const on = useLive(easyLook)
  useLayoutEffect(() => {
    document.documentElement.toggleAttribute('data-easy', on)
  }, [on])
}

export function useEasyLook(): { readonly on: boolean; readonly choose: (on: boolean) => void } {
  return {
    on: useLive(easyLook),
    choose(on) {
      easyLook.set(on)
      try {
        localStorage.setItem(KEY, on ? 'on' : 'off')
      } catch (thrown) {
        // A full disk: it looks so until Teatray is closed.
        console.warn('easy look', describeThrown(thrown))
      }
    },
  }
}

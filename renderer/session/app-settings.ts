/** What the person chose for this computer, and the meeting place that its host may be. */
import { describeThrown, fail, ok } from '../../shared/base/errors.ts'
import { createLive } from '../../shared/base/live.ts'
import type { HostClient } from '../../shared/host/rpc.ts'
import type { AppSession, AppSettings, Live, SignalingView } from '../../shared/model/contexts.ts'
import type { Store } from '../store/store.ts'
import { defaultSettings, encodeSettings, SETTINGS_VALUE } from './settings.ts'

export interface ChosenSettings extends Pick<AppSession, 'changeSettings' | 'setSignalingServer'> {
  readonly settings: Live<AppSettings>
  readonly signaling: Live<SignalingView | undefined>
  /** As they were found in the store that was opened. */
  take(stored: AppSettings): void
}

export function chosenSettings(options: {
  readonly host: HostClient
  /** Undefined while locked. */
  readonly store: () => Store | undefined
  readonly log: (line: string) => void
}): ChosenSettings {
  const { signaling: port } = options.host.ports
  const settings = createLive<AppSettings>(defaultSettings)
  const signaling = createLive<SignalingView | undefined>(undefined)
  // The first screen need not wait for it.
  void port.serverStatus().then(
    (status) => signaling.set(status),
    (thrown: unknown) => options.log(`signalling: ${describeThrown(thrown)}`),
  )
  return {
    settings,
    signaling,
    take: (stored) => settings.set(stored),
    async changeSettings(change) {
      const store = options.store()
      if (store === undefined) return fail('storage-failed', 'locked')
      const before = settings.get()
      const next = { ...before, ...change }
      // At once, so that a second change made meanwhile starts from this one.
      settings.set(next)
      try {
        await store.setValue(SETTINGS_VALUE, encodeSettings(next))
      } catch (thrown) {
        if (settings.get() === next) settings.set(before)
        return fail('storage-failed', describeThrown(thrown))
      }
      return ok(undefined)
    },
    async setSignalingServer(request) {
      const before = signaling.get()
      // At once, so that a second switch moved meanwhile starts from this one.
      const asked = before === undefined ? undefined : { ...before, ...request }
      signaling.set(asked)
      try {
        const status = await port.setServer(request)
        if (signaling.get() === asked) signaling.set(status)
      } catch (thrown) {
        if (signaling.get() === asked) signaling.set(before)
        throw thrown
      }
    },
  }
}

/** Opening without the passphrase, as the screens see it: the keyring's wrapper, and what the host's system keeps for it. */
import type { Bytes } from '../../shared/base/bytes.ts'
import { fail, ok, type Result } from '../../shared/base/errors.ts'
import { createLive } from '../../shared/base/live.ts'
import { toHostError } from '../../shared/host/errors.ts'
import type { HostPorts } from '../../shared/host/ports.ts'
import type { KeychainContext, KeychainTrouble, KeychainView } from '../../shared/model/keychain.ts'
import {
  addKeychain,
  findKeychain,
  openWithKeychain,
  removeKeychain,
  type KeeperProblem,
  type KeyKeeper,
} from '../keyring/keychain.ts'

interface Dependencies {
  readonly ports: Pick<HostPorts, 'keychain'>
  /** From the root key, which it wipes, to the screen. */
  readonly open: (rootKey: Bytes) => Promise<Result<void, string>>
  readonly isLocked: () => boolean
  readonly log: (line: string) => void
}

export interface SessionKeychain {
  readonly context: KeychainContext
  /** Resolves once it is known whether it is switched on. What the system says of it comes later: it may ask the person first. */
  refresh(): Promise<void>
}

/** What the host refuses with, by what a screen has a sentence for; what is not here depends on what was asked. */
const PROBLEMS: Readonly<Record<string, KeychainTrouble>> = {
  'keychain-weak': 'weak',
  'keychain-unavailable': 'unavailable',
  'does-not-read-back': 'changed',
}

const isTrouble = (problem: string): problem is KeychainTrouble => ['weak', 'unavailable', 'changed'].includes(problem)

export function createKeychain({ ports, open, isLocked, log }: Dependencies): SessionKeychain {
  const view = createLive<KeychainView | undefined>(undefined)

  /** Only the name is logged. `otherwise`: where the refusal is none that has a sentence of its own. */
  const orProblem = async <Value, Otherwise extends KeeperProblem>(
    ask: () => Promise<Value>,
    otherwise: Otherwise,
  ): Promise<Result<Value, KeychainTrouble | Otherwise>> => {
    try {
      return ok(await ask())
    } catch (thrown) {
      const { error } = toHostError(thrown)
      log(`keychain: ${error}`)
      return fail(PROBLEMS[error] ?? otherwise)
    }
  }
  const keeper: KeyKeeper = {
    keep: (id, key) => orProblem(() => ports.keychain.keep({ id, key }), 'not-saved'),
    give: (id) => orProblem(async () => (await ports.keychain.give({ id })).key.slice(), 'changed'),
    async forgetAllBut(except) {
      await orProblem(() => ports.keychain.forget({ except }), 'not-saved')
    },
  }

  let latest = 0
  const refresh = async (): Promise<void> => {
    latest += 1
    const mine = latest
    const found = await findKeychain({ keeper })
    if (mine !== latest) return
    if (!found.ok && found.error !== 'not-set-up') log(`keychain: ${found.error} ${found.detail ?? ''}`)
    const id = found.ok ? found.value : undefined
    if (id === undefined) {
      if (view.get()?.on === true) view.set(undefined)
    } else if (view.get()?.on !== true) view.set({ on: true, state: 'checking' })
    void look(id).then((seen) => {
      if (mine === latest) view.set(seen)
    })
  }
  const look = async (id: string | undefined): Promise<KeychainView | undefined> => {
    if (id !== undefined) {
      const opens = await orProblem(() => ports.keychain.check({ id }), 'changed')
      return { on: true, state: opens.ok ? 'opens' : opens.error }
    }
    const status = await orProblem(() => ports.keychain.status(), 'changed')
    return !status.ok || status.value.state === 'not-here' ? undefined : { on: false, state: status.value.state }
  }

  return {
    refresh,
    context: {
      view,
      async turnOn({ passphrase }) {
        const added = await addKeychain({ passphrase, keeper })
        await refresh()
        if (added.ok) return added
        if (added.error === 'wrong-passphrase' || isTrouble(added.error)) return fail(added.error)
        return fail('storage-failed', added.detail ?? added.error)
      },
      async turnOff() {
        const removed = await removeKeychain({ keeper })
        await refresh()
        return removed.ok ? removed : fail('storage-failed', removed.detail ?? removed.error)
      },
      async open() {
        const rootKey = await openWithKeychain({ keeper })
        if (rootKey.ok) {
          // The system may have asked first, and the passphrase been typed meanwhile.
          if (!isLocked()) {
            rootKey.value.fill(0)
            return ok(undefined)
          }
          const opened = await open(rootKey.value)
          if (opened.ok) return opened
          return fail(opened.error === 'newer-version' ? opened.error : 'storage-failed', opened.detail)
        }
        const { error } = rootKey
        if (isTrouble(error)) {
          latest += 1
          view.set({ on: true, state: error })
          return fail(error)
        }
        return fail(error === 'newer-version' ? error : 'storage-failed', rootKey.detail ?? error)
      },
    },
  }
}

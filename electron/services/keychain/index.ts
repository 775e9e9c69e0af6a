/**
 * Has the system's own store of secrets seal what the window hands over, and keeps that in the profile. The window goes on being
 * opened by the passphrase, whatever becomes of this. Nothing that is sealed here, and no message of the system's, goes to the log.
 */
import { timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import { describeThrown } from '../../../shared/base/errors.ts'
import { HostError } from '../../../shared/host/errors.ts'
import type { KeychainPort } from '../../../shared/host/ports.ts'
import { nameOfFault, realFiles, withFile, type Files } from '../backups/files.ts'
import { decodeKept, encodeKept, keptName, keptText, keyIn, MOST_KEPT, wrapperOf } from './kept-file.ts'
import type { SystemKeychain } from './system-keychain.ts'

export interface KeychainOptions {
  readonly profileDirectory: string
  /** Undefined: this host has none. */
  readonly system: SystemKeychain | undefined
  readonly log: (line: string) => void
  readonly files?: Files
}

interface Kept {
  readonly key: Uint8Array
  readonly isOld: boolean
}

export function createKeychainService(options: KeychainOptions): KeychainPort {
  const { profileDirectory, system, log, files = realFiles } = options
  const pathOf = (id: string): string => join(profileDirectory, keptName(id))

  const stateOf = async (one: SystemKeychain): Promise<'strong' | 'weak' | 'unavailable'> => {
    try {
      return await one.state()
    } catch {
      log('keychain: the system does not say what it is')
      return 'unavailable'
    }
  }

  /** Asked anew each time: another desktop, or none, may have been chosen since. */
  const strong = async (): Promise<SystemKeychain> => {
    if (system === undefined) throw new HostError('not-here')
    const state = await stateOf(system)
    if (state !== 'strong') throw new HostError(`keychain-${state}`)
    return system
  }

  const read = async (one: SystemKeychain, path: string, id: string): Promise<Kept> => {
    if ((await files.kind(path)) === undefined) throw new HostError('not-kept')
    const sealed = decodeKept(await withFile(await files.open(path), (file) => file.read(0, MOST_KEPT)))
    if (sealed === undefined) throw new HostError('damaged')
    if (one.isWeak(sealed)) throw new HostError('keychain-weak')
    const opened = await one.open(sealed).catch(() => {
      throw new HostError('keychain-changed')
    })
    const key = keyIn(opened.text, id)
    if (key === undefined) throw new HostError('keychain-changed')
    return { key, isOld: opened.isOld }
  }

  /** Under another name until it was read back, so that one which is there stays until the new one is known to open. */
  const write = async (one: SystemKeychain, id: string, key: Uint8Array): Promise<void> => {
    const sealed = await one.seal(keptText(id, key)).catch(() => {
      throw new HostError('keychain-unavailable')
    })
    if (one.isWeak(sealed)) throw new HostError('keychain-weak')
    const path = pathOf(id)
    const temporary = `${path}.${process.pid}.tmp`
    try {
      await files.remove(temporary)
      await withFile(await files.create(temporary), async (file) => {
        await file.write(encodeKept(sealed))
        await file.sync()
      })
      const back = await read(one, temporary, id).catch(() => undefined)
      if (back === undefined || !timingSafeEqual(back.key, key)) throw new HostError('does-not-read-back')
      await files.rename(temporary, path)
      await files.syncFolder(profileDirectory)
    } catch (thrown) {
      await files.remove(temporary)
      throw thrown
    }
  }

  const give = async (id: string): Promise<Uint8Array> => {
    const one = await strong()
    const { key, isOld } = await read(one, pathOf(id), id)
    if (isOld)
      await write(one, id, key).catch((thrown: unknown) => log(`keychain: sealing anew: ${named(thrown).message}`))
    return key
  }

  const port: KeychainPort = {
    async status() {
      return { state: system === undefined ? 'not-here' : await stateOf(system) }
    },
    async keep({ id, key }) {
      await write(await strong(), id, key)
    },
    async check({ id }) {
      const key = await give(id)
      key.fill(0)
    },
    async give({ id }) {
      return { key: await give(id) }
    },
    async forget({ except }) {
      for (const name of await files.list(profileDirectory)) {
        const of = wrapperOf(name)
        if (of !== undefined && !except.includes(of)) await files.remove(join(profileDirectory, name))
      }
    },
  }
  return {
    status: port.status,
    keep: (request) => port.keep(request).catch(refuse),
    check: (request) => port.check(request).catch(refuse),
    give: (request) => port.give(request).catch(refuse),
    forget: (request) => port.forget(request).catch(refuse),
  }
}

const named = (thrown: unknown): HostError =>
  thrown instanceof HostError ? thrown : new HostError(nameOfFault(thrown), describeThrown(thrown))

const refuse = (thrown: unknown): never => {
  throw named(thrown)
}

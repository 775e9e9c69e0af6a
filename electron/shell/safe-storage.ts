import type { SystemKeychain } from '../services/keychain/system-keychain.ts'

/** The part of Electron's safeStorage that is used. Its calls that do not wait are gone from Electron 46 on. */
export type SafeStorage = Pick<
  typeof import('electron').safeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>

/**
 * Chromium's mark on what it sealed without a store of secrets: on Linux under a password that stands in its own source. On other
 * systems the same mark is that of the real store.
 */
const SEALED_UNDER_KNOWN_PASSWORD = 'v10'

export function keychainOf(safeStorage: SafeStorage, platform: NodeJS.Platform = process.platform): SystemKeychain {
  const isWeak = (sealed: Uint8Array): boolean =>
    platform === 'linux' && Buffer.from(sealed.subarray(0, 3)).toString('latin1') === SEALED_UNDER_KNOWN_PASSWORD
  return {
    isWeak,
    async state() {
      if (platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') return 'weak'
      if (!(await safeStorage.isAsyncEncryptionAvailable())) return 'unavailable'
      // On Linux both may sound well on a desktop whose store of secrets is not running: what was really done tells.
      return isWeak(await safeStorage.encryptStringAsync('Teatray')) ? 'weak' : 'strong'
    },
    seal: (text) => safeStorage.encryptStringAsync(text),
    async open(sealed) {
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(sealed))
      return { text: result, isOld: shouldReEncrypt }
    },
  }
}

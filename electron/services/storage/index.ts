/**
 * Watches the space left for the profile. Chromium under a full disk can delete a whole database (electron#41877), so the
 * window is told to stop writing while there is still room for what is under way.
 */
import { statfs } from 'node:fs/promises'
import { describeThrown } from '../../../shared/base/errors.ts'
import type { StorageEvent, StoragePort } from '../../../shared/host/ports.ts'

export interface StorageOptions {
  /** Bytes. Below it writes should stop; they may go on again at a quarter above it. */
  readonly reserve: number
  /** Milliseconds between two looks. */
  readonly interval: number
  /** Bytes an unprivileged writer can still use on the disk of `directory`. */
  readonly freeBytes: (directory: string) => Promise<number>
}

const defaults: StorageOptions = {
  reserve: 200 * 1024 * 1024,
  // A large file that is copied fills the reserve within seconds, and a look costs next to nothing.
  interval: 1000,
  freeBytes: async (directory) => {
    const { bavail, bsize } = await statfs(directory)
    return bavail * bsize
  },
}

export interface StorageService {
  readonly port: StoragePort
  onEvent(handler: (event: StorageEvent) => void): () => void
  close(): void
}

/** A gap between falling and rising, or a disk near the line would switch saving on and off at every look. */
export const isLow = (freeBytes: number, reserve: number, wasLow: boolean): boolean =>
  freeBytes < (wasLow ? reserve * 1.25 : reserve)

export function createStorageService(
  directory: string,
  log: (line: string) => void,
  options: Partial<StorageOptions> = {},
): StorageService {
  const { reserve, interval, freeBytes } = { ...defaults, ...options }
  const handlers = new Set<(event: StorageEvent) => void>()
  let low = false

  const look = async (): Promise<{ freeBytes: number; low: boolean }> => {
    const free = await freeBytes(directory)
    const wasLow = low
    low = isLow(free, reserve, wasLow)
    if (low !== wasLow) {
      for (const handler of handlers) handler({ type: 'storage-low', low, freeBytes: free })
    }
    return { freeBytes: free, low }
  }

  const timer = setInterval(() => {
    look().catch((thrown: unknown) => log(`storage: the free space could not be read: ${describeThrown(thrown)}`))
  }, interval)
  timer.unref()

  return {
    port: { space: look },
    onEvent(handler) {
      handlers.add(handler)
      return () => handlers.delete(handler)
    },
    close: () => clearInterval(timer),
  }
}

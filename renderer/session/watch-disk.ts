/** A disk that is nearly full: all writing stops before it is full, and goes on when there is room again. */
import { describeThrown } from '../../shared/base/errors.ts'
import type { HostClient } from '../../shared/host/rpc.ts'
import { turnLog } from '../at-rest/turn-log.ts'
import type { StopReason } from '../store/store.ts'

/** Bytes: what Chromium puts away when its log is turned, many times over. */
const ROOM_TO_TURN = 32 * 1024 * 1024

interface Writes {
  stopWrites(reason: StopReason): void
  resumeWrites(): unknown
}

export interface DiskWatch {
  /** Stops all that is open, where there is little room already. */
  check(): Promise<void>
}

/** Resolves once the log of the storage was turned, or there was no room for it. */
export async function watchDisk(options: {
  readonly host: HostClient
  /** Whatever writes just now. */
  readonly open: () => readonly Writes[]
  readonly log: (line: string) => void
}): Promise<DiskWatch> {
  const { host, open, log } = options
  let turned = false
  const stop = (): void => {
    for (const each of open()) each.stopWrites('disk-low')
  }
  const resume = (): void => {
    for (const each of open()) each.resumeWrites()
  }
  /** A failure is told by the store, which is opened next. */
  const turnWhereThereIsRoom = async (): Promise<void> => {
    if (turned) return
    try {
      const { freeBytes } = await host.ports.storage.space()
      if (freeBytes < ROOM_TO_TURN) return
      await turnLog()
      turned = true
    } catch (thrown) {
      log(`the log of the storage was not turned: ${describeThrown(thrown)}`)
    }
  }
  host.onEvent((event) => {
    if (event.type !== 'storage-low') return
    if (event.low) stop()
    else void turnWhereThereIsRoom().then(resume)
  })
  await turnWhereThereIsRoom()
  return {
    async check() {
      const { low } = await host.ports.storage.space()
      if (low) stop()
    },
  }
}

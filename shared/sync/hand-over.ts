/**
 * A device that was removed hands over, once, what it wrote before it could hear of that: beyond what its removal accepts. The
 * others set it aside (set-aside.ts) and decide. It gets nothing for it.
 */
import type { Bytes } from '../base/bytes.ts'
import type { DeviceId } from '../base/ids.ts'
import { isEntryOf } from '../wire/entry.ts'
import { inMessages } from './in-messages.ts'
import { MAX_ENTRIES_IN_MESSAGE } from './messages.ts'
import type { Replica } from './replica.ts'
import { MAX_ASIDE_BYTES_OF_DEVICE, MAX_ASIDE_OF_DEVICE } from './set-aside.ts'
import { limitOf } from './vouching.ts'

const MESSAGE_BYTES = 256 * 1024
const READ_AT_ONCE = 16

/** Of this device's own logs, in order; no more than others would keep. Empty where this device is present. */
export async function entriesAfterRemoval(replica: Replica): Promise<readonly (readonly Bytes[])[]> {
  const { membership } = replica
  const found: Bytes[] = []
  let size = 0
  for (const head of replica.heads()) {
    const limit = head.device === membership.secrets.device ? limitOf(membership.state(), head) : undefined
    if (limit === undefined) continue
    for (let next = limit.seq + 1; next <= head.seq;) {
      const entries = await replica.read(head, next, READ_AT_ONCE)
      const last = entries.at(-1)
      if (last === undefined) break
      for (const { bytes } of entries) {
        size += bytes.length
        if (found.length >= MAX_ASIDE_OF_DEVICE || size > MAX_ASIDE_BYTES_OF_DEVICE) return inParts(found)
        found.push(bytes)
      }
      next = last.seq + 1
    }
  }
  return inParts(found)
}

const inParts = (entries: readonly Bytes[]): readonly (readonly Bytes[])[] =>
  inMessages(entries, MESSAGE_BYTES, MAX_ENTRIES_IN_MESSAGE)

/** The other side: only what the removed device itself signed, and no more in one session than is kept. */
export function takeAfterRemoval(replica: Replica): (device: DeviceId, entries: readonly Bytes[]) => Promise<void> {
  let taken = 0
  return async (device, entries) => {
    const own = entries.filter((entry) => isEntryOf(entry, device)).slice(0, Math.max(0, MAX_ASIDE_OF_DEVICE - taken))
    taken += own.length
    if (own.length > 0) await replica.receive(own)
  }
}

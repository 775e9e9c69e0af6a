/** What strangers on the network may cost: connections under way, connections by time, lines in the log. All bounded. */
import type { Clock } from '../../../shared/base/clock.ts'

export interface LanLimits {
  /** Milliseconds from the first byte to the end of the handshake. */
  readonly handshakeTimeout: number
  /** Connections whose handshake is not over: in all, and from one address. */
  readonly maxPending: number
  readonly maxPendingPerAddress: number
  /** Connections one address may open within `rateWindow` milliseconds. */
  readonly maxPerWindow: number
  readonly rateWindow: number
  readonly maxLinks: number
  /** Milliseconds between keepalives, and without a byte until a link is taken for dead. */
  readonly keepAlive: number
  readonly deadAfter: number
}

export const LAN_LIMITS: LanLimits = {
  handshakeTimeout: 5000,
  maxPending: 64,
  maxPendingPerAddress: 16,
  maxPerWindow: 200,
  rateWindow: 10_000,
  maxLinks: 256,
  keepAlive: 2000,
  deadAfter: 5000,
}

const MAX_ADDRESSES = 1024

function forgetOldest<Key>(entries: Map<Key, unknown> | Set<Key>, most: number): void {
  for (const key of entries.keys()) {
    if (entries.size <= most) return
    entries.delete(key)
  }
}

export type Admission = { readonly ok: true; done(): void } | { readonly ok: false; readonly reason: string }

/** Admits connections by the limits; `done` is called when the handshake is over, well or not. */
export function createGate(limits: LanLimits, clock: Clock): { admit(address: string): Admission } {
  const pending = new Map<string, number>()
  const recent = new Map<string, number[]>()
  let total = 0

  const tooFast = (address: string): boolean => {
    const since = clock.now() - limits.rateWindow
    const times = (recent.get(address) ?? []).filter((time) => time > since)
    if (times.length >= limits.maxPerWindow) return true
    recent.delete(address)
    recent.set(address, [...times, clock.now()])
    forgetOldest(recent, MAX_ADDRESSES)
    return false
  }

  const release = (address: string): void => {
    total--
    const left = (pending.get(address) ?? 1) - 1
    if (left === 0) pending.delete(address)
    else pending.set(address, left)
  }

  return {
    admit(address) {
      if (total >= limits.maxPending) return { ok: false, reason: 'too many handshakes at once' }
      const here = pending.get(address) ?? 0
      if (here >= limits.maxPendingPerAddress) return { ok: false, reason: 'too many handshakes from one address' }
      if (tooFast(address)) return { ok: false, reason: 'too many connections from one address' }
      total++
      pending.set(address, here + 1)
      let over = false
      return {
        ok: true,
        done: () => {
          if (!over) release(address)
          over = true
        },
      }
    },
  }
}

const MAX_LOGGED = 256

/** Writes one line for each address, and for at most 256 of them; a scan of the port must not fill a disk. */
export function createRefusalLog(log: (line: string) => void): (address: string, reason: string) => void {
  const seen = new Set<string>()
  return (address, reason) => {
    if (seen.has(address) || seen.size > MAX_LOGGED) return
    seen.add(address)
    if (seen.size > MAX_LOGGED) log('lan: more refused connections; no further ones are written here')
    else log(`lan: refused a connection with ${address}: ${reason}`)
  }
}

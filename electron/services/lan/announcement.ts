/**
 * What is said on the network, as DNS records (RFC 6762, RFC 6763). No host name of the computer and no address: the address is
 * where the packet came from, so nobody can name a third computer and have it called by everyone.
 */
import type { Answer } from 'dns-packet'
import { isInstance } from './handshake.ts'
import { MAX_ROOMS, TAG_LENGTH } from './tags.ts'

export const SERVICE = '_teatray._tcp.local'
/** Seconds; repeated well before. */
const TTL = 120

export interface Announcement {
  readonly instance: string
  readonly port: number
  readonly slots: readonly Uint8Array[]
}

export function toRecords({ instance, port, slots }: Announcement, ttl = TTL): Answer[] {
  const name = `${instance}.${SERVICE}`
  return [
    { name: SERVICE, type: 'PTR', ttl, data: name },
    { name, type: 'SRV', ttl, flush: true, data: { port, target: `${instance}.local`, priority: 0, weight: 0 } },
    { name, type: 'TXT', ttl, flush: true, data: slots.map((slot) => Buffer.from(slot)) },
  ]
}

export const goodbyeRecords = (announcement: Announcement): Answer[] => toRecords(announcement, 0)

export type Said =
  | { readonly type: 'here'; readonly announcement: Announcement }
  | { readonly type: 'gone'; readonly instance: string }

function instanceOf(name: string): string | undefined {
  const suffix = `.${SERVICE}`
  const instance = name.endsWith(suffix) ? name.slice(0, -suffix.length) : ''
  return isInstance(instance) ? instance : undefined
}

function slotsOf(data: unknown): Uint8Array[] | undefined {
  if (!Array.isArray(data) || data.length === 0 || data.length > MAX_ROOMS) return undefined
  const slots = data.filter((slot): slot is Buffer => slot instanceof Buffer && slot.length === TAG_LENGTH)
  return slots.length === data.length ? slots : undefined
}

/** Takes only our own records of the right shape; all else on the network's mDNS is passed over. One packet, one speaker. */
export function readRecords(answers: readonly Answer[]): Said | undefined {
  let instance: string | undefined
  let port: number | undefined
  let slots: Uint8Array[] | undefined
  let gone = false
  for (const answer of answers) {
    if (answer.type !== 'SRV' && answer.type !== 'TXT') continue
    const named = instanceOf(answer.name)
    if (named === undefined) continue
    if (instance !== undefined && instance !== named) return undefined
    instance = named
    if (answer.ttl === 0) gone = true
    else if (answer.type === 'SRV') port = answer.data.port
    else slots = slotsOf(answer.data)
  }
  if (instance === undefined) return undefined
  if (gone) return { type: 'gone', instance }
  if (port === undefined || port < 1 || port > 65_535 || slots === undefined) return undefined
  return { type: 'here', announcement: { instance, port, slots } }
}

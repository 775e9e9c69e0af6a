/**
 * Who may speak to the loopback server. 127.0.0.1 keeps other machines out, not other pages of the same browser or other
 * programs of the same computer: those are stopped here.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

export interface Refusal {
  readonly status: 403 | 421
  readonly reason: 'wrong-host' | 'foreign-page' | 'no-cookie' | 'used-ticket'
}

/** DNS rebinding is stopped by the exact host, other ports of 127.0.0.1 (the same *site*) by the exact origin. */
export function refuseForeign(headers: IncomingHttpHeaders, host: string): Refusal | undefined {
  if (headers.host !== host) return { status: 421, reason: 'wrong-host' }
  const { origin } = headers
  if (origin !== undefined && origin !== `http://${host}`) return { status: 403, reason: 'foreign-page' }
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return { status: 403, reason: 'foreign-page' }
  return undefined
}

const newToken = (): string => randomBytes(32).toString('base64url')

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

export interface Admission {
  /** Worth one cookie, once. */
  newTicket(): string
  /** The Set-Cookie header for a ticket not used before, else undefined. */
  redeem(ticket: string): string | undefined
  hasCookie(headers: IncomingHttpHeaders): boolean
}

export function createAdmission(port: number): Admission {
  // Cookies do not know ports: the name keeps two installations in one browser apart.
  const name = `teatray-${port}`
  const tickets = new Set<string>()
  const sessions = new Set<string>()
  return {
    newTicket() {
      const ticket = newToken()
      tickets.add(ticket)
      return ticket
    },
    redeem(ticket) {
      if (!tickets.delete(ticket)) return undefined
      const session = newToken()
      sessions.add(session)
      return `${name}=${session}; HttpOnly; SameSite=Strict; Path=/`
    },
    hasCookie(headers) {
      const values = (headers.cookie ?? '').split('; ').filter((pair) => pair.startsWith(`${name}=`))
      return values.some((pair) => [...sessions].some((session) => isEqual(pair.slice(name.length + 1), session)))
    },
  }
}

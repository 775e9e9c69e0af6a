/**
 * Says and hears announcements by multicast DNS: one socket for each interface and family, all made anew when the
 * interfaces change, because a membership in a multicast group does not survive its interface.
 */
import { createSocket } from 'node:dgram'
import makeMdns from 'multicast-dns'
import { type Announcement, SERVICE, type Said, goodbyeRecords, readRecords, toRecords } from './announcement.ts'
import { type Interface, watchInterfaces } from './interfaces.ts'

const MDNS_PORT = 5353
const GROUP = { 4: '224.0.0.251', 6: 'ff02::fb' } as const
/**
 * Milliseconds after a change at which it is said and asked (again): a packet may be lost, and a new IPv6 address may not send
 * for its first second or two (RFC 4862, section 5.4).
 */
const REPEATS = [0, 250, 1000, 2000, 4000] as const
const EVERY = 30_000
/** Milliseconds between two answers to questions, whoever asks. */
const ANSWER_GAP = 200

export interface Discovery {
  /** The announcement changed: says it, and asks who else is there. */
  announce(): void
  /** Takes an announcement back. Resolves once it is sent. */
  goodbye(old: Announcement): Promise<void>
  close(): void
}

export interface DiscoveryHandlers {
  /** What to say now. */
  current(): Announcement
  heard(said: Said, from: { readonly address: string }): void
  /** The interfaces changed. Empty: there is no network. */
  networkChanged(interfaces: readonly Interface[]): void
  /** None of the sockets works. */
  failed(reason: string): void
}

type Mdns = ReturnType<typeof makeMdns>

function openSocket(where: Interface): Mdns {
  const socket = createSocket({
    type: where.family === 4 ? 'udp4' : 'udp6',
    reuseAddr: true,
    ...(where.family === 6 ? { ipv6Only: true } : {}),
  })
  return makeMdns({
    socket,
    type: where.family === 4 ? 'udp4' : 'udp6',
    ip: GROUP[where.family],
    port: MDNS_PORT,
    interface: where.multicast,
    bind: where.family === 4 ? '0.0.0.0' : '::',
  })
}

export function createDiscovery(loopback: boolean, on: DiscoveryHandlers): Discovery {
  const sockets = new Set<Mdns>()
  const timers = new Set<NodeJS.Timeout>()
  let lastAnswer = 0

  const say = (): void => {
    const answers = toRecords(on.current())
    for (const mdns of sockets) mdns.respond(answers)
  }
  const ask = (): void => {
    for (const mdns of sockets) mdns.query([{ name: SERVICE, type: 'PTR' }])
  }
  const answer = (): void => {
    if (Date.now() - lastAnswer < ANSWER_GAP) return
    lastAnswer = Date.now()
    say()
  }

  const announce = (): void => {
    for (const timer of timers) clearTimeout(timer)
    timers.clear()
    for (const delay of REPEATS) {
      const speak = (): void => {
        say()
        ask()
      }
      if (delay === 0) speak()
      else timers.add(setTimeout(speak, delay).unref())
    }
  }

  const drop = (mdns: Mdns): void => {
    if (!sockets.delete(mdns)) return
    mdns.destroy()
  }

  const open = (where: Interface): void => {
    const mdns = openSocket(where)
    sockets.add(mdns)
    mdns.on('error', (error) => {
      drop(mdns)
      if (sockets.size === 0) on.failed(error.message)
    })
    // A warning is a packet that does not decode, or a send on an interface that has just gone: the next repeat heals it.
    mdns.on('warning', () => undefined)
    mdns.on('query', ({ questions }) => {
      if (questions?.some(({ name }) => name === SERVICE)) answer()
    })
    mdns.on('response', ({ answers, additionals }, { address }) => {
      const said = readRecords([...(answers ?? []), ...(additionals ?? [])])
      if (said !== undefined) on.heard(said, { address })
    })
    mdns.on('ready', announce)
  }

  const stopWatching = watchInterfaces(loopback, (interfaces) => {
    for (const mdns of sockets) drop(mdns)
    for (const where of interfaces) open(where)
    on.networkChanged(interfaces)
  })
  const heartbeat = setInterval(say, EVERY)
  heartbeat.unref()

  return {
    announce,
    async goodbye(old) {
      const answers = goodbyeRecords(old)
      const sends = [...sockets].map((mdns) => new Promise<void>((sent) => mdns.respond(answers, () => sent())))
      await Promise.race([Promise.all(sends), new Promise((late) => setTimeout(late, 200))])
    },
    close() {
      stopWatching()
      clearInterval(heartbeat)
      for (const timer of timers) clearTimeout(timer)
      for (const mdns of sockets) drop(mdns)
    },
  }
}

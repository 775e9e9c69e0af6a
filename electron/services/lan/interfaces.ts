/** This computer's network interfaces, and when they change. A cable that is out takes its interface from the list. */
import { networkInterfaces } from 'node:os'

export interface Interface {
  readonly family: 4 | 6
  readonly name: string
  /** What a multicast socket names the interface by: its IPv4 address, or for IPv6 its zone. */
  readonly multicast: string
  readonly address: string
}

/** One entry for each interface and family. */
export function listInterfaces(loopback: boolean): Interface[] {
  const found = new Map<string, Interface>()
  for (const [name, entries] of Object.entries(networkInterfaces())) {
    for (const entry of entries ?? []) {
      const family = entry.family === 'IPv4' ? 4 : 6
      // Loopback reaches this computer only; one family is enough for that.
      if (entry.internal && (!loopback || family === 6)) continue
      if (family === 6 && !entry.address.toLowerCase().startsWith('fe80:')) continue
      const zone = process.platform === 'win32' ? String(entry.scopeid ?? 0) : name
      const multicast = family === 4 ? entry.address : `::%${zone}`
      if (!found.has(`${name} ${family}`)) {
        found.set(`${name} ${family}`, { family, name, multicast, address: entry.address })
      }
    }
  }
  return [...found.values()]
}

const describe = (interfaces: readonly Interface[]): string =>
  interfaces.map(({ family, name, address }) => `${name} ${family} ${address}`).join('\n')

/** Calls at once and on every change. Node tells of none, so the list is looked at twice a second (about 0.1 ms each). */
export function watchInterfaces(loopback: boolean, onChange: (interfaces: Interface[]) => void): () => void {
  let last: string | undefined
  const look = (): void => {
    const interfaces = listInterfaces(loopback)
    if (describe(interfaces) === last) return
    last = describe(interfaces)
    onChange(interfaces)
  }
  look()
  const timer = setInterval(look, 500)
  timer.unref()
  return () => clearInterval(timer)
}

/** The addresses under which others reach this computer's server, best first. */
import { networkInterfaces } from 'node:os'

/** Interfaces of virtual machines, containers and tunnels: others in the room rarely reach those. */
const VIRTUAL = /^(?:docker|br-|veth|virbr|vmnet|vboxnet|utun|tun|tap|wg|zt|tailscale|vEthernet)/i
const HOME = /^(?:192\.168|10|172\.(?:1[6-9]|2\d|3[01]))\./
const MOST = 16

export interface InterfaceAddress {
  readonly name: string
  readonly family: string
  readonly address: string
  readonly internal: boolean
}

export const ownAddresses = (): InterfaceAddress[] =>
  Object.entries(networkInterfaces()).flatMap(([name, entries]) =>
    (entries ?? []).map(({ family, address, internal }) => ({ name, family, address, internal })),
  )

function rank({ name, family, address }: InterfaceAddress): number {
  const home = family === 'IPv4' && HOME.test(address) ? 0 : family === 'IPv4' ? 1 : 2
  return home + (VIRTUAL.test(name) ? 10 : 0)
}

/** ws:// addresses; IPv6 link-local ones are left out, because a zone cannot be told to another computer. */
export function listAddresses(port: number, lan: boolean, own: readonly InterfaceAddress[] = ownAddresses()): string[] {
  const loopback = `ws://127.0.0.1:${port}`
  if (!lan) return [loopback]
  const outward = own
    .filter(({ internal, address }) => !internal && !address.toLowerCase().startsWith('fe80:'))
    .toSorted((a, b) => rank(a) - rank(b))
    .map(({ family, address }) => `ws://${family === 'IPv6' ? `[${address}]` : address}:${port}`)
  return [...outward.slice(0, MOST), loopback]
}

/** The suite itself: each kind of broken transport must fail it. */
import { describe, expect, test } from 'vitest'
import type { Link, Transport } from '../../shared/sync/link.ts'
import { createMemoryNetwork } from '../../shared/sync/memory-transport.ts'
import { type FaultPlan, faultyLink } from './faulty-link.ts'
import { TRANSPORT_CASES, type TransportPair, runCase } from './transport-cases.ts'

function pairOf(spoil: (link: Link) => Link): TransportPair {
  const network = createMemoryNetwork()
  const spoiled = (transport: Transport): Transport => ({
    kind: transport.kind,
    status: () => transport.status(),
    onStatus: (handler) => transport.onStatus(handler),
    join: (room, onLink) => transport.join(room, (link) => onLink(spoil(link))),
    close: () => transport.close(),
  })
  const transports = [network.transport('left'), network.transport('right')].map(spoiled)
  const [left, right] = transports
  return {
    left: left!,
    right: right!,
    close: () => {
      for (const transport of transports) transport.close()
      return Promise.resolve()
    },
  }
}

const run = (name: string, spoil: (link: Link) => Link, linkWithin: number): Promise<void> => {
  const testCase = TRANSPORT_CASES.find((one) => one.name.startsWith(name))
  if (testCase === undefined) throw new Error(`no case begins with: ${name}`)
  return runCase(testCase, () => Promise.resolve(pairOf(spoil)), 'left-to-right', { linkWithin, quiet: 50 })
}

const faults = (plan: Omit<FaultPlan, 'seed'>) => (link: Link) => faultyLink(link, { seed: 5, spare: 1, ...plan })
const [ORDER, CLOSING, SIZES] = ['frames of 1 byte', 'closing ends both sides', 'a frame that is empty or larger']

describe.each([
  ['loses frames', ORDER, faults({ drop: 0.4 })],
  ['delivers twice', ORDER, faults({ duplicate: 0.4 })],
  ['changes the order', ORDER, faults({ reorder: 0.4 })],
  ['cuts frames short', ORDER, faults({ truncate: 0.4 })],
  ['changes bits', ORDER, faults({ corrupt: 0.4 })],
  ['calls both ends the initiator', 'two in one room link', (link: Link): Link => ({ ...link, initiator: true })],
  ['never tells of a close', CLOSING, (link: Link): Link => ({ ...link, onClose: () => {} })],
  ['does not close', CLOSING, (link: Link): Link => ({ ...link, close: () => {} })],
  [
    'takes frames of any size',
    SIZES,
    (link: Link): Link => ({ ...link, send: (frame) => link.send(frame).catch(() => undefined) }),
  ],
])('a transport that %s', (_, name, spoil) => {
  test('fails the suite, a sound one does not', async () => {
    await expect(run(name, spoil, 800)).rejects.toThrow(Error)
    await expect(run(name, (link) => link, 10_000)).resolves.toBeUndefined()
  })
})

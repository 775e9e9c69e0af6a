import { describe, expect, it } from 'vitest'
import { createLive } from '../base/live.ts'
import { joinRoom } from './join-room.ts'
import type { Link, Transport } from './link.ts'
import { createMemoryNetwork } from './memory-transport.ts'
import { createManualTime } from './testing.ts'

const ROOM = { key: new Uint8Array(32), purpose: 'circle' } as const

function setUp() {
  const time = createManualTime(() => Promise.resolve())
  const network = () => createMemoryNetwork({ defer: (run) => void time.after(1, run) })
  const [one, two] = [network(), network()]
  const links: Link[] = []
  const closed: string[] = []
  const transports = createLive<readonly Transport[]>([])
  for (const other of [one, two]) other.transport('bob').join(ROOM, () => undefined)
  const leave = joinRoom({
    transports,
    room: ROOM,
    onLink: (link) => {
      links.push(link)
      link.onClose((reason) => closed.push(reason))
    },
  })
  return { time, transports, links, closed, leave, first: one.transport('alice'), second: two.transport('alice') }
}

describe('a joined room', () => {
  it('keeps a link that stands when a transport comes or another goes', async () => {
    const { time, transports, links, closed, first, second } = setUp()
    transports.set([first])
    await time.pass(10)
    expect(links.length).toBe(1)
    transports.set([first, second])
    await time.pass(10)
    expect([links.length, closed.length]).toEqual([2, 0])
    transports.set([second])
    await time.pass(10)
    expect([links.length, closed.length]).toEqual([2, 1])
    transports.set([second])
    await time.pass(10)
    expect([links.length, closed.length]).toEqual([2, 1])
  })

  it('is left for good, on every transport', async () => {
    const { time, transports, links, closed, leave, first, second } = setUp()
    transports.set([first, second])
    await time.pass(10)
    leave()
    await time.pass(10)
    expect([links.length, closed.length]).toEqual([2, 2])
    transports.set([first])
    await time.pass(10)
    expect(links.length).toBe(2)
  })
})

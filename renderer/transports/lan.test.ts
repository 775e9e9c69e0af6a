import { describe, expect, test } from 'vitest'
import { HostError } from '../../shared/host/errors.ts'
import type { HostEvent, LanPort } from '../../shared/host/ports.ts'
import { type Link, MAX_FRAME, type TransportStatus } from '../../shared/sync/link.ts'
import { createLanTransport } from './lan.ts'

const room = { key: new Uint8Array(32).fill(1), purpose: 'circle' } as const

function setup(answers: Partial<Record<keyof LanPort, () => Promise<void>>> = {}) {
  const calls: string[] = []
  const rooms: string[] = []
  const handlers = new Set<(event: HostEvent) => void>()
  const answer = (name: keyof LanPort): Promise<void> => answers[name]?.() ?? Promise.resolve()
  const lan: LanPort = {
    join({ roomId }) {
      rooms.push(roomId)
      calls.push('join')
      return answer('join')
    },
    leave({ roomId }) {
      calls.push(`leave ${rooms.indexOf(roomId)}`)
      return answer('leave')
    },
    send({ linkId, frame }) {
      calls.push(`send ${linkId} ${frame.length}`)
      return answer('send')
    },
    closeLink({ linkId }) {
      calls.push(`close ${linkId}`)
      return answer('closeLink')
    },
  }
  const transport = createLanTransport({
    lan,
    onEvent: (handler) => {
      handlers.add(handler)
      return () => handlers.delete(handler)
    },
  })
  const statuses: TransportStatus[] = []
  transport.onStatus((status) => statuses.push(status))
  const emit = (event: HostEvent): void => {
    for (const handler of handlers) handler(event)
  }
  const links: Link[] = []
  const join = () => transport.join(room, (link) => links.push(link))
  const opens = (linkId: string, index = 0): Link => {
    emit({ type: 'lan-link', roomId: rooms[index]!, linkId, initiator: true })
    return links.at(-1)!
  }
  return { transport, calls, rooms, handlers, statuses, emit, links, join, opens }
}

describe('status', () => {
  test('off, starting, then as the host says, and off again', () => {
    const { transport, emit, join, statuses } = setup()
    emit({ type: 'lan-status', state: 'ready', detail: '' })
    expect(transport.status()).toEqual({ state: 'off' })
    const stay = join()
    emit({ type: 'lan-status', state: 'ready', detail: '' })
    emit({ type: 'lan-status', state: 'ready', detail: '' })
    emit({ type: 'lan-status', state: 'unavailable', detail: 'no-network' })
    stay.leave()
    expect(statuses).toEqual([
      { state: 'starting' },
      { state: 'ready' },
      { state: 'unavailable', detail: 'no-network' },
      { state: 'off' },
    ])
  })

  test('a host that cannot join makes it unavailable, with the reason', async () => {
    const { transport, join } = setup({ join: () => Promise.reject(new HostError('lan-unavailable')) })
    join()
    await Promise.resolve()
    await Promise.resolve()
    expect(transport.status()).toEqual({ state: 'unavailable', detail: 'lan-unavailable' })
  })
})

describe('links', () => {
  test('a link of another room, or of a room that was left, is not handed over', () => {
    const { emit, join, links, calls, opens } = setup()
    const stay = join()
    emit({ type: 'lan-link', roomId: 'another', linkId: 'x', initiator: true })
    stay.leave()
    opens('late')
    expect(links).toEqual([])
    expect(calls).toEqual(['join', 'close x', 'leave 0', 'close late'])
  })

  test('frames that come early wait in order; too many close the link', () => {
    const { emit, join, opens, calls } = setup()
    join()
    const link = opens('a')
    for (const byte of [1, 2, 3]) emit({ type: 'lan-frame', linkId: 'a', frame: Uint8Array.of(byte) })
    const got: number[] = []
    link.onFrame((frame) => got.push(frame[0]!))
    emit({ type: 'lan-frame', linkId: 'a', frame: Uint8Array.of(4) })
    emit({ type: 'lan-frame', linkId: 'unknown', frame: Uint8Array.of(5) })
    expect(got).toEqual([1, 2, 3, 4])

    const flooded = opens('b')
    for (let count = 0; count < 1025; count++) emit({ type: 'lan-frame', linkId: 'b', frame: Uint8Array.of(1) })
    let reason = ''
    flooded.onClose((why) => (reason = why))
    expect([reason, calls.at(-1)]).toEqual(['too-many-early-frames', 'close b'])
  })

  test('send waits for the host, refuses wrong sizes, and a host that has no such link closes it here', async () => {
    let release: (() => void) | undefined
    const { join, opens, calls } = setup({ send: () => new Promise((resolve) => (release = resolve)) })
    join()
    const link = opens('a')
    let sent = false
    const sending = link.send(new Uint8Array(9)).then(() => (sent = true))
    await Promise.resolve()
    expect(sent).toBe(false)
    release?.()
    await sending
    await expect(link.send(new Uint8Array(0))).rejects.toThrow(RangeError)
    await expect(link.send(new Uint8Array(MAX_FRAME + 1))).rejects.toThrow(RangeError)
    expect(calls).toEqual(['join', 'send a 9'])

    const gone = setup({ send: () => Promise.reject(new HostError('link-closed')) })
    gone.join()
    const lost = gone.opens('a')
    const reasons: string[] = []
    lost.onClose((reason) => reasons.push(reason))
    await expect(lost.send(new Uint8Array(1))).rejects.toMatchObject({ name: 'LinkClosed' })
    await expect(lost.send(new Uint8Array(1))).rejects.toMatchObject({ name: 'LinkClosed' })
    expect(reasons).toEqual(['link-closed'])
  })

  test('leaving one room closes its links only; closing the transport leaves all and stops listening', () => {
    const { transport, join, opens, handlers, calls } = setup()
    const one = join()
    join()
    const [first, second] = [opens('a', 0), opens('b', 1)]
    const closed: string[] = []
    first.onClose((reason) => closed.push(`a ${reason}`))
    second.onClose((reason) => closed.push(`b ${reason}`))
    one.leave()
    one.leave()
    expect(closed).toEqual(['a left'])
    transport.close()
    expect(closed).toEqual(['a left', 'b left'])
    expect(calls).toEqual(['join', 'join', 'leave 0', 'leave 1'])
    expect(handlers.size).toBe(0)
  })
})

import { expect, test } from 'vitest'
import { randomBytes, toHex } from '../../shared/base/bytes.ts'
import { createLive } from '../../shared/base/live.ts'
import type { Room, Transport } from '../../shared/sync/link.ts'
import { createRoomShares, inTurn, NEWCOMER } from './share-rooms.ts'

function fakeTransport(kind: Transport['kind']) {
  const rooms = new Set<string>()
  const most = { now: 0 }
  const transport: Transport = {
    kind,
    status: () => ({ state: 'ready' }),
    onStatus: () => () => undefined,
    join({ key }) {
      rooms.add(toHex(key))
      most.now = Math.max(most.now, rooms.size)
      return { leave: () => void rooms.delete(toHex(key)) }
    },
    close: () => undefined,
  }
  return { transport, rooms, most }
}

const room = (purpose: Room['purpose'] = 'circle'): Room => ({ key: randomBytes(32), purpose })
const named = ({ key }: Room): string => toHex(key)

function setUp(most: number) {
  const lan = fakeTransport('lan')
  const webrtc = fakeTransport('webrtc')
  const transports = createLive<readonly Transport[]>([lan.transport, webrtc.transport])
  const shares = createRoomShares({ transports, most })
  const join = (owner: string, ...rooms: readonly Room[]) => {
    const share = shares.of(owner)
    const [first] = share.transports.get()
    return rooms.map((one) => first!.join(one, () => undefined))
  }
  return { lan, webrtc, transports, shares, join }
}

test('the group on the screen is found in all its rooms, and each of the others in its newest', () => {
  const { lan, shares, join } = setUp(4)
  const [a1, a2, b1, b2, c1, c2] = Array.from({ length: 6 }, () => room())
  join('a', a1!, a2!)
  join('b', b1!, b2!)
  join('c', c1!, c2!)
  shares.show('b')
  expect([...lan.rooms].toSorted()).toEqual([b1!, b2!, a1!, c1!].map(named).toSorted())
  shares.show('c')
  expect([...lan.rooms].toSorted()).toEqual([c1!, c2!, a1!, b1!].map(named).toSorted())
  expect(lan.most.now).toBe(4)
})

test('a code that is typed in always has its place, and what had to give way comes back', () => {
  const { lan, shares, join } = setUp(2)
  const [a, b, code] = [room(), room(), room('joining')]
  join('a', a)
  join('b', b)
  shares.show('a')
  const [joined] = join(NEWCOMER, code)
  expect([...lan.rooms].toSorted()).toEqual([code, a].map(named).toSorted())
  joined!.leave()
  expect([...lan.rooms].toSorted()).toEqual([a, b].map(named).toSorted())
  joined!.leave()
  expect(lan.rooms.size).toBe(2)
})

test('rooms where the groups meet come before rooms of invitations of another group', () => {
  const wishes = [
    { owner: 'a', room: room('joining') },
    { owner: 'a', room: room() },
    { owner: 'a', room: room() },
    { owner: 'b', room: room('joining') },
    { owner: 'b', room: room() },
  ]
  const order = inTurn(wishes, 'b').map((wish) => wishes.indexOf(wish))
  expect(order).toEqual([4, 3, 1, 2, 0])
  expect(inTurn(wishes, undefined).map((wish) => wishes.indexOf(wish))).toEqual([1, 4, 2, 0, 3])
})

test('only the LAN is short of rooms', () => {
  const { webrtc, shares } = setUp(1)
  const [, second] = shares.of('a').transports.get()
  for (const one of [room(), room(), room()]) second!.join(one, () => undefined)
  expect(webrtc.rooms.size).toBe(3)
})

test('a transport that is gone is joined by nobody any more, and one that stays is the same to its groups', () => {
  const { lan, transports, shares } = setUp(1)
  const share = shares.of('a')
  const [mine, other] = share.transports.get()
  const first = mine!.join(room(), () => undefined)
  mine!.join(room(), () => undefined)
  const webrtc = transports.get()[1]!
  transports.set([webrtc])
  expect(share.transports.get()).toEqual([other])
  expect(share.transports.get()[0]).toBe(other)
  first.leave()
  expect(lan.rooms.size).toBe(0)
})

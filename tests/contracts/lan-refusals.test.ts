/** What strangers, and members who misbehave, send to the LAN port: refused, one line in the log, and nothing else happens. */
import { type Socket, connect, createServer } from 'node:net'
import makeMdns from 'multicast-dns'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Announcement, readRecords } from '../../electron/services/lan/announcement.ts'
import { type Opened, callRoom } from '../../electron/services/lan/handshake.ts'
import { type LanService, createLanService } from '../../electron/services/lan/index.ts'
import { roomKeys } from '../../electron/services/lan/keys.ts'
import { LAN_LIMITS } from '../../electron/services/lan/limits.ts'
import { dayOf, matchRooms } from '../../electron/services/lan/tags.ts'
import { makePrefix } from '../../electron/services/lan/prefix.ts'
import { randomBytes } from '../../shared/base/bytes.ts'
import type { LanEvent } from '../../shared/host/ports.ts'
import { MAX_FRAME } from '../../shared/sync/link.ts'

const OUTSIDER = '0'.repeat(20)
const key = randomBytes(32)
let log: string[]
let events: LanEvent[]
let service: LanService
let announced: Announcement

const until = async (condition: () => boolean, what: string, within = 15_000): Promise<void> => {
  const deadline = Date.now() + within
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not in time: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Hears the service's own announcement, as anyone on the network can. */
function overhear(): { readonly heard: Announcement[]; close(): void } {
  const heard: Announcement[] = []
  const mdns = makeMdns({ interface: '127.0.0.1', bind: '0.0.0.0' })
  mdns.on('response', ({ answers }) => {
    const said = readRecords(answers ?? [])
    if (said?.type === 'here') heard.push(said.announcement)
  })
  return { heard, close: () => mdns.destroy() }
}

/** Joins, and gives the service's own announcement: other services may run on this computer at the same time. */
async function announcementOf(joining: LanService, roomKey: Uint8Array): Promise<Announcement> {
  const ear = overhear()
  const room = { keys: roomKeys(roomKey) }
  const own = (): Announcement | undefined =>
    ear.heard.find(({ instance, slots }) => matchRooms([room], slots, dayOf(Date.now()), instance).length === 1)
  await joining.port.join({ roomId: 'room', key: roomKey })
  await until(() => own() !== undefined, 'announced')
  ear.close()
  return own()!
}

async function startService(): Promise<void> {
  log = []
  events = []
  service = createLanService({
    log: (line) => log.push(line),
    loopback: true,
    limits: { handshakeTimeout: 1500, maxPerWindow: 10_000 },
  })
  service.onEvent((event) => events.push(event))
  announced = await announcementOf(service, key)
}

const dial = (port = announced.port): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.on('error', () => undefined)
      resolve(socket)
    })
  })

const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('close', () => resolve()))

async function refuses(...chunks: readonly Uint8Array[]): Promise<void> {
  const socket = await dial()
  const end = closed(socket)
  socket.resume()
  for (const chunk of chunks) socket.write(chunk)
  await end
}

const member = async (
  port?: number,
): Promise<{ opened: Opened<{ keys: ReturnType<typeof roomKeys> }>; raw: Socket }> => {
  const raw = await dial(port)
  const names = { own: OUTSIDER, other: announced.instance }
  const opened = await callRoom(raw, { keys: roomKeys(key) }, names, LAN_LIMITS)
  opened.stream.on('error', () => undefined)
  return { opened, raw }
}

const linksOpened = (): number => events.filter(({ type }) => type === 'lan-link').length
const linksClosed = (): number => events.filter(({ type }) => type === 'lan-closed').length

/** The service still takes a member, and carries a frame. */
async function expectItGoesOn(): Promise<void> {
  const before = linksOpened()
  const { opened } = await member()
  opened.stream.write(Buffer.from('still here'))
  await until(() => linksOpened() === before + 1, 'a member still links')
  await until(
    () => events.some((event) => event.type === 'lan-frame' && Buffer.from(event.frame).toString() === 'still here'),
    'a frame still arrives',
  )
  opened.stream.destroy()
}

beforeEach(startService)
afterEach(() => service.close())

describe('refused on the LAN port, logged once, and the service goes on', () => {
  const strangers: Record<string, () => Promise<void>> = {
    'an HTTP request': () => refuses(Buffer.from('GET / HTTP/1.1\r\nHost: 10.0.0.1\r\n\r\n')),
    'a TLS greeting': () => refuses(Buffer.from('16030100f8010000f40303', 'hex'), randomBytes(400)),
    'random bytes': () => refuses(randomBytes(5000)),
    'a port scan: connections closed at once': async () => {
      for (let count = 0; count < 100; count++) (await dial()).destroy()
    },
    'one who says nothing': () => refuses(),
    'one who says a little and stops': () => refuses(Buffer.from('SSH-2.0-x\r\n')),
    'a prefix of another room': () => refuses(makePrefix(roomKeys(randomBytes(32)), announced.instance)),
    'a recorded prefix meant for another computer': () => refuses(makePrefix(roomKeys(key), OUTSIDER)),
    'a good prefix, then garbage': () =>
      refuses(makePrefix(roomKeys(key), announced.instance), Buffer.from([0, 96]), randomBytes(96)),
    'a good prefix, then an oversized handshake message': () =>
      refuses(makePrefix(roomKeys(key), announced.instance), Buffer.from([0xff, 0xff]), randomBytes(65_535)),
  }

  test.each(Object.keys(strangers))('%s', async (name) => {
    await strangers[name]!()
    await strangers[name]!()
    await until(() => log.length > 0, 'logged')
    await expectItGoesOn()
    expect(log).toHaveLength(1)
    expect(log[0]).toMatch(/^lan: refused a connection with \S+: /)
    expect(linksOpened()).toBe(1)
  })

  test('a frame over the limit from one in the room', async () => {
    const { opened } = await member()
    await until(() => linksOpened() === 1, 'linked')
    opened.stream.write(Buffer.alloc(MAX_FRAME + 1))
    await until(() => linksClosed() === 1, 'closed')
    expect(events.filter(({ type }) => type === 'lan-frame')).toEqual([])
    expect(events.find(({ type }) => type === 'lan-closed')).toMatchObject({ reason: 'refused' })
    expect(log).toEqual([expect.stringContaining('a frame over the limit')])
    await expectItGoesOn()
  })

  test('garbage in place of an encrypted frame', async () => {
    const { raw } = await member()
    await until(() => linksOpened() === 1, 'linked')
    raw.write(Buffer.concat([Buffer.from([40, 0, 0]), randomBytes(40)]))
    await until(() => linksClosed() === 1, 'closed')
    expect(events.filter(({ type }) => type === 'lan-frame')).toEqual([])
    expect(log).toHaveLength(1)
    await expectItGoesOn()
  })

  test('a bit changed, a byte dropped or a piece sent twice on the way', async () => {
    const spoil: readonly ((data: Buffer) => Buffer)[] = [
      (data) => Buffer.from(data.map((byte, index) => (index === 20 ? byte ^ 1 : byte))),
      (data) => Buffer.concat([data.subarray(0, 20), data.subarray(21), data]),
      (data) => Buffer.concat([data, data]),
    ]
    for (const change of spoil) {
      const before = linksClosed()
      let spoiling = false
      const between = createServer((near) => {
        const far = connect({ host: '127.0.0.1', port: announced.port })
        for (const socket of [near, far]) socket.on('error', () => undefined)
        near.on('data', (data) => far.write(spoiling ? change(data) : data))
        far.on('data', (data) => near.write(data))
        far.on('close', () => near.destroy())
      })
      await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve))
      const address = between.address()
      const { opened } = await member(typeof address === 'object' ? address?.port : 0)
      await until(() => linksOpened() > before, 'linked')
      spoiling = true
      opened.stream.write(randomBytes(200))
      opened.stream.write(randomBytes(200))
      await until(() => linksClosed() === before + 1, 'closed')
      between.close()
    }
    expect(events.filter((event) => event.type === 'lan-frame' && event.frame.length !== 200)).toEqual([])
    expect(log).toHaveLength(1)
    await expectItGoesOn()
  })
})

test('one address that connects too often is refused for a while, another service is not harmed', async () => {
  const strict = createLanService({ log: (line) => log.push(line), loopback: true, limits: { maxPerWindow: 5 } })
  const { port } = await announcementOf(strict, randomBytes(32))
  for (let count = 0; count < 20; count++) {
    const socket = await dial(port)
    const end = closed(socket)
    socket.resume()
    socket.write(Buffer.from('GET / HTTP/1.1\r\nHost: 10.0.0.1\r\n\r\n'))
    await end
  }
  expect(log).toHaveLength(1)
  await strict.close()
  await expectItGoesOn()
})

test('what is announced: slots in fours, and nothing that names the person or the computer', async () => {
  expect(announced.slots).toHaveLength(4)
  expect(announced.instance).toMatch(/^[0-9a-f]{20}$/)
  const ear = overhear()
  for (const index of [1, 2, 3, 4]) await service.port.join({ roomId: `room ${index}`, key: randomBytes(32) })
  const ours = () => ear.heard.filter(({ instance }) => instance === announced.instance)
  await until(() => ours().at(-1)?.slots.length === 8, 'eight slots for five rooms')
  await service.port.leave({ roomId: 'room 1' })
  await until(() => ours().at(-1)?.slots.length === 4, 'four slots for four rooms')
  ear.close()
})

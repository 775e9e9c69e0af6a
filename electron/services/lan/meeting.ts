/** One stay on the network, from the first room joined to the last one left, under one random name. */
import { randomBytes } from 'node:crypto'
import { type Socket, connect } from 'node:net'
import type { Clock } from '../../../shared/base/clock.ts'
import type { LanEvent } from '../../../shared/host/ports.ts'
import type { Announcement } from './announcement.ts'
import { CALL_TIMING, type Place, createCalls } from './calls.ts'
import { type Discovery, createDiscovery } from './discovery.ts'
import { HandshakeRefused, type Opened, callRoom } from './handshake.ts'
import type { RoomKeys } from './keys.ts'
import type { LanLimits } from './limits.ts'
import { type Links, createLinks } from './links.ts'
import { createListener } from './listener.ts'
import { createNames } from './names.ts'
import { dayOf, makeSlots, matchRooms } from './tags.ts'

export interface LanRoom {
  readonly id: string
  readonly keys: RoomKeys
}

export interface Meeting {
  readonly links: Links<LanRoom>
  /** The set of rooms has changed. */
  roomsChanged(): void
  leave(room: LanRoom): void
  /** Says goodbye and closes everything; resolves when the goodbye is sent. */
  stop(): Promise<void>
}

interface MeetingOptions {
  readonly loopback: boolean
  readonly limits: LanLimits
  readonly clock: Clock
  readonly rooms: () => readonly LanRoom[]
  readonly onEvent: (event: LanEvent) => void
  readonly onRefused: (address: string, reason: string) => void
  readonly onStatus: (state: 'ready' | 'unavailable', detail: string) => void
}

const CONNECT_TIMEOUT = 3000
const LOOK_AT_THE_DAY = 60_000

/** Resolves undefined where nobody answers. */
const reach = ({ address, port }: Place): Promise<Socket | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ host: address, port, noDelay: true })
    socket.setTimeout(CONNECT_TIMEOUT, () => socket.destroy())
    socket.on('error', () => undefined)
    const failed = (): void => resolve(undefined)
    socket.once('close', failed)
    socket.once('connect', () => {
      socket.off('close', failed)
      socket.setTimeout(0)
      resolve(socket)
    })
  })

/** Rejects where no port can be opened. */
export async function createMeeting(options: MeetingOptions): Promise<Meeting> {
  const { limits, clock } = options
  const decoySecret = randomBytes(32)
  const names = createNames(clock)
  let stopped = false

  const links = createLinks<LanRoom>({
    event: options.onEvent,
    refused: options.onRefused,
    ended: (room, instance, how) => calls.linkEnded(room, instance, how),
  })

  const opened = (link: Opened<LanRoom>, address: string): boolean => {
    const wanted = !stopped && options.rooms().includes(link.room) && links.count() < limits.maxLinks
    if (wanted) links.add(link, address)
    else link.stream.destroy()
    return wanted
  }

  const call = async (room: LanRoom, instance: string, place: Place): Promise<boolean> => {
    const socket = await reach(place)
    if (socket === undefined) return false
    try {
      return opened(await callRoom(socket, room, { own: names.own(), other: instance }, limits), place.address)
    } catch (thrown) {
      options.onRefused(place.address, thrown instanceof HandshakeRefused ? thrown.message : String(thrown))
      return false
    }
  }

  const calls = createCalls<LanRoom>({ timing: CALL_TIMING, own: () => names.own(), linked: links.has, call })

  const listener = await createListener<LanRoom>({
    limits,
    clock,
    rooms: options.rooms,
    names: () => ({ own: names.own(), answersTo: names.answersTo() }),
    onOpened: opened,
    onRefused: options.onRefused,
  })

  const current = (): Announcement => ({
    instance: names.own(),
    port: listener.port,
    slots: makeSlots(
      options.rooms().map(({ keys }) => keys),
      decoySecret,
      names.day(),
      names.own(),
    ),
  })

  const discovery: Discovery = createDiscovery(options.loopback, {
    current,
    heard(said, { address }) {
      if (said.type === 'gone') return calls.gone(said.instance)
      const { instance, port, slots } = said.announcement
      if (names.answersTo().includes(instance)) return
      calls.heard(instance, { address, port }, matchRooms(options.rooms(), slots, dayOf(clock.now()), instance))
    },
    networkChanged(interfaces) {
      if (interfaces.length === 0) options.onStatus('unavailable', 'no-network')
      else options.onStatus('ready', '')
      calls.networkChanged()
    },
    failed: (reason) => options.onStatus('unavailable', `discovery-failed: ${reason}`),
  })

  const newDay = setInterval(() => {
    const old = current()
    const turned = names.turn(links.count() > 0)
    if (turned === 'name') void discovery.goodbye(old)
    if (turned !== 'same') discovery.announce()
  }, LOOK_AT_THE_DAY)
  newDay.unref()

  return {
    links,
    roomsChanged: () => discovery.announce(),
    leave(room) {
      calls.roomLeft(room)
      links.closeRoom(room)
    },
    async stop() {
      const last = current()
      stopped = true
      clearInterval(newDay)
      calls.stop()
      listener.close()
      await discovery.goodbye(last)
      discovery.close()
    },
  }
}

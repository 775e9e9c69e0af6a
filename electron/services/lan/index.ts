/**
 * The LAN: finds others who hold a room's key and carries frames between them, encrypted. Nothing listens and nothing is
 * announced until a room is joined. The wire: announcement.ts and tags.ts (who is found), prefix.ts and handshake.ts (how a
 * connection begins), frames.ts (what it carries).
 */
import { systemClock } from '../../../shared/base/clock.ts'
import { createEmitter } from '../../../shared/base/emitter.ts'
import { describeThrown } from '../../../shared/base/errors.ts'
import { equalBytes } from '../../../shared/base/bytes.ts'
import { HostError } from '../../../shared/host/errors.ts'
import type { LanEvent, LanPort } from '../../../shared/host/ports.ts'
import { roomKeys } from './keys.ts'
import { LAN_LIMITS, type LanLimits, createRefusalLog } from './limits.ts'
import { type LanRoom, type Meeting, createMeeting } from './meeting.ts'
import { MAX_ROOMS } from './tags.ts'

export interface LanService {
  readonly port: LanPort
  onEvent(handler: (event: LanEvent) => void): () => void
  /** Leaves every room and resolves when the network has been told. */
  close(): Promise<void>
  /** Leaves every room; for when the window is gone or loaded again. The service stays usable. */
  reset(): Promise<void>
}

export interface LanServiceOptions {
  readonly log: (line: string) => void
  /** Also looks on this computer's loopback, for two installations on one machine without a network. Default: false. */
  readonly loopback?: boolean
  readonly limits?: Partial<LanLimits>
  readonly clock?: { now(): number }
}

export function createLanService(options: LanServiceOptions): LanService {
  const rooms = new Map<string, LanRoom>()
  const events = createEmitter<LanEvent>()
  const onRefused = createRefusalLog(options.log)
  let meeting: Promise<Meeting> | undefined
  let status: Extract<LanEvent, { type: 'lan-status' }> | undefined
  let closed = false

  const onStatus = (state: 'ready' | 'unavailable', detail: string): void => {
    if (state === status?.state && detail === status.detail) return
    status = { type: 'lan-status', state, detail }
    events.emit(status)
  }

  const open = async (): Promise<Meeting> => {
    try {
      return await createMeeting({
        loopback: options.loopback ?? process.env['TEATRAY_LAN_LOOPBACK'] === '1',
        limits: { ...LAN_LIMITS, ...options.limits },
        clock: options.clock ?? systemClock,
        rooms: () => [...rooms.values()],
        onEvent: (event) => events.emit(event),
        onRefused,
        onStatus,
      })
    } catch (thrown) {
      meeting = undefined
      onStatus('unavailable', 'listen-failed')
      throw new HostError('lan-unavailable', describeThrown(thrown))
    }
  }

  const leave = async (roomId: string): Promise<void> => {
    const room = rooms.get(roomId)
    if (room === undefined) return
    rooms.delete(roomId)
    const current = meeting
    if (current === undefined) return
    if (rooms.size === 0) {
      meeting = undefined
      status = undefined
    }
    const stay = await current
    stay.leave(room)
    if (meeting === current) stay.roomsChanged()
    else await stay.stop()
  }

  // A window that was loaded again joins anew and knows nothing of its old links.
  const leaveOlder = async (roomId: string, keys: LanRoom['keys']): Promise<void> => {
    const older = [...rooms.values()].filter((room) => room.id === roomId || equalBytes(room.keys.psk, keys.psk))
    for (const room of older) await leave(room.id)
  }

  const reset = async (): Promise<void> => {
    await Promise.all([...rooms.keys()].map(leave))
  }

  return {
    onEvent: (handler) => events.on(handler),
    reset,
    async close() {
      closed = true
      await reset()
    },
    port: {
      async join({ roomId, key }) {
        if (closed) throw new HostError('lan-closed')
        const keys = roomKeys(key)
        await leaveOlder(roomId, keys)
        if (rooms.size >= MAX_ROOMS) throw new HostError('too-many-rooms')
        rooms.set(roomId, { id: roomId, keys })
        meeting ??= open()
        const stay = await meeting
        if (!rooms.has(roomId)) return
        stay.roomsChanged()
        // Said again to a window that is new and has not heard it.
        if (status !== undefined) events.emit(status)
      },
      leave: ({ roomId }) => leave(roomId),
      async send({ linkId, frame }) {
        if (meeting === undefined) throw new HostError('link-closed')
        await (await meeting).links.send(linkId, frame)
      },
      async closeLink({ linkId }) {
        if (meeting !== undefined) (await meeting).links.close(linkId)
      },
    },
  }
}

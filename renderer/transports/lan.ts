/** The LAN as a Transport: the host finds the others and encrypts, the window sees rooms, links and frames. */
import { randomBytes, toHex } from '../../shared/base/bytes.ts'
import { createEmitter } from '../../shared/base/emitter.ts'
import { toHostError } from '../../shared/host/errors.ts'
import type { HostEvent, LanPort } from '../../shared/host/ports.ts'
import { type Link, LinkClosed, MAX_FRAME, type Transport, type TransportStatus } from '../../shared/sync/link.ts'

/** Frames that may wait for a link's handler; one more closes the link (64 MiB at most). */
const MAX_EARLY = 1024

interface Held {
  readonly link: Link
  readonly roomId: string
  receive(frame: Uint8Array): void
  /** The host says it is closed, or the room was left. */
  closed(reason: string): void
}

function createLink(lan: LanPort, linkId: string, roomId: string, initiator: boolean, forget: () => void): Held {
  const early: Uint8Array[] = []
  const closeHandlers: ((reason: string) => void)[] = []
  let frameHandler: ((frame: Uint8Array) => void) | undefined
  let closedFor: string | undefined

  const closed = (reason: string): void => {
    if (closedFor !== undefined) return
    closedFor = reason
    forget()
    for (const handler of closeHandlers.splice(0)) handler(reason)
  }
  const close = (reason: string): void => {
    if (closedFor !== undefined) return
    closed(reason)
    // The host forgets the link by itself where it cannot be told.
    lan.closeLink({ linkId }).catch(() => undefined)
  }
  const send = async (frame: Uint8Array): Promise<void> => {
    if (closedFor !== undefined) throw new LinkClosed(closedFor)
    if (frame.length === 0 || frame.length > MAX_FRAME) throw new RangeError(`a frame of ${frame.length} bytes`)
    try {
      await lan.send({ linkId, frame })
    } catch (thrown) {
      const { error } = toHostError(thrown)
      close(error)
      throw new LinkClosed(error)
    }
  }

  return {
    roomId,
    closed,
    receive(frame) {
      if (closedFor !== undefined) return
      if (frameHandler !== undefined) frameHandler(frame)
      else if (early.push(frame) > MAX_EARLY) close('too-many-early-frames')
    },
    link: {
      kind: 'lan',
      initiator,
      send,
      onFrame(handler) {
        frameHandler = handler
        for (const frame of early.splice(0)) handler(frame)
      },
      onClose(handler) {
        if (closedFor === undefined) closeHandlers.push(handler)
        else handler(closedFor)
      },
      close: (reason = 'closed') => close(reason),
    },
  }
}

export function createLanTransport(options: {
  readonly lan: LanPort
  readonly onEvent: (handler: (event: HostEvent) => void) => () => void
}): Transport {
  const { lan } = options
  const rooms = new Map<string, (link: Link) => void>()
  const links = new Map<string, Held>()
  const statuses = createEmitter<TransportStatus>()
  let status: TransportStatus = { state: 'off' }

  const setStatus = (next: TransportStatus): void => {
    if (next.state === status.state && next.detail === status.detail) return
    status = next
    statuses.emit(next)
  }
  const failed = (thrown: unknown): void => {
    const { error } = toHostError(thrown)
    setStatus({ state: 'unavailable', detail: error })
  }

  const opened = (roomId: string, linkId: string, initiator: boolean): void => {
    const onLink = rooms.get(roomId)
    // Left while the link was on its way here.
    if (onLink === undefined) return void lan.closeLink({ linkId }).catch(failed)
    const held = createLink(lan, linkId, roomId, initiator, () => links.delete(linkId))
    links.set(linkId, held)
    onLink(held.link)
  }

  const stopListening = options.onEvent((event) => {
    switch (event.type) {
      case 'lan-status':
        if (rooms.size > 0) {
          setStatus(event.detail === '' ? { state: event.state } : { state: event.state, detail: event.detail })
        }
        return
      case 'lan-link':
        return opened(event.roomId, event.linkId, event.initiator)
      case 'lan-frame':
        return links.get(event.linkId)?.receive(event.frame)
      case 'lan-closed':
        return links.get(event.linkId)?.closed(event.reason)
      default:
    }
  })

  const leave = (roomId: string): void => {
    if (!rooms.delete(roomId)) return
    for (const held of links.values()) if (held.roomId === roomId) held.closed('left')
    if (rooms.size === 0) setStatus({ state: 'off' })
    lan.leave({ roomId }).catch(failed)
  }

  return {
    kind: 'lan',
    status: () => status,
    onStatus: (handler) => statuses.on(handler),
    join(room, onLink) {
      const roomId = toHex(randomBytes(12))
      if (rooms.size === 0) setStatus({ state: 'starting' })
      rooms.set(roomId, onLink)
      lan.join({ roomId, key: room.key }).catch((thrown) => {
        if (rooms.has(roomId)) failed(thrown)
      })
      return { leave: () => leave(roomId) }
    },
    close() {
      for (const roomId of rooms.keys()) leave(roomId)
      stopListening()
    },
  }
}

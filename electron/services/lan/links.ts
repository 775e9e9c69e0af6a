/** The open links, by id and by who is at the other end. */
import { randomBytes } from 'node:crypto'
import { HostError } from '../../../shared/host/errors.ts'
import type { LanEvent } from '../../../shared/host/ports.ts'
import { type FrameEnd, type Frames, frameStream } from './frames.ts'
import type { Opened } from './handshake.ts'

export interface LinkRoom {
  readonly id: string
}

interface OpenLink<Room> {
  readonly room: Room
  readonly instance: string
  readonly frames: Frames
}

export interface Links<Room extends LinkRoom> {
  /** Takes over the stream and tells of it. */
  add(opened: Opened<Room>, address: string): void
  readonly has: (room: Room, instance: string) => boolean
  count(): number
  /** Rejects 'link-closed' where there is no such link. */
  send(linkId: string, frame: Uint8Array): Promise<void>
  close(linkId: string): void
  closeRoom(room: Room): void
}

/** 'closed' and 'left': by this side. The rest: what happened at the other end or between. */
export type LinkEnd = FrameEnd | 'closed' | 'left'

export function createLinks<Room extends LinkRoom>(on: {
  event(event: LanEvent): void
  refused(address: string, reason: string): void
  ended(room: Room, instance: string, how: LinkEnd): void
}): Links<Room> {
  const links = new Map<string, OpenLink<Room>>()

  const end = (linkId: string, how: LinkEnd, reason: string): void => {
    const link = links.get(linkId)
    if (link === undefined || !links.delete(linkId)) return
    on.event({ type: 'lan-closed', linkId, reason })
    on.ended(link.room, link.instance, how)
  }
  const closeHere = (linkId: string, how: 'closed' | 'left'): void => {
    links.get(linkId)?.frames.close()
    end(linkId, how, how)
  }

  return {
    add({ room, instance, initiator, stream }, address) {
      const linkId = randomBytes(12).toString('hex')
      const frames = frameStream(stream, {
        frame: (frame) => on.event({ type: 'lan-frame', linkId, frame }),
        end: (how, detail) => {
          if (how === 'refused') on.refused(address, detail)
          end(linkId, how, how)
        },
      })
      links.set(linkId, { room, instance, frames })
      on.event({ type: 'lan-link', roomId: room.id, linkId, initiator })
    },
    has: (room, instance) => [...links.values()].some((link) => link.room === room && link.instance === instance),
    count: () => links.size,
    send(linkId, frame) {
      const link = links.get(linkId)
      return link === undefined ? Promise.reject(new HostError('link-closed')) : link.frames.send(frame)
    },
    close: (linkId) => closeHere(linkId, 'closed'),
    closeRoom(room) {
      for (const [linkId, link] of links) if (link.room === room) closeHere(linkId, 'left')
    },
  }
}

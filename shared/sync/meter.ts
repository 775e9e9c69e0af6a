/** Counts what a link is given to send. All that leaves over a connection goes through a Link, so this is the one place to count. */
import type { DeviceId } from '../base/ids.ts'
import type { Link, LinkKind } from './link.ts'

/** Of one link. */
export interface LinkMeter {
  /** Bytes of one frame, as handed to the transport: sealed, without what the network adds. */
  sent(bytes: number): void
  /** Changes, as everywhere in who has what: places of signed logs. */
  changes(count: number): void
  /** Who proved to be at the other end, and whether they are in the group just now. */
  reached(device: DeviceId, isPresent: boolean): void
  /** Nothing follows. */
  close(): void
}

export type OpenMeter = (kind: LinkKind) => LinkMeter

export function metered(link: Link, meter: LinkMeter): Link {
  let isOpen = true
  link.onClose(() => {
    isOpen = false
    meter.close()
  })
  return {
    kind: link.kind,
    initiator: link.initiator,
    send(frame) {
      // A closed link takes nothing.
      if (isOpen) meter.sent(frame.length)
      return link.send(frame)
    },
    onFrame: (handler) => link.onFrame(handler),
    onClose: (handler) => link.onClose(handler),
    close: (reason) => link.close(reason),
  }
}

/** Looks for others in one room over every transport there is just now. */
import type { Live } from '../base/live.ts'
import type { Link, Room, Transport } from './link.ts'

/**
 * Follows the list of transports: a new one is joined, one that is gone is left, and the links of those that stay, stay.
 * The result leaves the room on all of them, which closes its links.
 */
export function joinRoom(request: {
  readonly transports: Live<readonly Transport[]>
  readonly room: Room
  readonly onLink: (link: Link) => void
}): () => void {
  const { transports, room, onLink } = request
  const joined = new Map<Transport, { leave(): void }>()

  const follow = (): void => {
    const wanted = new Set(transports.get())
    for (const [transport, { leave }] of joined) {
      if (wanted.has(transport)) continue
      joined.delete(transport)
      leave()
    }
    for (const transport of wanted) {
      if (!joined.has(transport)) joined.set(transport, transport.join(room, onLink))
    }
  }

  const unsubscribe = transports.subscribe(follow)
  follow()
  return () => {
    unsubscribe()
    for (const { leave } of joined.values()) leave()
    joined.clear()
  }
}

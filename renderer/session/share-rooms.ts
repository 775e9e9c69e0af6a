/**
 * The LAN announces only so many rooms at once (electron/services/lan/tags.ts). Several groups share them: the code that is being
 * typed in comes first, then the group on the screen, then the others in turn, so that each of them is found by its newest keys
 * before any is found by its older ones. A room that has no place waits, and is joined as soon as there is one.
 */
import { createLive } from '../../shared/base/live.ts'
import { MAX_LAN_ROOMS } from '../../shared/host/lan-rooms.ts'
import type { Live } from '../../shared/model/contexts.ts'
import type { Link, Room, Transport } from '../../shared/sync/link.ts'

export interface RoomShares {
  /** What one group sees of the transports, or the one who types a code; the same transports as long as those stay. */
  of(owner: string): SharedTransports
  /** Its rooms come first from now on. */
  show(owner: string | undefined): void
  close(): void
}

export interface SharedTransports {
  readonly transports: Live<readonly Transport[]>
  close(): void
}

/** Owner of the rooms in which a newcomer looks for whoever made the code. */
export const NEWCOMER = 'newcomer'

interface Wish {
  readonly owner: string
  readonly transport: Transport
  readonly room: Room
  readonly onLink: (link: Link) => void
  joined: { leave(): void } | undefined
}

/** In the order in which they get a place. */
export function inTurn<Item extends { readonly owner: string; readonly room: Pick<Room, 'purpose'> }>(
  wishes: readonly Item[],
  shown: string | undefined,
): readonly Item[] {
  const counts = new Map<string, number>()
  const placed = wishes.map((wish, order): readonly [number, number, number, Item] => {
    const isMeeting = wish.room.purpose === 'circle'
    const series = `${wish.owner} ${wish.room.purpose}`
    const place = counts.get(series) ?? 0
    counts.set(series, place + 1)
    if (wish.owner === NEWCOMER) return [0, 0, order, wish]
    if (wish.owner === shown) return [isMeeting ? 1 : 2, place, order, wish]
    return [isMeeting ? 3 : 4, place, order, wish]
  })
  return placed.toSorted((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]).map(([, , , wish]) => wish)
}

export function createRoomShares(request: {
  readonly transports: Live<readonly Transport[]>
  readonly most?: number
}): RoomShares {
  const { transports, most = MAX_LAN_ROOMS } = request
  let wishes: readonly Wish[] = []
  let shown: string | undefined

  const deal = (): void => {
    const present = transports.get()
    const turn = inTurn(
      wishes.filter(({ transport }) => present.includes(transport)),
      shown,
    )
    for (const wish of turn.slice(most)) {
      wish.joined?.leave()
      wish.joined = undefined
    }
    for (const wish of turn.slice(0, most)) wish.joined ??= wish.transport.join(wish.room, wish.onLink)
  }

  const shareOf = (transport: Transport, owner: string): Transport => ({
    kind: transport.kind,
    status: () => transport.status(),
    onStatus: (handler) => transport.onStatus(handler),
    join(room, onLink) {
      if (transport.kind !== 'lan') return transport.join(room, onLink)
      const wish: Wish = { owner, transport, room, onLink, joined: undefined }
      wishes = [...wishes, wish]
      deal()
      return {
        leave() {
          if (!wishes.includes(wish)) return
          wishes = wishes.filter((one) => one !== wish)
          wish.joined?.leave()
          wish.joined = undefined
          deal()
        },
      }
    },
    // Only whoever made it closes it.
    close: () => undefined,
  })

  return {
    of(owner) {
      const shares = new Map<Transport, Transport>()
      const read = (): readonly Transport[] =>
        transports.get().map((transport) => {
          const share = shares.get(transport) ?? shareOf(transport, owner)
          shares.set(transport, share)
          return share
        })
      const live = createLive(read())
      const stop = transports.subscribe(() => {
        for (const transport of shares.keys()) if (!transports.get().includes(transport)) shares.delete(transport)
        live.set(read())
      })
      return { transports: live, close: stop }
    },
    show(owner) {
      shown = owner
      deal()
    },
    close() {
      wishes = []
    },
  }
}

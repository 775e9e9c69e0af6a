/**
 * All groups of this computer while it is unlocked. Each goes on by itself, the one on the screen and the others alike; here is which
 * one that is, and whether something waits in another.
 */
import type { CircleId } from '../../shared/base/ids.ts'
import { createLive } from '../../shared/base/live.ts'
import type { GroupAttention, GroupContext, GroupSummary, Live } from '../../shared/model/contexts.ts'
import type { Transport } from '../../shared/sync/link.ts'
import { follow } from './follow.ts'
import type { OpenGroup } from './group.ts'
import type { RoomShares } from './share-rooms.ts'
import type { StoredCircles } from './stored-circles.ts'

export interface HeldGroup {
  readonly stored: StoredCircles
  readonly group: OpenGroup
}

export interface OpenGroups {
  readonly live: Live<readonly GroupSummary[]>
  /** In the order in which they were opened. */
  all(): readonly HeldGroup[]
  of(group: CircleId): HeldGroup | undefined
  /** The one on the screen; undefined where there is none at all. */
  shown(): HeldGroup | undefined
  /** Without effect where it is not open. */
  show(group: CircleId | undefined): void
  /** Anew where it is open already: somebody was let into it again. */
  open(stored: StoredCircles): Promise<HeldGroup>
  /** Has come while another one was on the screen; said until it is shown. */
  markNew(group: CircleId): void
  /** Saves, says goodbye, closes. */
  close(group: CircleId): Promise<void>
  /** One after the other, the one on the screen last; whatever goes wrong on the way, the rest is closed. */
  closeAll(): Promise<void>
}

interface Open extends HeldGroup {
  readonly attention: Live<GroupAttention | undefined>
  stop(): void
}

/** The person on the other side waits now; the rest can wait. */
export function attentionOf(group: GroupContext): GroupAttention | undefined {
  if (group.inviting.get()?.state.get().step === 'compare-words') return 'somebody-waits'
  const { save } = group.sync.get()
  if (save.state === 'stopped' && save.reason !== 'not-a-member') return 'writing-stopped'
  return group.arrivals.get().length > 0 ? 'put-in-circle' : undefined
}

/** Tells when another invitation is shown, and when that one goes on. */
function onInviting({ inviting }: GroupContext, onChange: () => void): () => void {
  let stopOne: (() => void) | undefined
  const followOne = (): void => {
    stopOne?.()
    stopOne = inviting.get()?.state.subscribe(onChange)
  }
  const stop = inviting.subscribe(() => {
    followOne()
    onChange()
  })
  followOne()
  return () => {
    stop()
    stopOne?.()
  }
}

function hold(stored: StoredCircles, group: OpenGroup, onChange: () => void): Open {
  const { context } = group
  const attention = follow(
    () => attentionOf(context),
    [
      (listener) => onInviting(context, listener),
      (listener) => context.arrivals.subscribe(listener),
      (listener) => context.sync.subscribe(listener),
    ],
  )
  const stops = [attention.live.subscribe(onChange), context.circle.name.subscribe(onChange)]
  return {
    stored,
    group,
    attention: attention.live,
    stop() {
      for (const stop of stops) stop()
      attention.stop()
    },
  }
}

export function createOpenGroups(request: {
  readonly shares: RoomShares
  readonly openGroup: (stored: StoredCircles, transports: Live<readonly Transport[]>) => Promise<OpenGroup>
}): OpenGroups {
  const { shares, openGroup } = request
  const opened = new Map<CircleId, Open>()
  const unseen = new Set<CircleId>()
  const live = createLive<readonly GroupSummary[]>([])
  let shown: CircleId | undefined

  const summaryOf = ({ group, attention }: Open): GroupSummary => {
    const { id, name } = group.context.circle
    const isShown = id === shown
    const found = attention.get()
    // A full disk stops all at once: the one on the screen says so.
    const isSaid = found === 'writing-stopped' && shown !== undefined && opened.get(shown)?.attention.get() === found
    const waits = (isSaid ? undefined : found) ?? (unseen.has(id) ? 'new-here' : undefined)
    const summary = { id, name: name.get(), isShown }
    return isShown || waits === undefined ? summary : { ...summary, attention: waits }
  }
  const update = (): void => {
    const next = [...opened.values()]
      .map(summaryOf)
      .toSorted((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1))
    if (JSON.stringify(next) !== JSON.stringify(live.get())) live.set(next)
  }

  const show = (group: CircleId | undefined): void => {
    if (group !== undefined && !opened.has(group)) return
    shown = group
    if (group !== undefined) unseen.delete(group)
    shares.show(group)
    update()
  }

  const close = async (group: CircleId): Promise<void> => {
    const one = opened.get(group)
    if (one === undefined) return
    opened.delete(group)
    one.stop()
    if (shown === group) show([...opened.keys()][0])
    else update()
    await one.group.close()
  }

  return {
    live,
    all: () => [...opened.values()],
    of: (group) => opened.get(group),
    shown: () => (shown === undefined ? undefined : opened.get(shown)),
    show,
    async open(stored) {
      const wasShown = shown === stored.group
      await close(stored.group)
      const share = shares.of(stored.group)
      try {
        const group = await openGroup(stored, share.transports)
        const close = async (): Promise<void> => {
          await group.close()
          share.close()
        }
        const one = hold(stored, { ...group, close }, update)
        opened.set(stored.group, one)
        if (wasShown || shown === undefined) show(stored.group)
        else update()
        return one
      } catch (thrown) {
        share.close()
        throw thrown
      }
    },
    markNew(group) {
      if (group !== shown) unseen.add(group)
      update()
    },
    close,
    async closeAll() {
      const last = shown
      const others = [...opened.keys()].filter((group) => group !== last)
      const results: PromiseSettledResult<void>[] = []
      for (const group of [...others, ...(last === undefined ? [] : [last])])
        results.push(...(await Promise.allSettled([close(group)])))
      const failed = results.find((result) => result.status === 'rejected')
      if (failed !== undefined) throw failed.reason
    },
  }
}

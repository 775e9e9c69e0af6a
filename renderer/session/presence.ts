/** Others' cursors in one document: only while both sides asked for them, never stored, gone thirty seconds after the last sign. */
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate, modifyAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import type { Clock } from '../../shared/base/clock.ts'
import { describeThrown } from '../../shared/base/errors.ts'
import { yjsClientIdOf } from '../../shared/membership/names.ts'
import type { Membership } from '../../shared/membership/state.ts'
import type { Carrier } from '../../shared/sync/carry.ts'
import type { PresenceEvent } from '../../shared/sync/circle-session.ts'
import type { PresenceSource } from './circle-context.ts'

/** Marks what came from others, so that it is not sent on. */
const RECEIVED = Symbol('received')

/** The clients an update speaks of, found by applying it to an awareness that nobody looks at. Throws where it is malformed. */
function clientsOf(update: Uint8Array): readonly number[] {
  const doc = new Y.Doc()
  const scratch = new Awareness(doc)
  try {
    scratch.setLocalState(null)
    scratch.meta.clear()
    applyAwarenessUpdate(scratch, update, RECEIVED)
    return [...scratch.meta.keys()]
  } finally {
    scratch.destroy()
    doc.destroy()
  }
}

export function createPresenceSource(request: {
  readonly membership: Membership
  readonly carrier: Pick<Carrier, 'sendPresence' | 'onPresence'>
  readonly clock: Clock
  readonly log: (line: string) => void
}): PresenceSource {
  const { membership, carrier, clock, log } = request
  const { circle, secrets } = membership
  const nameOf = (event: PresenceEvent): string => {
    const state = membership.state()
    const member = state.devices.get(event.device)?.member
    return (member === undefined ? undefined : state.members.get(member)?.name) ?? ''
  }

  const receive = (awareness: Awareness, event: PresenceEvent): void => {
    try {
      const client = yjsClientIdOf(circle, event.device, event.incarnation)
      if (clientsOf(event.update).some((each) => each !== client))
        return log('a cursor in another one’s name was refused')
      // The name on a cursor is the group's name for its owner, whatever the update says.
      const named = modifyAwarenessUpdate(event.update, (state: unknown) =>
        typeof state === 'object' && state !== null ? { ...state, user: { name: nameOf(event) } } : state,
      )
      applyAwarenessUpdate(awareness, named, RECEIVED)
    } catch (thrown) {
      log(`a cursor was refused: ${describeThrown(thrown)}`)
    }
  }

  return {
    start({ id, doc }) {
      const awareness = new Awareness(doc)
      // Others remember the last count they heard from this document; a new start must not count below it.
      const now = clock.now()
      awareness.meta.set(awareness.clientID, { clock: now, lastUpdated: now })
      awareness.setLocalStateField('user', { name: membership.state().members.get(secrets.member)?.name ?? '' })
      const share = (): void => carrier.sendPresence(circle, id, encodeAwarenessUpdate(awareness, [awareness.clientID]))
      awareness.on('update', (_changes: unknown, origin: unknown) => {
        if (origin === 'local') share()
      })
      const stopReceiving = carrier.onPresence((event) => {
        if (event.circle !== circle || event.document !== id) return
        const before = awareness.getStates().size
        receive(awareness, event)
        // Whoever starts later has not heard what was said before.
        if (awareness.getStates().size > before) share()
      })
      share()
      return {
        presence: { awareness },
        stop() {
          stopReceiving()
          awareness.setLocalState(null)
          awareness.destroy()
        },
      }
    },
  }
}

/** What the screens of one circle are handed: its people, its records, its papers, and nothing that could send. */
import type { Clock } from '../../shared/base/clock.ts'
import type { DocumentId } from '../../shared/base/ids.ts'
import type { Membership } from '../../shared/membership/state.ts'
import type { CircleContext, Live, OpenDocument, Presence, SaveState } from '../../shared/model/contexts.ts'
import { createLive } from '../../shared/base/live.ts'
import type { DocumentHandle, Replica } from '../../shared/sync/replica.ts'
import { departuresOf } from './departures.ts'
import { follow } from './follow.ts'
import { historyOf } from './history.ts'
import { manageCircle } from './manage-circle.ts'
import { noticesOf } from './notices.ts'
import { peopleOf } from './people.ts'
import { personRemovedBy } from './removed-by.ts'
import { standingOf } from './standing.ts'

/** The circle's records are one document with a place that no random identifier takes. */
const RECORDS_DOCUMENT = '0'.repeat(32) as DocumentId
const LOCAL_PREFIX = 'screen/'

/** Others' cursors in one document; made on demand by the carrier. */
export interface PresenceSource {
  /** Starts sharing and showing cursors; returns the way to stop. */
  start(document: DocumentHandle): { readonly presence: Presence; stop(): void }
}

export interface OpenCircle {
  readonly context: CircleContext
  close(): Promise<void>
}

export interface OpenCircleRequest {
  readonly replica: Replica
  /** Of a circle: the group it belongs to. */
  readonly group: Membership | undefined
  /** Of the group: its circles, as far as they are open here. */
  readonly circles: () => readonly Replica[]
  /** Of the group: stored circles that do not open. */
  readonly unopened?: Live<number> | undefined
  readonly presence: PresenceSource
  /** Tells when something came from somebody, entries that are kept without effect included. */
  readonly onExchange: (listener: () => void) => () => void
  readonly clock: Clock
  readonly log: (line: string) => void
}

function followSaving(replica: Replica): { readonly live: Live<SaveState>; stop(): void } {
  const live = createLive<SaveState>(replica.saveState())
  return { live, stop: replica.onSaveState((state) => live.set(state)) }
}

export async function openCircle(request: OpenCircleRequest): Promise<OpenCircle> {
  const { replica, group, unopened, presence, onExchange } = request
  const { membership } = replica
  const me = membership.secrets
  const records = await replica.openDocument(RECORDS_DOCUMENT)

  const onMembership = (listener: () => void): (() => void) => membership.onChange(listener)
  const onGroup = (listener: () => void): (() => void) => group?.onChange(listener) ?? (() => undefined)
  const name = follow(() => membership.state().name, [onMembership])
  const people = follow(() => peopleOf(membership.state(), me, group?.state()), [onMembership, onGroup])
  const standing = follow(() => standingOf(membership.state(), me, group?.state()), [onMembership, onGroup])
  const departures = follow(
    () =>
      departuresOf({
        state: membership.state(),
        group: group?.state(),
        me,
        setAside: replica.setAside(),
        personRemovedBy: (member) => personRemovedBy(membership, member),
      }),
    [onMembership, onGroup, (listener) => replica.onSetAside(listener)],
  )
  const notices = follow(
    () =>
      noticesOf({
        state: membership.state(),
        group: group?.state(),
        me,
        forked: replica.forks().devices(),
        unopened: unopened?.get() ?? 0,
      }),
    [onMembership, onGroup, onExchange, (listener) => unopened?.subscribe(listener) ?? (() => undefined)],
  )
  const saving = followSaving(replica)
  const managing = manageCircle(request)

  const context: CircleContext = {
    id: replica.circle,
    scope: membership.state().kind,
    name: name.live,
    people: people.live,
    me: me.member,
    standing: standing.live,
    departures: departures.live,
    notices: notices.live,
    history: () => historyOf(membership),
    manage: managing.management,
    records: records.doc,
    save: saving.live,
    open: async (id) => openDocument(replica, await replica.openDocument(id), presence),
    closedTo: (id) => replica.closedTo(id),
    local: {
      get: (key) => replica.value(LOCAL_PREFIX + key),
      set: (key, value) => replica.setValue(LOCAL_PREFIX + key, new Uint8Array(value)),
    },
  }
  return {
    context,
    async close() {
      for (const followed of [name, people, standing, departures, notices, saving, managing]) followed.stop()
      await records.release()
    },
  }
}

function openDocument(replica: Replica, handle: DocumentHandle, source: PresenceSource): OpenDocument {
  const presence = createLive<Presence | undefined>(undefined)
  let stopPresence: () => void = () => undefined
  const setPresence = (enabled: boolean): void => {
    if (enabled === (presence.get() !== undefined)) return
    stopPresence()
    stopPresence = () => undefined
    presence.set(undefined)
    if (!enabled) return
    const started = source.start(handle)
    stopPresence = () => started.stop()
    presence.set(started.presence)
  }
  return {
    id: handle.id,
    doc: handle.doc,
    attribution: handle.attribution,
    presence,
    setPresence,
    flush: () => replica.flush(),
    release() {
      setPresence(false)
      // A failure to seal is told by the circle's save state, where the person sees it.
      handle.release().catch(() => undefined)
    },
  }
}

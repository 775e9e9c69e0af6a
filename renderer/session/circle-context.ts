/** What the screens of one circle are handed: its people, its records, its papers, and nothing that could send. */
import type { DocumentId, MemberId } from '../../shared/base/ids.ts'
import type { Membership } from '../../shared/membership/state.ts'
import type { CircleContext, Live, OpenDocument, Person, Presence, SaveState } from '../../shared/model/contexts.ts'
import { createLive } from '../../shared/base/live.ts'
import type { DocumentHandle, Replica } from '../../shared/sync/replica.ts'

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

const peopleOf = (membership: Membership): readonly Person[] =>
  [...membership.state().members.values()]
    .filter(({ present }) => present)
    .map(({ id, name, role }) => ({ id, name, role, isMe: id === membership.secrets.member }))
    .toSorted((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1))

/** A Live of what the membership says now; stable until it says something else. */
function followMembership<Value>(membership: Membership, read: (membership: Membership) => Value) {
  const live = createLive(read(membership))
  return { live, stop: membership.onChange(() => live.set(read(membership))) }
}

function followSaving(replica: Replica): { readonly live: Live<SaveState>; stop(): void } {
  const live = createLive<SaveState>(replica.saveState())
  return { live, stop: replica.onSaveState((state) => live.set(state)) }
}

export async function openCircle(replica: Replica, presenceSource: PresenceSource): Promise<OpenCircle> {
  const { membership } = replica
  const name = followMembership(membership, (from) => from.state().name)
  const people = followMembership(membership, peopleOf)
  const saving = followSaving(replica)
  const records = await replica.openDocument(RECORDS_DOCUMENT)
  const me: MemberId = membership.secrets.member

  const context: CircleContext = {
    id: replica.circle,
    scope: membership.state().kind,
    name: name.live,
    people: people.live,
    me,
    records: records.doc,
    save: saving.live,
    open: async (id) => openDocument(replica, await replica.openDocument(id), presenceSource),
    local: {
      get: (key) => replica.value(LOCAL_PREFIX + key),
      set: (key, value) => replica.setValue(LOCAL_PREFIX + key, new Uint8Array(value)),
    },
  }
  return {
    context,
    async close() {
      name.stop()
      people.stop()
      saving.stop()
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

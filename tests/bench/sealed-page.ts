/** Teatray's own way, with real parts, as `window.sealed`: store on disk, sealed log, sessions over WebRTC or the LAN. */
import { Dexie } from 'dexie'
import * as Y from 'yjs'
import { systemClock } from '../../shared/base/clock.ts'
import type { CircleId, DocumentId } from '../../shared/base/ids.ts'
import { defaultSigner } from '../../shared/crypto/sign.ts'
import { openMembership } from '../../shared/membership/open.ts'
import type { StoredRecord } from '../../shared/membership/record-store.ts'
import type { DeviceSecrets } from '../../shared/membership/state.ts'
import { setUp } from '../../shared/membership/testing.ts'
import { createCarrier, type Carrier } from '../../shared/sync/carry.ts'
import type { Transport } from '../../shared/sync/link.ts'
import { openReplica, REMOTE, type Replica } from '../../shared/sync/replica.ts'
import type { CircleStore } from '../../shared/sync/store.ts'
import { connectHost } from '../../renderer/host/index.ts'
import { openStore, STORE_NAME, type Store } from '../../renderer/store/store.ts'
import { createLanTransport } from '../../renderer/transports/lan.ts'
import { createWebrtcTransport } from '../../renderer/transports/webrtc/index.ts'
import { fromText, toText } from '../at-rest/bytes-as-text.ts'
import { timeArgon2, timePlainRows, timeResolver, timeSealedRows, timeVerifying } from './at-rest.ts'
import {
  openPlainAgain,
  TRACE_DOCUMENT,
  typeInMemory,
  typePlain,
  typeSealed,
  type PlainResult,
  type TraceEdit,
} from './log-trace.ts'
import { answerStrokes, paper, text, timeStrokes, type Echo } from './webrtc-measure.ts'

/** What one person takes along into another page. */
interface Person {
  readonly circle: CircleId
  readonly secrets: DeviceSecrets
  readonly records: readonly StoredRecord[]
}

/** 'lan': the page comes from a host, whose LAN service is used. Else the ws:// address of a signalling server. */
export type Way = string

export interface StoredBytes {
  readonly entries: number
  readonly entryBytes: number
  readonly snapshotBytes: number
}

interface Open {
  readonly store: Store
  readonly replica: Replica
}

const ROOT_KEY = new Uint8Array(32).fill(7)
const STROKES = 'a'.repeat(32) as DocumentId
const paperId = (index: number): DocumentId => index.toString(16).padStart(32, '0') as DocumentId

let here: Open | undefined
let carrier: Carrier | undefined
let echo: Echo | undefined

const opened = (): Open => {
  if (here === undefined) throw new Error('nothing is open')
  return here
}

const withoutSnapshots = (store: CircleStore): CircleStore => ({
  ...store,
  snapshot: () => Promise.resolve(undefined),
  putSnapshot: () => Promise.resolve(),
})

/** Milliseconds that each write of entries took, by durability: 'strict' our own, 'relaxed' received ones. */
const writes = { strict: new Array<number>(), relaxed: new Array<number>() }

const watched = (store: CircleStore): CircleStore => ({
  ...store,
  putEntries: async (entries, options) => {
    const started = performance.now()
    await store.putEntries(entries, options)
    writes[options.durability].push(performance.now() - started)
  },
})

async function openAs(person: Person, snapshots = true): Promise<Open> {
  const signer = await defaultSigner()
  const made = await openStore({ rootKey: ROOT_KEY })
  if (!made.ok) throw new Error(made.error)
  const circle = made.value.circle(person.circle)
  if (person.records.length > 0) await circle.putRecords(person.records)
  const membership = await openMembership({ circle: person.circle, secrets: person.secrets, store: circle, signer })
  const store = watched(snapshots ? circle : withoutSnapshots(circle))
  return { store: made.value, replica: await openReplica({ membership, store, signer, clock: systemClock }) }
}

async function transportFor(way: Way): Promise<Transport> {
  if (way !== 'lan') return createWebrtcTransport({ signaling: () => [way], iceServers: () => [], log: console.log })
  const host = await connectHost()
  return createLanTransport({ lan: host.ports.lan, onEvent: (handler) => host.onEvent(handler) })
}

/** Resolves once the other has proved who it is. */
async function connect(way: Way): Promise<void> {
  const { replica } = opened()
  const made = createCarrier({ signer: await defaultSigner(), clock: systemClock, log: console.log })
  carrier = made
  await made.addCircle(replica)
  const transport = await transportFor(way)
  return new Promise((resolve) => {
    const look = (): void => {
      if (made.connected(replica.circle).length > 0) resolve()
    }
    made.onChange(look)
    made.setTransports([transport])
    look()
  })
}

const fetchTrace = async (): Promise<readonly TraceEdit[]> =>
  (await (await fetch('/trace.json')).json()) as readonly TraceEdit[]

const api = {
  /** Two people in one group; each text is for `open`. */
  async people(): Promise<readonly string[]> {
    const { circle, actors } = await setUp(['one', 'two'])
    return actors.map(({ secrets, store }) => toText({ circle, secrets, records: [...store.kept.values()] }))
  },
  async open(person: string): Promise<void> {
    here = await openAs(fromText(person) as Person)
  },
  async close(): Promise<void> {
    const { replica, store } = opened()
    await carrier?.close()
    await replica.close()
    await store.close()
  },

  // The editing trace. Milliseconds for all of it.
  typeInMemory: async (): Promise<number> => typeInMemory(await fetchTrace()),
  typePlain: async (): Promise<PlainResult> => typePlain(await fetchTrace()),
  typeSealed: async (): Promise<number> => typeSealed(opened().replica, await fetchTrace()),
  /** Rows as they lie in the database, sealed. */
  async storedBytes(): Promise<StoredBytes> {
    const db = await new Dexie(STORE_NAME).open()
    const lengths = async (table: string): Promise<readonly number[]> =>
      (await db.table<{ sealed: Uint8Array }>(table).toArray()).map(({ sealed }) => sealed.length)
    const sum = (all: readonly number[]): number => all.reduce((total, length) => total + length, 0)
    const entries = await lengths('entries')
    const found = { entries: entries.length, entryBytes: sum(entries), snapshotBytes: sum(await lengths('snapshots')) }
    db.close()
    return found
  },
  /** On a page just loaded: from opening the store to the text. Throws where the text is not the trace's. */
  async openTrace(person: string, from: 'snapshot' | 'log'): Promise<number> {
    const records: readonly StoredRecord[] = []
    const started = performance.now()
    const { replica } = await openAs({ ...(fromText(person) as Person), records }, from === 'snapshot')
    const { doc } = await replica.openDocument(TRACE_DOCUMENT)
    const length = doc.getText('t').toJSON().length
    const ms = performance.now() - started
    const plain = await openPlainAgain('state')
    if (doc.getText('t').toJSON() !== plain.text) throw new Error(`opened another text, of ${length} letters`)
    return ms
  },
  openPlain: async (from: 'updates' | 'state'): Promise<number> => (await openPlainAgain(from)).ms,

  // Strokes.
  async strokes(way: Way, role: 'writer' | 'other'): Promise<void> {
    await connect(way)
    const { doc } = await opened().replica.openDocument(STROKES)
    echo = { doc, isRemote: (origin) => origin === REMOTE }
    if (role === 'other') answerStrokes(echo)
  },
  time(count: number, pause: number): Promise<number[]> {
    if (echo === undefined) throw new Error('not connected')
    return timeStrokes(echo, count, pause)
  },
  writes: (): typeof writes => writes,

  // Papers.
  /** Writes and stores the papers, then waits for whoever comes. */
  async hold(way: Way, count: number, size: number): Promise<void> {
    const { replica } = opened()
    for (let index = 0; index < count; index++) {
      const held = await replica.openDocument(paperId(index))
      text(held.doc).insert(0, paper(size + index))
      await held.release()
    }
    void connect(way)
  },
  /** From joining to the last paper stored and in its document, connecting (which is told apart) included. */
  async fetch(way: Way, count: number, size: number): Promise<{ total: number; connected: number }> {
    const { replica } = opened()
    const docs: Y.Doc[] = []
    for (let index = 0; index < count; index++) docs.push((await replica.openDocument(paperId(index))).doc)
    const started = performance.now()
    const connecting = connect(way).then(() => performance.now() - started)
    const whole = docs.map(
      (doc) =>
        new Promise<void>((resolve) => {
          doc.on('update', () => {
            if (text(doc).length >= size) resolve()
          })
        }),
    )
    await Promise.all(whole)
    const total = performance.now() - started
    return { total, connected: await connecting }
  },

  timeSealedRows,
  timePlainRows,
  timeArgon2,
  timeVerifying,
  timeResolver,
}

declare global {
  interface Window {
    sealed: typeof api
  }
}
window.sealed = api

/** An editing trace through the sealed log and through plain Yjs with Dexie; both write in the same steps. Runs in a page. */
import { Dexie } from 'dexie'
import * as Y from 'yjs'
import type { DocumentId } from '../../shared/base/ids.ts'
import type { Replica } from '../../shared/sync/replica.ts'

/** Position, how many characters to delete there, what to insert there. */
export type TraceEdit = readonly [position: number, deleted: number, inserted: string]

export const TRACE_DOCUMENT = 'b'.repeat(32) as DocumentId
/** Nobody types without a pause: the store gets its turn, as it would between keystrokes. */
const STEP = 100

function applyEdit(text: Y.Text, [position, deleted, inserted]: TraceEdit): void {
  if (deleted > 0) text.delete(position, deleted)
  if (inserted !== '') text.insert(position, inserted)
}

/** Milliseconds; `store` is called after every hundred edits and at the end. */
async function typeTrace(doc: Y.Doc, trace: readonly TraceEdit[], store: () => Promise<unknown>): Promise<number> {
  const text = doc.getText('t')
  const started = performance.now()
  let left = STEP
  for (const edit of trace) {
    doc.transact(() => applyEdit(text, edit))
    if (--left > 0) continue
    left = STEP
    await store()
  }
  await store()
  return performance.now() - started
}

export function typeInMemory(trace: readonly TraceEdit[]): Promise<number> {
  const doc = new Y.Doc({ gc: false })
  // Somebody who listens, as any use of Yjs that stores or sends has: without it no update would be encoded.
  doc.on('updateV2', () => undefined)
  return typeTrace(doc, trace, () => Promise.resolve())
}

export async function typeSealed(replica: Replica, trace: readonly TraceEdit[]): Promise<number> {
  const document = await replica.openDocument(TRACE_DOCUMENT)
  const ms = await typeTrace(document.doc, trace, () => replica.flush())
  await document.release()
  return ms
}

// --------------------------------------------------------------------------------------------------- plain Yjs with Dexie

const PLAIN = 'plain'

async function openPlain(): Promise<Dexie> {
  const db = new Dexie(PLAIN, { chromeTransactionDurability: 'strict', cache: 'disabled' })
  db.version(1).stores({ updates: '++', state: '' })
  return db.open()
}

export interface PlainResult {
  readonly ms: number
  /** One row per hundred edits. */
  readonly bytes: number
  /** The whole as one row. */
  readonly compactBytes: number
}

/** The hundred edits' updates merged into one row, which is on disk before the next hundred. */
export async function typePlain(trace: readonly TraceEdit[]): Promise<PlainResult> {
  const db = await openPlain()
  const doc = new Y.Doc({ gc: false })
  let pending: Uint8Array[] = []
  doc.on('updateV2', (update: Uint8Array) => pending.push(update))
  let bytes = 0
  const ms = await typeTrace(doc, trace, async () => {
    if (pending.length === 0) return
    const row = Y.mergeUpdatesV2(pending)
    pending = []
    bytes += row.length
    await db.table('updates').add(row)
  })
  const state = Y.encodeStateAsUpdateV2(doc)
  await db.table('state').put(state, 1)
  db.close()
  return { ms, bytes, compactBytes: state.length }
}

/** As after a restart: from opening the database to the text. */
export async function openPlainAgain(from: 'updates' | 'state'): Promise<{ ms: number; text: string }> {
  const started = performance.now()
  const db = await openPlain()
  const doc = new Y.Doc({ gc: false })
  const rows: Uint8Array[] = await db.table(from).toArray()
  doc.transact(() => {
    for (const row of rows) Y.applyUpdateV2(doc, row)
  })
  const text = doc.getText('t').toJSON()
  const ms = performance.now() - started
  db.close()
  return { ms, text }
}

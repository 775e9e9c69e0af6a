/** An editing trace through the sealed log and through plain Yjs; runs wherever there is a store (a browser's Dexie, or memory). */
import * as Y from 'yjs'
import { systemClock } from '../../shared/base/clock.ts'
import type { DocumentId } from '../../shared/base/ids.ts'
import type { Signer } from '../../shared/crypto/sign.ts'
import type { Membership } from '../../shared/membership/state.ts'
import { openReplica, type Replica } from '../../shared/sync/replica.ts'
import type { CircleStore } from '../../shared/sync/store.ts'

/** Position, how many characters to delete there, what to insert there. */
export type TraceEdit = readonly [position: number, deleted: number, inserted: string]

export interface LogTraceOptions {
  readonly trace: readonly TraceEdit[]
  readonly membership: Membership
  readonly signer: Signer
  /** An empty store. */
  readonly store: CircleStore
  /** The same bytes again, as after a restart. */
  readonly reopen: () => Promise<CircleStore>
  /** Milliseconds, as precise as the environment has it. */
  readonly now: () => number
}

export interface LogTraceResult {
  readonly edits: number
  readonly plainMicrosecondsPerEdit: number
  readonly sealedMicrosecondsPerEdit: number
  /** Of plain Yjs: the document as one update in format V2. */
  readonly plainBytes: number
  readonly entries: number
  readonly entryBytes: number
  readonly snapshotBytes: number
  /** Opening the document from its snapshot and the entries after it. */
  readonly coldOpenMs: number
  /** Opening it from the log alone. */
  readonly coldOpenFromLogMs: number
}

const PAPER = 'b'.repeat(32) as DocumentId

function applyEdit(text: Y.Text, [position, deleted, inserted]: TraceEdit): void {
  if (deleted > 0) text.delete(position, deleted)
  if (inserted !== '') text.insert(position, inserted)
}

function runPlain(trace: readonly TraceEdit[], now: () => number): { ms: number; bytes: number } {
  const doc = new Y.Doc({ gc: false })
  const text = doc.getText('t')
  const started = now()
  // Somebody who listens, as any use of Yjs that stores or sends has: without it no update would be encoded.
  doc.on('updateV2', () => undefined)
  for (const edit of trace) doc.transact(() => applyEdit(text, edit))
  return { ms: now() - started, bytes: Y.encodeStateAsUpdateV2(doc).length }
}

async function runSealed(replica: Replica, trace: readonly TraceEdit[], now: () => number): Promise<number> {
  const handle = await replica.openDocument(PAPER)
  const { doc } = handle
  const text = doc.getText('t')
  const started = now()
  let untilBreath = 100
  for (const edit of trace) {
    doc.transact(() => applyEdit(text, edit))
    // Nobody types without a pause: the store gets its turn, as it would between keystrokes.
    if (--untilBreath > 0) continue
    untilBreath = 100
    await replica.flush()
  }
  await replica.flush()
  const ms = now() - started
  await handle.release()
  return ms
}

async function coldOpen(store: CircleStore, options: LogTraceOptions): Promise<{ ms: number; text: string }> {
  const { membership, signer, now } = options
  const started = now()
  const replica = await openReplica({ membership, signer, store, clock: systemClock })
  const { doc } = await replica.openDocument(PAPER)
  const ms = now() - started
  const text = doc.getText('t').toJSON()
  await replica.close()
  return { ms, text }
}

const withoutSnapshots = (store: CircleStore): CircleStore => ({
  records: () => store.records(),
  putRecords: (records) => store.putRecords(records),
  index: () => store.index(),
  entries: (log, from, limit) => store.entries(log, from, limit),
  putEntries: (entries, options) => store.putEntries(entries, options),
  snapshot: () => Promise.resolve(undefined),
  putSnapshot: () => Promise.resolve(),
  value: (key) => store.value(key),
  setValue: (key, value) => store.setValue(key, value),
})

/** Throws where the reopened document is not the one that was written. */
export async function benchLogTrace(options: LogTraceOptions): Promise<LogTraceResult> {
  const { trace, membership, signer, store, now } = options
  const plain = runPlain(trace, now)
  const replica = await openReplica({ membership, signer, store, clock: systemClock })
  const sealedMs = await runSealed(replica, trace, now)
  await replica.close()
  const expected = new Y.Doc({ gc: false })
  for (const edit of trace) applyEdit(expected.getText('t'), edit)

  const fromSnapshot = await coldOpen(await options.reopen(), options)
  const fromLog = await coldOpen(withoutSnapshots(await options.reopen()), options)
  for (const { text } of [fromSnapshot, fromLog]) {
    if (text !== expected.getText('t').toJSON()) throw new Error('the document that was reopened is another one')
  }
  const index = await store.index()
  let entryBytes = 0
  for (const row of index) entryBytes += (await store.entries(row, row.seq, 1))[0]?.bytes.length ?? 0
  return {
    edits: trace.length,
    plainMicrosecondsPerEdit: (plain.ms * 1000) / trace.length,
    sealedMicrosecondsPerEdit: (sealedMs * 1000) / trace.length,
    plainBytes: plain.bytes,
    entries: index.length,
    entryBytes,
    snapshotBytes: (await store.snapshot(PAPER))?.length ?? 0,
    coldOpenMs: fromSnapshot.ms,
    coldOpenFromLogMs: fromLog.ms,
  }
}

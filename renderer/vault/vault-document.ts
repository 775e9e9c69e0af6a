/** One open document of the vault: what is typed is sealed and on disk within 800 ms. */
import * as Y from 'yjs'
import type { DocumentId } from '../../shared/base/ids.ts'
import type { VaultStore } from './vault-store.ts'

/** Milliseconds from the first unsaved edit to its write; the rest of the 800 is for the disk. */
const SAVE_AFTER = 300
/** Rows of a log before they are folded into one. */
const FOLD_AFTER = 64

export interface VaultDocument {
  readonly doc: Y.Doc
  /** Rejects with WritesStopped; what was typed is then kept in memory and tried again by the next flush. */
  flush(): Promise<void>
  /** Flushes and leaves one row that holds nothing of what was deleted. Does nothing where a row did not open. */
  fold(): Promise<void>
  /** Forgets what is unsaved and stops listening. */
  dispose(): void
}

export interface VaultDocumentOptions {
  readonly id: DocumentId
  readonly store: VaultStore
  /** True when there is something unsaved, false when all is on disk. */
  readonly onUnsaved: (unsaved: boolean) => void
}

const FROM_DISK = Symbol('from disk')

export async function openVaultDocument({ id, store, onUnsaved }: VaultDocumentOptions): Promise<VaultDocument> {
  const { updates, last, complete } = await store.load(id)
  const doc = new Y.Doc({ guid: id })
  doc.transact(() => {
    for (const update of updates) Y.applyUpdateV2(doc, update, FROM_DISK)
  }, FROM_DISK)

  let seq = last
  let rows = updates.length
  let unsaved: Uint8Array[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let saving: Promise<void> = Promise.resolve()
  let disposed = false

  const foldNow = async (): Promise<void> => {
    if (!complete || disposed) return
    await store.fold(id, seq + 1, Y.encodeStateAsUpdateV2(doc))
    seq += 1
    rows = 1
  }

  const save = async (): Promise<void> => {
    if (disposed || unsaved.length === 0) return
    const batch = unsaved
    unsaved = []
    try {
      await store.append(id, seq + 1, batch.length === 1 && batch[0] ? batch[0] : Y.mergeUpdatesV2(batch))
    } catch (thrown) {
      unsaved = [...batch, ...unsaved]
      throw thrown
    }
    seq += 1
    rows += 1
    if (rows > FOLD_AFTER) await foldNow()
    if (unsaved.length === 0) onUnsaved(false)
  }

  /** One after the other; a failed one has told its own caller, and the vault through the store. */
  const next = (work: () => Promise<void>): Promise<void> => (saving = saving.then(work, work))

  const flush = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    await next(save)
  }

  const onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin === FROM_DISK) return
    unsaved.push(update)
    onUnsaved(true)
    timer ??= setTimeout(() => {
      flush().catch(() => {
        // The store has stopped and said so to the whole vault; the edits stay in `unsaved`.
      })
    }, SAVE_AFTER)
  }
  doc.on('updateV2', onUpdate)

  return {
    doc,
    flush,
    async fold() {
      await flush()
      await next(foldNow)
    },
    dispose() {
      disposed = true
      clearTimeout(timer)
      doc.off('updateV2', onUpdate)
      doc.destroy()
    },
  }
}

/**
 * What stays on this computer. A database and a key of its own; nothing that could send is imported here, and
 * tests/architecture/vault.test.ts keeps it so.
 */
import { randomBytes, type Bytes } from '../../shared/base/bytes.ts'
import { describeThrown, fail, ok, type Result } from '../../shared/base/errors.ts'
import type { DocumentId } from '../../shared/base/ids.ts'
import { derive } from '../../shared/crypto/derive.ts'
import { KEY_LENGTH } from '../../shared/crypto/seal.ts'
import type { SaveState, VaultContext } from '../../shared/model/contexts.ts'
import { createLive } from '../../shared/base/live.ts'
import { openDatabase, type Database, type StopReason } from '../at-rest/database.ts'
import { createRowKeys, openRow, sealRow } from '../at-rest/sealed-row.ts'
import { openVaultDocument, type VaultDocument } from './vault-document.ts'
import { createVaultStore, VAULT_VERSIONS, type UnreadableNote, type VaultStore } from './vault-store.ts'

export type { UnreadableNote } from './vault-store.ts'

export const VAULT_NAME = 'teatray-notes'

export interface Vault {
  readonly context: VaultContext
  stopWrites(reason: StopReason): void
  /** After 'disk-low' only; what could not be saved meanwhile is saved now. Says whether writing goes on. */
  resumeWrites(): boolean
  /** Saves all. Rejects where writing has stopped: then closing would lose what `save` does not call saved. */
  flush(): Promise<void>
  /** Saves what can be saved, closes the documents and the database, forgets the keys. */
  close(): Promise<void>
}

export interface VaultOptions {
  /** 32 bytes. */
  readonly rootKey: Uint8Array
  readonly name?: string
  /** Once per row and opening. The row is left as it is and the rest goes on. */
  readonly onUnreadable?: (row: UnreadableNote) => void
}

/** 'row-unreadable': the vault's own key does not open, so nothing in it does; nothing is written over it. */
export type VaultProblem = 'storage-failed' | 'newer-version' | 'row-unreadable'

const KEY_PLACE = 'key/vault'
/** The document of the records: titles, dates, bins. */
const RECORDS = '0'.repeat(32) as DocumentId

async function loadOrMakeKey(database: Database, rootKey: Uint8Array): Promise<Result<Bytes, VaultProblem>> {
  const wrapping = derive(rootKey, 'vault')
  const { row, used } = await database.read(async (db) => ({
    row: await db.table('key').get('vault'),
    used: (await db.table('updates').count()) + (await db.table('values').count()),
  }))
  if (row !== undefined) return openRow(wrapping, KEY_PLACE, row.sealed)
  if (used > 0) return fail('row-unreadable', KEY_PLACE)
  const key = randomBytes(KEY_LENGTH)
  const sealed = sealRow(wrapping, KEY_PLACE, key)
  await database.write('strict', (db) => db.table('key').add({ id: 'vault', sealed }))
  return ok(key)
}

export async function openVault(options: VaultOptions): Promise<Result<Vault, VaultProblem>> {
  const save = createSaving()
  const opened = await openDatabase({
    name: options.name ?? VAULT_NAME,
    versions: VAULT_VERSIONS,
    onStopped: (reason) => save.stopped(reason),
  })
  if (!opened.ok) return opened
  const database = opened.value
  try {
    const key = await loadOrMakeKey(database, options.rootKey)
    if (!key.ok) {
      await database.close()
      return key
    }
    const keys = createRowKeys(key.value)
    key.value.fill(0)
    const store = createVaultStore(database, keys, once(options.onUnreadable))
    const documents = await openDocuments(store, (id, unsaved) => save.unsaved(id, unsaved))
    return ok({
      context: {
        ...documents.context,
        save: save.live,
        local: { get: (key) => store.value(key), set: (key, value) => store.setValue(key, value) },
      },
      stopWrites: (reason) => database.stopWrites(reason),
      resumeWrites() {
        const goesOn = database.resumeWrites()
        if (goesOn) void documents.flush().catch(noted)
        return goesOn
      },
      flush: () => documents.flush(),
      async close() {
        await documents.flush().catch(noted)
        documents.dispose()
        await database.close()
        keys.wipe()
      },
    })
  } catch (thrown) {
    await database.close()
    return fail('storage-failed', describeThrown(thrown))
  }
}

/** A write that fails has already changed the save state, which is what the screen shows. */
const noted = (): void => undefined

function once(report: VaultOptions['onUnreadable']): (row: UnreadableNote) => void {
  const seen = new Set<string>()
  return (row) => {
    const place = `${row.table}/${row.key}`
    if (!seen.has(place)) report?.(row)
    seen.add(place)
  }
}

/** The vault's one sentence about saving, from all of its documents. */
function createSaving() {
  const live = createLive<SaveState>({ state: 'saved' })
  const dirty = new Set<DocumentId>()
  let reason: StopReason | undefined
  const show = (): void => {
    const state = dirty.size > 0 ? 'saving' : 'saved'
    const now = live.get()
    if (reason !== undefined) live.set({ state: 'stopped', reason })
    else if (now.state !== state) live.set({ state })
  }
  return {
    live,
    stopped(why: StopReason | undefined) {
      reason = why
      show()
    },
    unsaved(document: DocumentId, unsaved: boolean) {
      if (unsaved) dirty.add(document)
      else dirty.delete(document)
      show()
    },
  }
}

interface Held {
  readonly opening: Promise<VaultDocument>
  users: number
}

async function openDocuments(store: VaultStore, onUnsaved: (id: DocumentId, unsaved: boolean) => void) {
  const held = new Map<DocumentId, Held>()
  const openOne = (id: DocumentId): Promise<VaultDocument> =>
    openVaultDocument({ id, store, onUnsaved: (unsaved) => onUnsaved(id, unsaved) })
  const records = await openOne(RECORDS)

  /** Closes it once nobody uses it and all is on disk; what cannot be saved stays in memory for the next who opens it. */
  const release = async (id: DocumentId, one: Held): Promise<void> => {
    one.users -= 1
    const document = await one.opening
    await document.flush()
    if (one.users > 0 || held.get(id) !== one) return
    held.delete(id)
    document.dispose()
  }

  const open: VaultContext['open'] = async (id) => {
    const one = held.get(id) ?? { opening: openOne(id), users: 0 }
    held.set(id, one)
    one.users += 1
    let document: VaultDocument
    try {
      document = await one.opening
    } catch (thrown) {
      held.delete(id)
      throw thrown
    }
    let released = false
    return {
      id,
      doc: document.doc,
      flush: () => document.flush(),
      release() {
        if (released) return
        released = true
        void release(id, one).catch(noted)
      },
    }
  }

  const all = async (): Promise<readonly VaultDocument[]> => [
    records,
    ...(await Promise.all([...held.values()].map(({ opening }) => opening))),
  ]

  return {
    context: {
      records: records.doc,
      open,
      /** After the record is gone: then the fold leaves no word of its title either. */
      async destroy(id: DocumentId) {
        const one = held.get(id)
        held.delete(id)
        if (one !== undefined) (await one.opening).dispose()
        onUnsaved(id, false)
        await store.remove(id)
        await records.fold()
      },
    },
    async flush() {
      for (const document of await all()) await document.flush()
    },
    dispose() {
      records.dispose()
      for (const { opening } of held.values()) void opening.then((document) => document.dispose()).catch(noted)
      held.clear()
    },
  }
}

/**
 * A Dexie database that stops at the first error. Chromium under a full disk deletes a whole database when an app retries
 * and reopens (electron#41877), and Dexie does both by itself, so every such loop of it is switched off here.
 */
import { Dexie } from 'dexie'
import { describeThrown, fail, ok, type Result } from '../../shared/base/errors.ts'

export type StopReason = 'disk-low' | 'storage-failed'
/** 'strict' is fsynced before it resolves; 'relaxed' survives a killed process but perhaps not a power cut. */
export type WriteDurability = 'strict' | 'relaxed'

/** Nothing was written, and nothing will be until (for 'disk-low') writing is resumed. */
export class WritesStopped extends Error {
  override readonly name = 'WritesStopped'
  readonly reason: StopReason
  constructor(reason: StopReason, detail: string) {
    super(detail)
    this.reason = reason
  }
}

export interface SchemaVersion {
  readonly version: number
  /** Dexie's schema strings by table; null drops a table. */
  readonly stores: Readonly<Record<string, string | null>>
}

export interface Database {
  /** One transaction over all tables. An error of the storage stops writing and rejects. */
  read<Value>(work: (db: Dexie) => PromiseLike<Value>): Promise<Value>
  /**
   * Resolves after the transaction has completed. Jobs that come while one is being written share the next transaction, so a
   * job must only put rows (prepare and seal before calling). Rejects with WritesStopped, and then nothing of it is stored.
   */
  write(durability: WriteDurability, job: (db: Dexie) => PromiseLike<unknown>): Promise<void>
  stopped(): StopReason | undefined
  stopWrites(reason: StopReason): void
  /** Only after 'disk-low'. Says whether writing goes on. */
  resumeWrites(): boolean
  /** Waits for what is being written; refuses what comes after. */
  close(): Promise<void>
}

export interface DatabaseOptions {
  readonly name: string
  readonly versions: readonly SchemaVersion[]
  /** Called with the reason when writing stops and with undefined when it goes on. */
  readonly onStopped?: ((reason: StopReason | undefined, detail: string) => void) | undefined
}

/** Jobs that share a transaction at most; more would hold back the first one's answer. */
const MAX_BATCH = 256
/** Dexie keeps the native version at ten times its own. */
const NATIVE = 10

function connect(options: DatabaseOptions, durability: WriteDurability): Dexie {
  const db = new Dexie(options.name, { autoOpen: false, cache: 'disabled', chromeTransactionDurability: durability })
  for (const { version, stores } of options.versions) db.version(version).stores({ ...stores })
  withoutReopening(db)
  return db
}

/** Dexie reopens up to three times on InvalidStateError and UnknownError, counting down in this field; it is held at 0. */
function withoutReopening(db: Dexie): void {
  const state: unknown = Reflect.get(db, '_state')
  if (typeof state !== 'object' || state === null || !('PR1398_maxLoop' in state))
    throw new Error('This version of Dexie keeps its count of retries elsewhere.')
  Object.defineProperty(state, 'PR1398_maxLoop', {
    get: () => 0,
    set() {
      // Dexie resets its count after every good transaction.
    },
  })
}

/** Dexie would open a newer database in its place, and might change it. */
async function isNewer({ name, versions }: DatabaseOptions): Promise<boolean> {
  const newest = Math.max(...versions.map(({ version }) => version))
  const existing = await indexedDB.databases()
  return existing.some((database) => database.name === name && (database.version ?? 0) > newest * NATIVE)
}

export async function databaseExists(name: string): Promise<boolean> {
  return (await indexedDB.databases()).some((database) => database.name === name)
}

export async function openDatabase(
  options: DatabaseOptions,
): Promise<Result<Database, 'storage-failed' | 'newer-version'>> {
  const strict = connect(options, 'strict')
  const relaxed = connect(options, 'relaxed')
  try {
    if (await isNewer(options)) return fail('newer-version', options.name)
    await strict.open()
    await relaxed.open()
  } catch (thrown) {
    strict.close()
    relaxed.close()
    return fail('storage-failed', describeThrown(thrown))
  }
  return ok(createDatabase({ strict, relaxed }, options))
}

interface Job {
  readonly durability: WriteDurability
  readonly run: (db: Dexie) => PromiseLike<unknown>
  readonly resolve: () => void
  readonly reject: (error: WritesStopped) => void
}

function createDatabase(connections: Record<WriteDurability, Dexie>, options: DatabaseOptions): Database {
  const queue: Job[] = []
  let writing: Promise<void> | undefined
  let reason: StopReason | undefined
  let detail = ''
  let closed = false

  const refusal = (): WritesStopped => new WritesStopped(reason ?? 'storage-failed', detail)

  const stop = (why: StopReason, what: string): void => {
    // The first reason stands, but a failure outweighs a full disk: after it nothing may be resumed.
    if (closed || reason === 'storage-failed' || reason === why) return
    reason = why
    detail = what
    for (const job of queue.splice(0)) job.reject(refusal())
    options.onStopped?.(why, what)
  }

  const writeBatch = async (batch: readonly Job[]): Promise<void> => {
    const db = connections[batch.some((job) => job.durability === 'strict') ? 'strict' : 'relaxed']
    try {
      await db.transaction('rw', db.tables, async () => {
        for (const job of batch) await job.run(db)
      })
      for (const job of batch) job.resolve()
    } catch (thrown) {
      const why = describeThrown(thrown)
      stop('storage-failed', why)
      for (const job of batch) job.reject(new WritesStopped('storage-failed', why))
    }
  }

  const drain = async (): Promise<void> => {
    while (queue.length > 0) await writeBatch(queue.splice(0, MAX_BATCH))
    writing = undefined
  }

  for (const db of Object.values(connections))
    db.on('close', () => stop('storage-failed', 'The browser closed the database.'))

  return {
    async read(work) {
      const db = connections.strict
      if (closed) throw new WritesStopped('storage-failed', 'The store is closed.')
      try {
        return await db.transaction('r', db.tables, () => work(db))
      } catch (thrown) {
        const why = describeThrown(thrown)
        stop('storage-failed', why)
        throw new WritesStopped('storage-failed', why)
      }
    },
    write: (durability, run) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new WritesStopped('storage-failed', 'The store is closed.'))
        if (reason !== undefined) return reject(refusal())
        queue.push({ durability, run, resolve, reject })
        // A microtask later, so that what is asked for in one breath shares a transaction.
        writing ??= Promise.resolve().then(drain)
      }),
    stopped: () => reason,
    stopWrites: (why) => stop(why, 'Writing was stopped from outside.'),
    resumeWrites() {
      if (reason !== 'disk-low') return reason === undefined
      reason = undefined
      detail = ''
      options.onStopped?.(undefined, '')
      return true
    },
    async close() {
      if (closed) return
      await writing
      closed = true
      for (const db of Object.values(connections)) db.close()
    },
  }
}

/**
 * What this computer holds of the group: one Dexie database in which every value is sealed under keys of the root key and
 * bound to its place, and every primary key is a name that says nothing. Rows that do not open are reported and left.
 */
import type { Dexie } from 'dexie'
import type { Bytes } from '../../shared/base/bytes.ts'
import { ok, type Result } from '../../shared/base/errors.ts'
import type { CircleId } from '../../shared/base/ids.ts'
import { derive } from '../../shared/crypto/derive.ts'
import type { CircleStore } from '../../shared/sync/store.ts'
import { decodeRecord } from '../../shared/wire/record.ts'
import { databaseExists, openDatabase, type Database, type StopReason } from '../at-rest/database.ts'
import type { RowProblem } from '../at-rest/sealed-row.ts'
import { asItIs, createAccess, type StoreAccess, type UnreadableRow } from './access.ts'
import { createCircleStore, readRecords } from './circle-store.ts'
import { deleteCircleRows, untilRemoved } from './remove-circles.ts'
import { decodeCircleRow, encodeCircleRow, type StoredCircle } from './row-codec.ts'
import { STORE_VERSIONS } from './schema.ts'
import { readValue, readValues, writeValue } from './values.ts'

export type { StopReason } from '../at-rest/database.ts'
export type { UnreadableRow } from './access.ts'
export type { StoredCircle } from './row-codec.ts'

/** Its records are here, and its own row is gone or does not open. */
export interface LostCircle {
  readonly circle: CircleId
  /** Those that open. */
  readonly records: readonly Bytes[]
  /** There is a row. */
  readonly isDamaged: boolean
}

export const STORE_NAME = 'teatray'

export interface Store {
  circle(circle: CircleId): CircleStore
  /** This person's and this device's secrets, encoded. Ok with undefined: never put. */
  identity(): Promise<Result<Bytes | undefined, RowProblem>>
  /** With `circles`: their rows in the same moment, so that a crash leaves the old identity with none of them, or the new one with all. */
  putIdentity(secrets: Uint8Array, circles?: readonly StoredCircle[]): Promise<void>
  listCircles(): Promise<readonly StoredCircle[]>
  /** Rows, whether or not they open. */
  countCircles(): Promise<number>
  lostCircles(): Promise<readonly LostCircle[]>
  putCircle(circle: StoredCircle): Promise<void>
  /**
   * All rows of these circles, in one strict transaction: after a crash they are all there, or none is. A CircleStore of one of them
   * that somebody still holds writes nothing any more.
   */
  removeCircles(circles: readonly CircleId[]): Promise<void>
  /** Small settings of this computer. */
  value(key: string): Promise<Bytes | undefined>
  /** As value(), in the order of the keys. */
  values(keys: readonly string[]): Promise<readonly (Bytes | undefined)[]>
  setValue(key: string, value: Uint8Array): Promise<void>
  stopped(): StopReason | undefined
  /** Since this opening a row of somebody's words, or of who is in, did not open. Others may have it, and send it again. */
  hasUnreadable(): boolean
  /** For 'disk-low', when the host says so. Reading goes on. */
  stopWrites(reason: StopReason): void
  /** After 'disk-low' only; says whether writing goes on. */
  resumeWrites(): boolean
  /** Waits for what is being written, closes the database, forgets the keys. */
  close(): Promise<void>
}

export interface StoreOptions {
  /** 32 bytes. */
  readonly rootKey: Uint8Array
  readonly name?: string
  /** The one listener: with the reason when writing stops, with undefined when it goes on. */
  readonly onStopped?: (reason: StopReason | undefined, detail: string) => void
  /** Once per row and opening of the store. */
  readonly onUnreadable?: (row: UnreadableRow) => void
}

/** True where a store was made, whether or not it opens: then a missing keyring is a loss, not a first run. */
export const storeExists = (name = STORE_NAME): Promise<boolean> => databaseExists(name)

export async function openStore(options: StoreOptions): Promise<Result<Store, 'storage-failed' | 'newer-version'>> {
  const opened = await openDatabase({
    name: options.name ?? STORE_NAME,
    versions: STORE_VERSIONS,
    onStopped: options.onStopped,
  })
  if (!opened.ok) return opened
  return ok(
    createStore(opened.value, createAccess(opened.value, derive(options.rootKey, 'store'), options.onUnreadable)),
  )
}

/** Twice, because without it nothing that is here is of use to anybody; each row is bound to its own place. */
const IDENTITY = ['me', 'me again'] as const
/** Settings share the table of circles' values; no circle has this name, because theirs are 32 digits. */
const THIS_COMPUTER = 'this computer'

/** From one to the next, without reading what lies between. */
async function namesInRecords(db: Dexie): Promise<readonly string[]> {
  const names: string[] = []
  for (;;) {
    const after = names.length === 0 ? ['', ''] : [names.at(-1), []]
    const row = await db.table<{ readonly circle: string }>('records').where('[circle+record]').above(after).first()
    if (row === undefined) return names
    names.push(row.circle)
  }
}

interface IdentityRow {
  readonly id: (typeof IDENTITY)[number]
  readonly sealed: Bytes
}

interface CircleRow {
  readonly circle: string
  readonly sealed: Bytes
}

function createStore(database: Database, access: StoreAccess): Store {
  const rowOfCircle = (circle: StoredCircle): CircleRow => {
    const name = access.keys.name('circle', circle.circle)
    return { circle: name, sealed: access.seal('circles', name, encodeCircleRow(circle)) }
  }
  const identityRows = (secrets: Uint8Array): readonly IdentityRow[] =>
    IDENTITY.map((id) => ({ id, sealed: access.seal('identity', id, secrets) }))
  const mendIdentity = async (damaged: readonly (IdentityRow | undefined)[], secrets: Bytes): Promise<void> => {
    try {
      await access.write('strict', async (db) => {
        for (const row of damaged) await db.table('unreadable').add({ table: 'identity', row })
        await db.table('identity').bulkPut(identityRows(secrets))
      })
    } catch {
      // Writing has stopped, which onStopped has told; one row is enough to go on reading.
    }
  }
  /** A row that does not open is moved aside before its place is used again. */
  const putCircleRow = async (db: Dexie, row: CircleRow): Promise<void> => {
    const before = await db.table<{ readonly sealed: unknown }>('circles').get(row.circle)
    if (before !== undefined && !access.open('circles', row.circle, before.sealed, decodeCircleRow).ok)
      await db.table('unreadable').add({ table: 'circles', row: before })
    await db.table('circles').put(row)
  }
  /** How often each circle was removed since the store was opened. */
  const removals = new Map<CircleId, number>()
  return {
    circle(circle) {
      const before = removals.get(circle)
      return untilRemoved(createCircleStore(access, circle), () => removals.get(circle) !== before)
    },
    async identity() {
      const rows = await access.read((db) => db.table<IdentityRow>('identity').bulkGet([...IDENTITY]))
      const opened = rows.map((row) =>
        row === undefined ? undefined : access.open('identity', row.id, row.sealed, asItIs),
      )
      const whole = opened.find((one) => one?.ok === true)
      if (whole?.ok !== true) return opened.find((one) => one !== undefined) ?? ok(undefined)
      const damaged = rows.filter((_, index) => opened[index]?.ok === false)
      if (damaged.length > 0) await mendIdentity(damaged, whole.value)
      return whole
    },
    async putIdentity(secrets, circles = []) {
      const rows = circles.map(rowOfCircle)
      await access.write('strict', async (db) => {
        await db.table('identity').bulkPut(identityRows(secrets))
        for (const each of rows) await putCircleRow(db, each)
      })
    },
    async listCircles() {
      const rows = await access.read((db) => db.table('circles').toArray())
      return rows.flatMap((row): readonly StoredCircle[] => {
        const opened = access.open('circles', row.circle, row.sealed, decodeCircleRow)
        return opened.ok ? [opened.value] : []
      })
    },
    countCircles: () => access.read((db) => db.table('circles').count()),
    async lostCircles() {
      const { rows, names } = await access.read(async (db) => ({
        rows: await db.table<CircleRow>('circles').toArray(),
        names: await namesInRecords(db),
      }))
      const opened = new Map(
        rows.map(({ circle, sealed }) => [circle, access.open('circles', circle, sealed, decodeCircleRow).ok]),
      )
      const lost: LostCircle[] = []
      for (const name of names.filter((one) => opened.get(one) !== true)) {
        const records = (await readRecords(access, name)).map(({ bytes }) => bytes)
        // What a record says of itself counts only where it lies in that circle's place.
        const circle = records
          .map((bytes) => decodeRecord(bytes))
          .flatMap((record) => (record.ok ? [record.value.circle] : []))
          .find((one) => access.keys.name('circle', one) === name)
        if (circle !== undefined) lost.push({ circle, records, isDamaged: opened.has(name) })
      }
      return lost
    },
    async putCircle(circle) {
      const row = rowOfCircle(circle)
      await access.write('strict', (db) => putCircleRow(db, row))
    },
    async removeCircles(circles) {
      for (const circle of circles) removals.set(circle, (removals.get(circle) ?? 0) + 1)
      const names = circles.map((circle) => access.keys.name('circle', circle))
      await access.write('strict', (db) => deleteCircleRows(db, names))
    },
    value: (key) => readValue(access, THIS_COMPUTER, key),
    values: (wanted) => readValues(access, THIS_COMPUTER, wanted),
    setValue: (key, value) => writeValue(access, THIS_COMPUTER, key, value),
    stopped: () => database.stopped(),
    hasUnreadable: () => access.hasUnreadable(),
    stopWrites: (reason) => database.stopWrites(reason),
    resumeWrites: () => database.resumeWrites(),
    async close() {
      await database.close()
      access.keys.wipe()
    },
  }
}

/**
 * Records: small structured things (a paper's title, a note's date) kept as Y.Maps inside a circle's or the vault's `records`
 * document, one top-level Y.Map per kind, one Y.Map per record. Fields merge one by one. Unknown fields of newer versions
 * are kept. Migrations upgrade on read, purely; a stored record is only upgraded when somebody edits it.
 */
import * as Y from 'yjs'
import { fail, ok, type Result } from '../base/errors.ts'

export type Scope = 'circle' | 'device'
export type FieldValue = string | number | boolean | null | readonly string[]
export type Fields = Readonly<Record<string, FieldValue>>
/** From one version's fields to the next one's. Pure; imports nothing live; keeps fields it does not know. */
export type Migration = (fields: Fields) => Fields

export interface RecordDefinition<Value> {
  readonly kind: string
  readonly scope: Scope
  readonly version: number
  /** Oldest version that may still write; below it a reader must not edit. */
  readonly minWriter: number
  /** migrations[n] goes from version n+1 to n+2; its length is version - 1. */
  readonly migrations: readonly Migration[]
  /** Undefined where the fields do not make a valid record: it is skipped, never deleted. */
  parse(id: string, fields: Fields): Value | undefined
}

export const defineRecord = <Value>(definition: RecordDefinition<Value>): RecordDefinition<Value> => {
  if (definition.migrations.length !== definition.version - 1)
    throw new RangeError(`${definition.kind}: version ${definition.version} needs ${definition.version - 1} migrations`)
  return definition
}

const VERSION_FIELD = '#version'
/** Stored with the record, because the versions it shuts out cannot know it. */
const MIN_WRITER_FIELD = '#minWriter'

const collection = (records: Y.Doc, kind: string): Y.Map<Y.Map<FieldValue>> => records.getMap(kind)

const countIn = (stored: Y.Map<FieldValue>, field: string): number | undefined => {
  const value = stored.get(field)
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 ? value : undefined
}

function upgrade<Value>(definition: RecordDefinition<Value>, version: number, fields: Fields): Fields {
  return definition.migrations.slice(version - 1).reduce((older, migrate) => migrate(older), fields)
}

function read<Value>(definition: RecordDefinition<Value>, id: string, stored: Y.Map<FieldValue>): Value | undefined {
  const version = countIn(stored, VERSION_FIELD)
  return version === undefined ? undefined : definition.parse(id, upgrade(definition, version, stored.toJSON()))
}

export function allRecords<Value>(records: Y.Doc, definition: RecordDefinition<Value>): readonly Value[] {
  const found: Value[] = []
  for (const [id, stored] of collection(records, definition.kind)) {
    const value = stored instanceof Y.Map ? read(definition, id, stored) : undefined
    if (value !== undefined) found.push(value)
  }
  return found
}

export function getRecord<Value>(records: Y.Doc, definition: RecordDefinition<Value>, id: string): Value | undefined {
  const stored = collection(records, definition.kind).get(id)
  return stored instanceof Y.Map ? read(definition, id, stored) : undefined
}

/** False where a newer version has said that this one must not write the record any more: show it, do not edit it. */
export function mayEditRecord<Value>(records: Y.Doc, definition: RecordDefinition<Value>, id: string): boolean {
  const stored = collection(records, definition.kind).get(id)
  return !(stored instanceof Y.Map) || (countIn(stored, MIN_WRITER_FIELD) ?? 1) <= definition.version
}

/**
 * Creates the record or sets the given fields of it, in one transaction; first an older record is upgraded. What a newer
 * version wrote keeps its version and its other fields. 'newer-version': nothing was written, see mayEditRecord.
 */
export function putRecord<Value>(
  records: Y.Doc,
  definition: RecordDefinition<Value>,
  id: string,
  fields: Fields,
): Result<void, 'newer-version'> {
  if (!mayEditRecord(records, definition, id)) return fail('newer-version', `${definition.kind} ${id}`)
  records.transact(() => {
    const all = collection(records, definition.kind)
    const existing = all.get(id)
    const target = existing instanceof Y.Map ? existing : all.set(id, new Y.Map<FieldValue>())
    upgradeStored(definition, target)
    for (const [name, value] of Object.entries(fields)) target.set(name, value)
  })
  return ok(undefined)
}

/** Fields that a migration leaves out stay: somebody offline may be editing them with the older version. */
function upgradeStored<Value>(definition: RecordDefinition<Value>, target: Y.Map<FieldValue>): void {
  const version = countIn(target, VERSION_FIELD)
  if (version !== undefined && version >= definition.version) return
  if (version !== undefined) {
    const upgraded = upgrade(definition, version, target.toJSON())
    for (const [name, value] of Object.entries(upgraded))
      if (!sameField(target.get(name), value)) target.set(name, value)
  }
  target.set(VERSION_FIELD, definition.version)
  if (definition.minWriter > (countIn(target, MIN_WRITER_FIELD) ?? 1))
    target.set(MIN_WRITER_FIELD, definition.minWriter)
}

const sameField = (a: FieldValue | undefined, b: FieldValue): boolean =>
  a === b || (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, at) => item === b[at]))

/** For good; records people should be able to get back are binned by a field instead. */
export function deleteRecord<Value>(records: Y.Doc, definition: RecordDefinition<Value>, id: string): void {
  collection(records, definition.kind).delete(id)
}

/** Calls back after any change of any record of this kind. */
export function onRecords<Value>(
  records: Y.Doc,
  definition: RecordDefinition<Value>,
  listener: () => void,
): () => void {
  const all = collection(records, definition.kind)
  all.observeDeep(listener)
  return () => all.unobserveDeep(listener)
}

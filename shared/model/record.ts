/**
 * Records: small structured things (a paper's title, a note's date) kept as Y.Maps inside a circle's or the vault's `records`
 * document, one top-level Y.Map per kind, one Y.Map per record. Fields merge one by one. Unknown fields of newer versions
 * are kept. Migrations upgrade on read, purely; a stored record is only rewritten when somebody edits it.
 */
import * as Y from 'yjs'

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

const collection = (records: Y.Doc, kind: string): Y.Map<Y.Map<FieldValue>> => records.getMap(kind)

function read<Value>(definition: RecordDefinition<Value>, id: string, stored: Y.Map<FieldValue>): Value | undefined {
  const raw: Record<string, FieldValue> = stored.toJSON()
  const version = raw[VERSION_FIELD]
  if (typeof version !== 'number' || version < 1) return undefined
  const upgraded = definition.migrations.slice(version - 1).reduce<Fields>((fields, migrate) => migrate(fields), raw)
  return definition.parse(id, upgraded)
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

/** Creates the record or sets the given fields of it, in one transaction. */
export function putRecord<Value>(
  records: Y.Doc,
  definition: RecordDefinition<Value>,
  id: string,
  fields: Fields,
): void {
  records.transact(() => {
    const all = collection(records, definition.kind)
    const existing = all.get(id)
    const target = existing instanceof Y.Map ? existing : all.set(id, new Y.Map<FieldValue>())
    if (target.get(VERSION_FIELD) !== definition.version) target.set(VERSION_FIELD, definition.version)
    for (const [name, value] of Object.entries(fields)) target.set(name, value)
  })
}

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

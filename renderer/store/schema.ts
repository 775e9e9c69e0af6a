import type { SchemaVersion } from '../at-rest/database.ts'

/** Every version that was ever released stays in this list: an older database is opened through all of them. */
export const STORE_VERSIONS: readonly SchemaVersion[] = [
  {
    version: 1,
    stores: {
      identity: 'id',
      circles: 'circle',
      records: '[circle+record]',
      entries: '[circle+log+seq]',
      snapshots: '[circle+document]',
      values: '[owner+key]',
      // Unreadable rows whose place was needed again. Nothing is thrown away.
      unreadable: '++',
    },
  },
]

export interface EntryRow {
  readonly circle: string
  readonly log: string
  readonly seq: number
  readonly sealed: Uint8Array
}

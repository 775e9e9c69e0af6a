import { useCallback, useRef, useSyncExternalStore } from 'react'
import type * as Y from 'yjs'
import { onRecords, type RecordDefinition } from '../../../shared/model/record.ts'

/** What `read` makes of the records, rendered again whenever one of this kind changes. `read` must not depend on anything else. */
export function useRecords<Value, Read>(
  records: Y.Doc,
  definition: RecordDefinition<Value>,
  read: (records: Y.Doc) => Read,
): Read {
  const cached = useRef<{ readonly records: Y.Doc; readonly value: Read }>(undefined)
  const subscribe = useCallback(
    (onChange: () => void) =>
      onRecords(records, definition, () => {
        cached.current = undefined
        onChange()
      }),
    [records, definition],
  )
  return useSyncExternalStore(subscribe, () => {
    if (cached.current?.records !== records) cached.current = { records, value: read(records) }
    return cached.current.value
  })
}

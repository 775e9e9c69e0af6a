import { useCallback, useEffect, useState } from 'react'
import { describeThrown } from '../../../../../shared/base/errors.ts'
import type { DocumentId } from '../../../../../shared/base/ids.ts'
import type { LocalValues } from '../../../../../shared/model/contexts.ts'

const OFFERED = Uint8Array.of(1)

/** A summary is offered once for each paper on this computer. Undefined: it was, or that is not known yet. */
export function useSummaryOffer(local: LocalValues, id: DocumentId): (() => void) | undefined {
  const key = `summary-offered/${id}`
  const [isOpen, setOpen] = useState(false)
  useEffect(() => {
    let left = false
    local.get(key).then(
      (bytes) => {
        if (!left) setOpen(bytes === undefined)
      },
      (thrown: unknown) => console.warn('summary offer', describeThrown(thrown)),
    )
    return () => {
      left = true
    }
  }, [local, key])
  const onOffered = useCallback((): void => {
    local.set(key, OFFERED).catch((thrown: unknown) => console.warn('summary offer', describeThrown(thrown)))
  }, [local, key])
  return isOpen ? onOffered : undefined
}

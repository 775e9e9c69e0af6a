import { useEffect, useState } from 'react'
import { fromUtf8, utf8 } from '../../../../../shared/base/bytes.ts'
import { describeThrown } from '../../../../../shared/base/errors.ts'
import type { LocalValues } from '../../../../../shared/model/contexts.ts'
import type { LabelKey } from '../../model/label-name.ts'

const SHOWN_LABEL = 'papers-label'

export interface LabelFilter {
  /** Undefined: papers with any label or none. */
  readonly label: LabelKey | undefined
  readonly show: (label: LabelKey | undefined) => void
}

/** Which label's papers are listed: this person's own choice, kept on this computer. */
export function useLabelFilter(local: LocalValues): LabelFilter {
  const [label, setLabel] = useState<LabelKey>()
  useEffect(() => {
    let left = false
    local.get(SHOWN_LABEL).then(
      (bytes) => {
        if (!left && bytes !== undefined) setLabel(chosen(fromUtf8(bytes)))
      },
      (thrown: unknown) => console.warn('shown label', describeThrown(thrown)),
    )
    return () => {
      left = true
    }
  }, [local])
  const show = (next: LabelKey | undefined): void => {
    setLabel(next)
    local.set(SHOWN_LABEL, utf8(next ?? '')).catch((thrown: unknown) => {
      console.warn('shown label', describeThrown(thrown))
    })
  }
  return { label, show }
}

const chosen = (kept: string | undefined): LabelKey | undefined =>
  kept === undefined || kept === '' ? undefined : (kept as LabelKey)

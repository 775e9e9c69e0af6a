import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { OpenDocument } from '../../../../../shared/model/contexts.ts'
import { systemClock } from '../../../../../shared/base/clock.ts'
import { announce, useLive } from '../../../../ui/index.ts'
import { onBigDeletion } from '../../model/versions/big-deletion.ts'
import { keepVersion } from '../../model/versions/keep.ts'
import { liveVersions, type Versions } from '../../model/versions/version.ts'

export const useVersions = ({ doc, attribution }: OpenDocument): Versions =>
  useLive(useMemo(() => liveVersions(doc, attribution), [doc, attribution]))

/** Keeps how the paper was before somebody at this computer takes a large part out of it, and says so. */
export function useKeptBeforeDeletion({ doc }: OpenDocument): void {
  const { t } = useTranslation('versions')
  useEffect(
    () =>
      onBigDeletion(doc, (snapshot) => {
        const kept = keepVersion(doc, { why: 'deleting', at: systemClock.now(), snapshot })
        announce(t(kept.ok ? 'before-deleting' : 'before-deleting-full'))
      }),
    [doc, t],
  )
}

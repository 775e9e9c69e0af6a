import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OpenDocument } from '../../../../../shared/model/contexts.ts'
import { systemClock } from '../../../../../shared/base/clock.ts'
import { announce, useLive } from '../../../../ui/index.ts'
import { CONTENT } from '../../model/commands.ts'
import { type Agreement, agreementsOf } from '../../model/versions/agreement.ts'
import { onBigDeletion } from '../../model/versions/big-deletion.ts'
import { keepVersion } from '../../model/versions/keep.ts'
import { openVersion } from '../../model/versions/open.ts'
import { liveEntries } from '../../model/entries.ts'
import { ENTRIES, type Version, type Versions, versionsOf } from '../../model/versions/version.ts'

export const useVersions = ({ doc, attribution }: OpenDocument): Versions =>
  useLive(useMemo(() => liveEntries(doc, ENTRIES, () => versionsOf(doc, attribution)), [doc, attribution]))

export const useAgreements = ({ doc, attribution }: OpenDocument): readonly Agreement[] =>
  useLive(useMemo(() => liveEntries(doc, ENTRIES, () => agreementsOf(doc, attribution)), [doc, attribution]))

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

const SETTLE = 400

/** Whether the paper's words, or how they are set out, differ from how they were; undefined where that cannot be said. */
export function useChangedSince({ doc }: OpenDocument, version: Version | undefined): boolean | undefined {
  const then = useMemo(() => {
    const opened = version === undefined ? undefined : openVersion(doc, version)
    return opened === undefined || opened.state === 'not-here' ? undefined : opened.words.toJSON()
  }, [doc, version])
  const [now, setNow] = useState(() => doc.getXmlFragment(CONTENT).toJSON())
  useEffect(() => {
    if (then === undefined) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const read = (): void => setNow(doc.getXmlFragment(CONTENT).toJSON())
    const later = (): void => {
      clearTimeout(timer)
      timer = setTimeout(read, SETTLE)
    }
    later()
    doc.on('update', later)
    return () => {
      clearTimeout(timer)
      doc.off('update', later)
    }
  }, [doc, then])
  return then === undefined ? undefined : now !== then
}

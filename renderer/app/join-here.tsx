/** Joining one more group from inside another: what is under way goes on whatever screen is shown, and leads there at its end. */
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { createLive } from '../../shared/base/live.ts'
import type { GroupContext, JoiningState } from '../../shared/model/contexts.ts'
import { JoinGroup } from '../features/index.ts'
import { ButtonLink, Notice, useLive } from '../ui/index.ts'
import { useSession } from './session-context.ts'

const none = createLive<JoiningState | undefined>(undefined)

function useJoiningState(): JoiningState | undefined {
  const joining = useLive(useSession().joining)
  return useLive<JoiningState | undefined>(joining?.state ?? none)
}

export function JoinHere({ group }: { readonly group: GroupContext }) {
  const session = useSession()
  const state = useJoiningState()
  const groups = useLive(session.groups)
  const leadsTo = state?.step === 'done' ? state.group : undefined
  const isElsewhere = leadsTo !== undefined && groups.some(({ id, isShown }) => id === leadsTo && !isShown)
  useEffect(() => {
    if (isElsewhere) session.switchTo(leadsTo)
  }, [isElsewhere, leadsTo, session])
  return isElsewhere ? null : <JoinGroup session={session} group={group} />
}

/** On every other screen, so that nobody on the other side waits in vain. */
export function JoiningNotice() {
  const { t } = useTranslation('groups')
  const state = useJoiningState()
  const [location] = useLocation()
  if (state === undefined || state.step === 'done' || state.step === 'stopped' || location === '/join') return null
  const isComparing = state.step === 'compare-words'
  return (
    <div className="t-above-page">
      <Notice
        {...(isComparing ? { announce: 'soon' as const } : {})}
        title={t(isComparing ? 'joining.words' : 'joining.under-way')}
        actions={<ButtonLink href="/join">{t('joining.go')}</ButtonLink>}
      />
    </div>
  )
}

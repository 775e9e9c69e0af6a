import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { GroupContext, Inviting } from '../../../../shared/model/contexts.ts'
import { ButtonLink, Notice, useLive } from '../../../ui/index.ts'

/** Where each kind of newcomer is let in. */
const FLOW = { person: '/people/invite', computer: '/people/computers/add' } as const

/** An invitation goes on whatever screen is open: says on all of them when somebody is waiting to compare words. */
export function InvitationNotice({ group }: { readonly group: GroupContext }) {
  const inviting = useLive(group.inviting)
  const [location] = useLocation()
  return inviting === undefined || location === FLOW[inviting.newcomer] ? null : (
    <div className="t-above-page">
      <OneNotice inviting={inviting} onPeople={location.startsWith('/people')} />
    </div>
  )
}

function OneNotice({ inviting, onPeople }: { readonly inviting: Inviting; readonly onPeople: boolean }) {
  const { t } = useTranslation('people')
  const state = useLive(inviting.state)
  const { newcomer } = inviting
  const flow = FLOW[newcomer]
  if (state.step === 'compare-words')
    return (
      <Notice
        announce="soon"
        title={newcomer === 'computer' ? t('computers.somebody') : t('somebody-here', { name: state.name })}
        actions={
          <ButtonLink href={flow} look="primary">
            {t('somebody-go')}
          </ButtonLink>
        }
      />
    )
  if (onPeople && (state.step === 'waiting' || state.step === 'preparing'))
    return (
      <Notice
        title={newcomer === 'computer' ? t('computers.waiting') : t('waiting-now')}
        actions={<ButtonLink href={flow}>{t('waiting-go')}</ButtonLink>}
      />
    )
  return null
}

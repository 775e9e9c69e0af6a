import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { GroupContext, Inviting } from '../../../../shared/model/contexts.ts'
import { ButtonLink, Notice, useLive } from '../../../ui/index.ts'

const FLOW = '/people/invite'

/** An invitation goes on whatever screen is open: says on all of them when somebody is waiting to compare words. */
export function InvitationNotice({ group }: { readonly group: GroupContext }) {
  const inviting = useLive(group.inviting)
  const [location] = useLocation()
  return inviting === undefined || location === FLOW ? null : (
    <div className="t-above-page">
      <OneNotice inviting={inviting} onPeople={location === '/people'} />
    </div>
  )
}

function OneNotice({ inviting, onPeople }: { readonly inviting: Inviting; readonly onPeople: boolean }) {
  const { t } = useTranslation('people')
  const state = useLive(inviting.state)
  if (state.step === 'compare-words')
    return (
      <Notice
        announce="soon"
        title={t('somebody-here', { name: state.name })}
        actions={
          <ButtonLink href={FLOW} look="primary">
            {t('somebody-go')}
          </ButtonLink>
        }
      />
    )
  if (onPeople && (state.step === 'waiting' || state.step === 'preparing'))
    return <Notice title={t('waiting-now')} actions={<ButtonLink href={FLOW}>{t('waiting-go')}</ButtonLink>} />
  return null
}

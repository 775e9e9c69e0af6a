import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { GroupSummary } from '../../shared/model/contexts.ts'
import { Button, Menu, useLive } from '../ui/index.ts'
import { useSession } from './session-context.ts'
import { SWITCHED } from './use-place-kept.ts'

/** Under the group's name: the others in one step, and the way to one more. What waits in another is said, and nothing more. */
export function GroupSwitcher() {
  const { t } = useTranslation('groups')
  const session = useSession()
  const [, navigate] = useLocation()
  const others = useLive(session.groups).filter(({ isShown }) => !isShown)
  const switchTo = ({ id }: GroupSummary) => {
    // First: the other group must not open at an address of this one.
    navigate(SWITCHED)
    session.switchTo(id)
  }
  const entryOf = ({ name, attention }: GroupSummary): string =>
    attention === undefined ? name : t('entry', { group: name, what: t(`attention.${attention}`) })
  const waiting = others.find(({ attention }) => attention !== undefined)
  return (
    <div className="t-groups">
      <Menu
        label={t('menu')}
        entries={[
          ...others.map((one) => ({ id: one.id, label: entryOf(one), onAction: () => switchTo(one) })),
          { id: 'another', label: t('another'), onAction: () => navigate('/start') },
        ]}
      />
      {waiting?.attention === undefined ? null : (
        <Button look="quiet" onPress={() => switchTo(waiting)}>
          {t('waits', { group: waiting.name, what: t(`attention.${waiting.attention}`) })}
        </Button>
      )}
    </div>
  )
}

import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CircleContext, Person } from '../../../../shared/model/contexts.ts'
import { Decision, Gone } from './decision.tsx'
import { baseOf, homeOf, useCircle } from './place.ts'

interface TakeOutProps {
  readonly circle: CircleContext
  readonly id: string
}

/** Taking a person out: says first what it does and what it cannot do. */
export function TakeOut({ circle, id }: TakeOutProps) {
  const { people, mayManage } = useCircle(circle)
  // Kept: once it is done, they are in the list no more.
  const [person] = useState(() => people.find((one) => one.id === id))
  if (person === undefined || person.isMe || (!mayManage && people.some((one) => one.id === id))) return <Gone />
  return <TakeOutPerson circle={circle} person={person} />
}

function TakeOutPerson({ circle, person }: { readonly circle: CircleContext; readonly person: Person }) {
  const { t } = useTranslation('people')
  const { name: circleName, scope } = useCircle(circle)
  const isGroup = circle.scope === 'group'
  const values = { name: person.name, circle: circleName }
  return (
    <Decision
      title={t('out.title', values)}
      scope={scope}
      points={[
        {
          title: t('out.does'),
          lines: [
            t('out.does-new', values),
            t('out.does-locks', values),
            isGroup ? t('out.does-circles', values) : t('out.does-group', values),
            t('out.does-later', values),
            t('out.does-papers', values),
            t('out.does-told', values),
          ],
        },
        {
          title: t('out.not'),
          lines: [t('out.not-back', values), t('out.not-heard', values), t('out.not-others')],
        },
      ]}
      confirm={t('out.go', values)}
      danger
      back={`${baseOf(circle)}/person/${person.id}`}
      act={() => circle.manage.remove(person.id)}
      done={{
        title: t('out.done', values),
        lines: [
          t('out.done-what', values),
          t('out.done-others'),
          t('out.done-had', values),
          isGroup ? t('out.done-again-group', values) : t('out.done-again', values),
          ...(isGroup ? [t('out.done-jobs', values)] : []),
        ],
        href: homeOf(circle),
        go: isGroup ? t('gone.back') : t('circle.back', values),
      }}
    />
  )
}

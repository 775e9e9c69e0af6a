import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Computer, GroupContext, Person } from '../../../../shared/model/contexts.ts'
import { computerName } from '../model/people.ts'
import { Decision, Gone } from './decision.tsx'
import { useCircle } from './place.ts'

interface TakeOutComputerProps {
  readonly group: GroupContext
  readonly id: string
}

/** A lost computer, or one that was given away: of one's own, or as an organiser anybody's. */
export function TakeOutComputer({ group, id }: TakeOutComputerProps) {
  const { people, mayManage } = useCircle(group.circle)
  const [found] = useState(() => {
    const owner = people.find((one) => one.computers.some((computer) => computer.id === id))
    const computer = owner?.computers.find((one) => one.id === id)
    return owner === undefined || computer === undefined ? undefined : { owner, computer }
  })
  const isStillHere = people.some((one) => one.computers.some((computer) => computer.id === id))
  if (found === undefined || (isStillHere && !found.owner.isMe && !mayManage)) return <Gone />
  return <OneComputer group={group} {...found} />
}

interface OneComputerProps {
  readonly group: GroupContext
  readonly owner: Person
  readonly computer: Computer
}

function OneComputer({ group, owner, computer }: OneComputerProps) {
  const { t, i18n } = useTranslation('people')
  const { circle } = group
  const { scope } = useCircle(circle)
  const values = { name: owner.name, computer: computerName(i18n, owner.computers, computer) }
  const last = owner.computers.length === 1
  const stays = last ? 'out-computer.does-last' : 'out-computer.does-stays'
  const back = owner.isMe ? '/people/computers' : `/people/group/person/${owner.id}`
  return (
    <Decision
      title={t('out-computer.title', values)}
      lead={owner.isMe ? t('out-computer.whose-you') : t('out-computer.whose', values)}
      scope={scope}
      points={[
        {
          title: t('out.does'),
          lines: [
            ...(computer.isThis ? [t('out-computer.this')] : []),
            t('out-computer.does-new'),
            t('out-computer.does-locks'),
            owner.isMe ? t(`${stays}-you`) : t(stays, values),
            t('out-computer.does-later'),
          ],
        },
        {
          title: t('out.not'),
          lines: [t('out-computer.not-back'), t('out-computer.not-heard'), t('out-computer.not-notes')],
        },
      ]}
      confirm={t('out-computer.go', values)}
      danger
      back={back}
      act={() => circle.manage.removeComputer(computer.id)}
      done={{
        title: t('out-computer.done', values),
        lines: [
          t('out-computer.done-what'),
          t('out-computer.done-others'),
          ...(owner.isMe ? [t('out-computer.done-again')] : []),
        ],
        href: back,
        go: owner.isMe ? t('computers.done.go') : t('gone.back'),
      }}
    />
  )
}

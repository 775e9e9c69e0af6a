import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CircleContext } from '../../../../shared/model/contexts.ts'
import { ButtonLink, Notice } from '../../../ui/index.ts'
import { allNames, organisersOf, sentenceStart } from '../model/people.ts'
import { Decision, Gone } from './decision.tsx'
import { baseOf, homeOf, useCircle } from './place.ts'

interface CircleProps {
  readonly circle: CircleContext
}

function useWords(circle: CircleContext) {
  const { t, i18n } = useTranslation('people')
  const of = useCircle(circle)
  const back = circle.scope === 'group' ? t('gone.back') : t('circle.back', { circle: of.name })
  return { ...of, t, i18n, isGroup: circle.scope === 'group', home: homeOf(circle), back }
}

export function Leave({ circle }: CircleProps) {
  const { t, name, people, scope, home, back, isGroup, standing } = useWords(circle)
  // Kept: once it is done, this person is in it no more.
  const [wasIn] = useState(standing.state === 'member' || standing.state === 'closed')
  const others = people.filter((one) => !one.isMe)
  const onlyOrganiser = others.length > 0 && organisersOf(others).length === 0
  const values = { circle: name }
  if (!wasIn) return <Gone />
  return (
    <Decision
      title={t('leave.title', values)}
      scope={scope}
      points={[
        {
          title: t('out.does'),
          lines: [
            t('leave.does-new'),
            t('leave.does-have'),
            ...(isGroup ? [t('leave.does-circles')] : []),
            t('leave.does-told'),
            isGroup ? t('leave.again-group') : t('leave.again'),
          ],
        },
      ]}
      confirm={t('leave.go', values)}
      danger
      back={home}
      act={() => circle.manage.leave()}
      done={{ title: t('leave.done', values), lines: [t('leave.done-what')], href: home, go: back }}
    >
      {onlyOrganiser ? (
        <Notice tone="care" title={t('leave.last')} actions={<ButtonLink href={home}>{t('circle.here')}</ButtonLink>}>
          {t('leave.last-todo')}
        </Notice>
      ) : null}
    </Decision>
  )
}

export function End({ circle }: CircleProps) {
  const { t, i18n, name, people, scope, home, back, isGroup } = useWords(circle)
  const names = allNames(i18n, people)
  const values = { circle: name, names }
  return (
    <Decision
      title={t('end.title', values)}
      scope={scope}
      points={[
        {
          title: t('out.does'),
          lines: [
            t('end.does-write'),
            t('end.does-read', values),
            t('end.does-meanwhile'),
            ...(isGroup ? [t('end.does-circles')] : []),
            t('end.does-again'),
          ],
        },
      ]}
      confirm={t('end.go', values)}
      danger
      back={home}
      act={() => circle.manage.setClosed(true)}
      done={{ title: t('end.done', values), lines: [t('end.done-what')], href: home, go: back }}
    />
  )
}

export function Reopen({ circle }: CircleProps) {
  const { t, i18n, name, people, scope, home, back } = useWords(circle)
  const names = allNames(i18n, people)
  const values = { circle: name, names }
  return (
    <Decision
      title={t('end.reopen.title', values)}
      scope={scope}
      points={[{ title: t('out.does'), lines: [t('end.reopen.does', values)] }]}
      confirm={t('end.reopen.go', values)}
      back={home}
      act={() => circle.manage.setClosed(false)}
      done={{
        title: t('end.reopen.done', values),
        lines: [t('end.reopen.done-what', { names: sentenceStart(names) })],
        href: home,
        go: back,
      }}
    />
  )
}

export function ChangeLocks({ circle }: CircleProps) {
  const { t, i18n, name, people, scope, home, back } = useWords(circle)
  const values = { circle: name, names: allNames(i18n, people) }
  return (
    <Decision
      title={t('locks.title', values)}
      scope={scope}
      points={[
        { title: t('out.does'), lines: [t('locks.does-new', values), t('locks.does-nothing'), t('locks.does-before')] },
        { title: t('locks.when'), lines: [t('locks.when-seen'), t('locks.when-lost'), t('locks.when-out')] },
      ]}
      confirm={t('locks.go')}
      back={home}
      act={() => circle.manage.changeKeys()}
      done={{ title: t('locks.done', values), lines: [t('locks.done-what')], href: home, go: back }}
    />
  )
}

/** Only for organisers, except leaving; asked again here, because a page can be opened by its address. */
export function CircleDecision({
  circle,
  what,
}: CircleProps & { readonly what: 'leave' | 'end' | 'reopen' | 'locks' }) {
  const { mayManage } = useCircle(circle)
  const [allowed] = useState(mayManage)
  if (what === 'leave') return <Leave circle={circle} />
  if (!allowed) return <Gone />
  if (what === 'end') return <End circle={circle} />
  return what === 'reopen' ? <Reopen circle={circle} /> : <ChangeLocks circle={circle} />
}

/** What can be changed about a circle or the group, each with a page of its own. */
export function CircleActions({ circle }: CircleProps) {
  const { t, name, standing, mayManage } = useWords(circle)
  const base = baseOf(circle)
  const isIn = standing.state === 'member' || standing.state === 'closed'
  if (!isIn) return null
  const ofOrganisers = mayManage ? (
    standing.state === 'closed' ? (
      <ButtonLink href={`${base}/reopen`}>{t('circle.do.reopen', { circle: name })}</ButtonLink>
    ) : (
      <>
        <ButtonLink href={`${base}/rename`}>{t('circle.do.rename')}</ButtonLink>
        <ButtonLink href={`${base}/locks`}>{t('circle.do.locks')}</ButtonLink>
        <ButtonLink href={`${base}/end`}>{t('circle.do.end', { circle: name })}</ButtonLink>
      </>
    )
  ) : null
  return (
    <div className="t-row">
      {ofOrganisers}
      <ButtonLink href={`${base}/leave`}>{t('circle.do.leave', { circle: name })}</ButtonLink>
    </div>
  )
}

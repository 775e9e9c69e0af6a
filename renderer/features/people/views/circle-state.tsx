import { useTranslation } from 'react-i18next'
import type { CircleContext } from '../../../../shared/model/contexts.ts'
import { Notice, useLive } from '../../../ui/index.ts'
import { noticeWords } from '../model/notices.ts'
import { standingWords } from '../model/standing.ts'

interface CircleProps {
  readonly circle: CircleContext
}

/** Says why nothing can be written in it any more; nothing for a member. */
export function StandingNotice({ circle }: CircleProps) {
  const { i18n } = useTranslation('people')
  const standing = useLive(circle.standing)
  const name = useLive(circle.name)
  const words = standingWords(i18n, standing, { scope: circle.scope, name })
  return words === undefined ? null : (
    <Notice tone="care" title={words.title}>
      {words.lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </Notice>
  )
}

export function CircleNotices({ circle }: CircleProps) {
  const { i18n } = useTranslation('people')
  const notices = useLive(circle.notices)
  const people = useLive(circle.people)
  return (
    <>
      {notices.map((notice) => {
        const { tone, title, safe, todo } = noticeWords(i18n, notice, people)
        return (
          <Notice key={JSON.stringify(notice)} tone={tone} title={title} safe={safe}>
            {todo}
          </Notice>
        )
      })}
    </>
  )
}

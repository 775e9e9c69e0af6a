import { useTranslation } from 'react-i18next'
import type { CircleContext } from '../../../../shared/model/contexts.ts'
import { ButtonLink, Notice, Section, useLive } from '../../../ui/index.ts'
import { noticeWords, type NoticeWords } from '../model/notices.ts'
import { standingWords } from '../model/standing.ts'

interface CircleProps {
  readonly circle: CircleContext
}

/** Says why nothing can be written in it any more; nothing for a member. */
export function StandingNotice({ circle }: CircleProps) {
  const { t, i18n } = useTranslation('people')
  const standing = useLive(circle.standing)
  const name = useLive(circle.name)
  const words = standingWords(i18n, standing, { scope: circle.scope, name })
  const isOut = standing.state === 'left' || standing.state === 'removed'
  const isPersonOut = standing.state === 'left' || (standing.state === 'removed' && !standing.computerOnly)
  return words === undefined ? null : (
    <Notice
      tone="care"
      title={words.title}
      actions={
        circle.scope === 'group' && isOut ? (
          <>
            {isPersonOut ? <ButtonLink href="/join">{t('standing.again')}</ButtonLink> : null}
            <ButtonLink href={`/groups/remove/${circle.id}`}>{t('standing.remove')}</ButtonLink>
          </>
        ) : undefined
      }
    >
      {words.lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </Notice>
  )
}

/** What somebody should look at, above all else; nothing where there is nothing. */
export function CircleCares({ circle }: CircleProps) {
  return <>{useNotices(circle, 'care')}</>
}

/** The rest, further down: worth knowing, and nothing hurries. */
export function CircleNews({ circle }: CircleProps) {
  const { t } = useTranslation('people')
  const news = useNotices(circle, 'info')
  return news.length === 0 ? null : <Section title={t('notices.title')}>{news}</Section>
}

function useNotices(circle: CircleContext, tone: NoticeWords['tone']) {
  const { i18n } = useTranslation('people')
  const notices = useLive(circle.notices)
  const people = useLive(circle.people)
  return notices.flatMap((notice) => {
    const words = noticeWords(i18n, notice, people)
    return words.tone === tone
      ? [
          <Notice key={JSON.stringify(notice)} tone={tone} title={words.title} safe={words.safe}>
            {words.todo}
          </Notice>,
        ]
      : []
  })
}

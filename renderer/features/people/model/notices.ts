import type { i18n } from 'i18next'
import type { CircleNotice, Person } from '../../../../shared/model/contexts.ts'

export interface NoticeWords {
  /** 'care': somebody should look. 'info': good to know. */
  readonly tone: 'care' | 'info'
  readonly title: string
  /** What is safe, or why it matters. */
  readonly safe?: string
  /** What to do. */
  readonly todo?: string
}

/** The named rules (shared/membership/rules.ts, concurrency.ts), gathered under the sentences people read. */
const WHY = {
  'not-organiser': ['not-an-organiser'],
  'taken-out': ['author-not-present', 'author-removed-meanwhile', 'inviter-removed', 'target-not-present'],
  'made-member': ['author-demoted-meanwhile'],
  stranger: ['key-for-a-stranger', 'only-by-invitation'],
  'somebody-elses': ['device-taken', 'device-taken-meanwhile', 'not-their-device'],
  'too-many': ['too-many-devices'],
  invitation: [
    'invitation-cancelled',
    'invitation-cancelled-meanwhile',
    'invitation-expired',
    'invitation-known',
    'invitation-unknown',
    'invitation-used',
    'invitation-used-meanwhile',
  ],
  unknown: ['epoch-unknown', 'not-the-beginning'],
  name: ['name-unfit'],
} as const satisfies Record<string, readonly string[]>

type Why = keyof typeof WHY
const isWhy = (key: string): key is Why => key in WHY
const whyOf = (rule: string): Why | undefined =>
  Object.keys(WHY)
    .filter(isWhy)
    .find((why) => WHY[why].some((known: string) => known === rule))

/** Of what this person did themselves, only what speaks of them is said in other words. */
type WhyYou = 'not-organiser' | 'taken-out' | 'made-member'
const isWhyYou = (why: Why | undefined): why is WhyYou =>
  why === 'not-organiser' || why === 'taken-out' || why === 'made-member'

const WHAT = [
  'admit',
  'device',
  'add',
  'remove',
  'role',
  'rename',
  'close',
  'epoch',
  'grant',
  'invite',
  'cancel',
] as const
const whatOf = (type: string): (typeof WHAT)[number] | 'other' => WHAT.find((known) => known === type) ?? 'other'

type Of<Kind extends CircleNotice['notice']> = Extract<CircleNotice, { notice: Kind }>

function forkWords(i18n: i18n, { person, isMe, computer }: Of<'fork'>): NoticeWords {
  const t = i18n.getFixedT(i18n.language, 'people')
  const whose = isMe ? '-of-you' : '-of'
  const which = t(`notices.fork${whose}${computer === '' ? '-unnamed' : ''}`, { name: person, computer })
  return {
    tone: 'care',
    title: t('notices.fork', { computer: which }),
    safe: t('notices.fork-why'),
    todo: isMe ? t('notices.fork-todo-you') : t('notices.fork-todo', { name: person }),
  }
}

function refusedWords(i18n: i18n, { rule, type, person, isMe }: Of<'refused'>): NoticeWords {
  const t = i18n.getFixedT(i18n.language, 'people')
  const what = t(`notices.what.${whatOf(type)}`)
  const why = whyOf(rule)
  const todo = isMe && isWhyYou(why) ? t(`notices.why-you.${why}`) : t(`notices.why.${why ?? 'other'}`, { rule })
  const safe = t('notices.refused-safe')
  if (isMe) return { tone: 'info', title: t('notices.refused-you', { what }), safe, todo }
  const title = person === '' ? t('notices.refused-unknown', { what }) : t('notices.refused', { name: person, what })
  return { tone: 'info', title, safe, todo }
}

/** What happened, what is safe, what to do. */
export function noticeWords(i18n: i18n, notice: CircleNotice, people: readonly Person[]): NoticeWords {
  const t = i18n.getFixedT(i18n.language, 'people')
  switch (notice.notice) {
    case 'fork':
      return forkWords(i18n, notice)
    case 'refused':
      return refusedWords(i18n, notice)
    case 'one-organiser': {
      const isMe = people.some((one) => one.isMe && one.role === 'organiser')
      return {
        tone: 'info',
        title: isMe ? t('notices.one-organiser-you') : t('notices.one-organiser', { name: notice.person }),
        safe: t('notices.one-organiser-why'),
        todo: isMe ? t('notices.one-organiser-todo-you') : t('notices.one-organiser-todo', { name: notice.person }),
      }
    }
    case 'no-organiser':
      return {
        tone: 'info',
        title: t('notices.no-organiser'),
        safe: t('notices.no-organiser-why'),
        todo: t(`notices.no-organiser-todo.${notice.scope}`),
      }
    case 'organisers-out': {
      const names = new Intl.ListFormat(i18n.language, { type: 'conjunction' }).format(notice.people)
      const values = { names, count: notice.people.length }
      return {
        tone: 'care',
        title: t('notices.organisers-out', values),
        safe: t('notices.organisers-out-why', values),
        todo: t('notices.organisers-out-todo', values),
      }
    }
    case 'waiting-for-key':
      return {
        tone: 'info',
        title: t('notices.waiting-for-key', { name: notice.person }),
        todo: t('notices.waiting-for-key-todo'),
      }
    case 'circles-unopened':
      return {
        tone: 'care',
        title: t('notices.circles-unopened', { count: notice.count }),
        todo: t('notices.circles-unopened-todo'),
      }
  }
}

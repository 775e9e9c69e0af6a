import type { i18n } from 'i18next'
import type { SyncStatus } from '../../../../shared/model/contexts.ts'
import { when } from '../../../ui/index.ts'

type Refusal = SyncStatus['refusals'][number]

/** The named reasons of sync, membership and the transports, gathered under the sentences people read. */
const KINDS = {
  'not-genuine': [
    'bad-session-signature',
    'bad-signature',
    'other-device',
    'same-device',
    'foreign-client',
    'not-their-device',
    'device-taken',
    'key-for-a-stranger',
    'forked',
  ],
  unreadable: [
    'malformed',
    'bad-body',
    'bad-frame',
    'bad-handshake',
    'bad-hello',
    'bad-presence',
    'bad-update',
    'before-hello',
    'welcome-before-hello',
    'welcome-broken-off',
    'mixed-fold',
    'name-unfit',
    'seal-broken',
    'malformed-signal',
    'malformed-message',
  ],
  'too-much': [
    'author-over-quota',
    'impatient',
    'message-too-large',
    'quota',
    'too-large',
    'too-many-devices',
    'too-many-hellos',
    'too-many-logs',
    'too-many-offers',
    'too-many-records',
    'too-many-waiting',
    'too-many-welcomes',
  ],
  'not-allowed': [
    'not-allowed',
    'not-an-organiser',
    'author-not-present',
    'author-demoted-meanwhile',
    'author-removed-meanwhile',
    'target-not-present',
    'only-by-invitation',
    'unknown-device',
    'unknown-incarnation',
    'second-beginning',
    'not-the-beginning',
  ],
  removed: ['after-removal', 'not-in-the-group', 'removed'],
  elsewhere: ['other-circle', 'unknown-circle', 'unknown-epoch', 'epoch-unknown', 'not-sealed-to-room'],
  invitation: [
    'invitation-cancelled',
    'invitation-cancelled-meanwhile',
    'invitation-expired',
    'invitation-unknown',
    'invitation-used',
    'invitation-used-meanwhile',
    'inviter-removed',
  ],
  'other-version': ['other-version'],
  'no-answer': ['no-answer', 'handshake-timeout'],
  here: ['read-failed', 'storage-failed', 'membership-failed'],
} as const satisfies Record<string, readonly string[]>

type Kind = keyof typeof KINDS
const kinds: readonly Kind[] = [
  'not-genuine',
  'unreadable',
  'too-much',
  'not-allowed',
  'removed',
  'elsewhere',
  'invitation',
  'other-version',
  'no-answer',
  'here',
]

/** What the other side turned away is told by theirs; here it is only known that they did. */
const THEY_REFUSED = 'they refused: '

const kindOf = (reason: string): Kind | 'by-them' | undefined =>
  reason.startsWith(THEY_REFUSED)
    ? 'by-them'
    : kinds.find((kind) => KINDS[kind].some((known: string) => known === reason))

/** What was turned away, when, from whom and why, in one line. A reason without a sentence of its own is shown by its name. */
export function refusalLine(i18n: i18n, { at, reason, from }: Refusal, now: number): string {
  const t = i18n.getFixedT(i18n.language, 'safety')
  const kind = kindOf(reason)
  const because = kind === undefined ? t('refused.reasons.other', { reason }) : t(`refused.reasons.${kind}`)
  const moment = sentenceStart(when(i18n, at, now))
  return from === undefined
    ? t('refused.line', { when: moment, reason: because })
    : t('refused.line-from', { when: moment, reason: because, from })
}

const sentenceStart = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

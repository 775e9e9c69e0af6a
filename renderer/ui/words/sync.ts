/** Sentences about who has what. Each must be true at the moment it is shown, so each is tested for every combination. */
import type { i18n } from 'i18next'
import type { Exchanged, PersonSync, SaveState, SyncStatus } from '../../../shared/model/contexts.ts'
import { listNames } from './names.ts'
import { when } from './when.ts'

const words = (i18n: i18n) => i18n.getFixedT(i18n.language, 'common')

const others = (status: SyncStatus): readonly PersonSync[] => status.people.filter(({ person }) => !person.isMe)

const hasEverything = ({ theyLack, weLack }: Exchanged): boolean => theyLack === 0 && weLack === 0

export function saveLine(i18n: i18n, save: SaveState): string {
  const t = words(i18n)
  if (save.state === 'saved') return t('sync.saved')
  if (save.state === 'saving') return t('sync.saving')
  return t(`sync.stopped.${save.reason}`)
}

/** Everything known about one person, in one or two sentences; for a list of people. */
export const personLine = (i18n: i18n, sync: PersonSync, now: number): string =>
  exchangedLine(i18n, sync.person.name, sync, now)

/** The same of one computer, or of whoever `name` is. */
export function exchangedLine(i18n: i18n, name: string, sync: Exchanged, now: number): string {
  const t = words(i18n)
  const { connected, theyLack, weLack, lastMatchedAt } = sync
  if (theyLack === undefined) return t(connected ? 'sync.person.finding-out' : 'sync.person.never', { name })
  const withheld = sync.withheld > 0 ? [t('sync.person.withheld', { name, count: sync.withheld })] : []
  if (hasEverything(sync)) return [t('sync.person.has-everything', { name }), ...withheld].join(' ')
  const parts = [
    ...(connected || lastMatchedAt === undefined
      ? []
      : [t('sync.person.last-matched', { name, when: when(i18n, lastMatchedAt, now) })]),
    ...(theyLack > 0
      ? [t(connected ? 'sync.person.sending' : 'sync.person.they-lack', { name, count: theyLack })]
      : []),
    ...(weLack > 0 ? [t(connected ? 'sync.person.getting' : 'sync.person.we-lack', { name, count: weLack })] : []),
    ...withheld,
  ]
  return parts.join(' ')
}

function missingLine(i18n: i18n, behind: readonly PersonSync[], now: number): string | undefined {
  const [first, ...more] = behind
  if (first === undefined) return undefined
  const t = words(i18n)
  if (more.length > 0)
    return t('sync.behind', {
      names: listNames(
        i18n,
        behind.map(({ person }) => person.name),
      ),
    })
  const { person, connected, lastMatchedAt } = first
  if (connected) return t('sync.exchanging', { name: person.name })
  if (lastMatchedAt === undefined) return t('sync.person.never', { name: person.name })
  return t('sync.person.last-matched', { name: person.name, when: when(i18n, lastMatchedAt, now) })
}

/** The footer's line: what is saved, who can be reached, who has everything, who does not. */
export function syncLine(i18n: i18n, status: SyncStatus, now: number): string {
  const t = words(i18n)
  // Whoever is out of the group has nobody to share with, so there is nothing to say of anybody.
  if (status.save.state === 'stopped' && status.save.reason === 'not-a-member') return saveLine(i18n, status.save)
  const everyone = others(status)
  const complete = everyone.filter(hasEverything)
  const behind = everyone.filter((person) => !hasEverything(person))
  const parts = [
    saveLine(i18n, status.save),
    status.unreadable ? t('sync.unreadable') : undefined,
    // Whether there is anybody may be in what cannot be read.
    everyone.length === 0 && !status.unreadable ? t('sync.alone') : undefined,
    everyone.length > 0 && !everyone.some(({ connected }) => connected) ? t('sync.not-connected') : undefined,
    status.forked ? t('sync.forked') : undefined,
    // While something is still being written, nobody can have everything yet.
    complete.length > 0 && status.save.state === 'saved' && !status.forked
      ? t('sync.has-everything', {
          names: listNames(
            i18n,
            complete.map(({ person }) => person.name),
          ),
          count: complete.length,
        })
      : undefined,
    missingLine(i18n, behind, now),
  ]
  return parts.filter((part) => part !== undefined).join(' ')
}

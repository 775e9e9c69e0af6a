import { useId, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OpenDocument } from '../../../../../shared/model/contexts.ts'
import type { Highlight } from '../../../../ui/editor/index.ts'
import { Choice, Notice, useNow, when } from '../../../../ui/index.ts'
import type { Named } from '../../model/places.ts'
import { compare, type Comparison, isOfOlder } from '../../model/versions/compare.ts'
import { openNow, type OpenedVersion, openVersion } from '../../model/versions/open.ts'
import type { Version } from '../../model/versions/version.ts'
import { byPerson, changeLine, countLine, nameOf } from '../words.ts'
import { VersionWords } from './version-words.tsx'
import { versionName } from './words.ts'

const NOW = 'now'

interface Moment {
  readonly name: string
  readonly opened: OpenedVersion
}

export interface CompareSectionProps {
  readonly document: OpenDocument
  readonly people: readonly Named[]
  readonly version: Version
  readonly opened: OpenedVersion
  /** All versions, this one among them. */
  readonly list: readonly Version[]
}

/** What changed between a version and now, or another version: in words, and side by side. */
export function CompareSection({ document, people, version, opened, list }: CompareSectionProps) {
  const { t, i18n } = useTranslation('versions')
  const id = useId()
  const now = useNow()
  const [chosen, setChosen] = useState(NOW)
  const other = list.find((one) => one.id === chosen && one.id !== version.id)
  const [older, newer] = useMemo((): readonly [Moment, Moment] => {
    const here = { name: versionName(t, version), opened }
    if (other === undefined) return [here, { name: t('compare.now'), opened: openNow(document.doc) }]
    const there = { name: versionName(t, other), opened: openVersion(document.doc, other) }
    return other.at < version.at ? [there, here] : [here, there]
  }, [t, document, version, opened, other])
  const comparison = useMemo(
    () =>
      older.opened.state === 'whole' && newer.opened.state === 'whole'
        ? compare(older.opened, newer.opened, document.attribution)
        : undefined,
    [older, newer, document],
  )
  const options = [
    { value: NOW, label: t('compare.now') },
    ...list
      .filter((one) => one.id !== version.id)
      .map((one) => ({
        value: one.id,
        label: t('compare.option', { name: versionName(t, one), when: when(i18n, one.at, now) }),
      })),
  ]
  return (
    <section className="t-compare" aria-label={t('compare.label')}>
      <Choice id={`${id}-with`} label={t('compare.with')} value={chosen} options={options} onChange={setChosen} />
      <h2>{t('compare.from-to', { older: older.name, newer: newer.name })}</h2>
      {comparison === undefined ? (
        <Notice tone="care" title={t('compare.cannot')} safe={t('compare.cannot-safe')} />
      ) : (
        <Told people={people} comparison={comparison} />
      )}
      <h2>{t('compare.side')}</h2>
      <div className="t-side-by-side">
        <Side moment={older} kind="removed" comparison={comparison} people={people} />
        <Side moment={newer} kind="added" comparison={comparison} people={people} />
      </div>
    </section>
  )
}

interface ToldProps {
  readonly people: readonly Named[]
  readonly comparison: Comparison
}

function Told({ people, comparison: { result, differences } }: ToldProps) {
  const { t, i18n } = useTranslation(['versions', 'papers'])
  const papersT = i18n.getFixedT(i18n.language, 'papers')
  if (result !== 'differ') return <p>{t(result === 'same' ? 'compare.same' : 'compare.set-out')}</p>
  return byPerson(differences).map((group) => (
    <section key={group.by ?? 'unknown'}>
      <p>{countLine(papersT, i18n, people, group)}</p>
      <ul>
        {group.changes.map((change) => (
          <li key={`${change.kind} ${change.from}`}>{changeLine(papersT, people, change)}</li>
        ))}
      </ul>
    </section>
  ))
}

interface SideProps {
  readonly moment: Moment
  readonly kind: 'added' | 'removed'
  readonly comparison: Comparison | undefined
  readonly people: readonly Named[]
}

function Side({ moment, kind, comparison, people }: SideProps) {
  const { t } = useTranslation('papers')
  const highlights = useMemo(
    (): readonly Highlight[] | undefined =>
      comparison?.differences
        .filter((one) => isOfOlder(one) === (kind === 'removed'))
        .map(({ from, to, by, kind: what }) => ({
          from,
          to,
          look: kind,
          label: t(`label.${what}`, { name: nameOf(t, people, by) }),
        })),
    [comparison, kind, people, t],
  )
  return (
    <section>
      <h3>{moment.name}</h3>
      <VersionWords opened={moment.opened} label={moment.name} {...(highlights === undefined ? {} : { highlights })} />
    </section>
  )
}

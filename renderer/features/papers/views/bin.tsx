import { useTranslation } from 'react-i18next'
import type * as Y from 'yjs'
import { announce, Button, EmptyState, Page, TextLink, useNow, when } from '../../../ui/index.ts'
import { restorePaper } from '../model/commands.ts'
import { type HeldPaper, isWritable, knownPeople, type Place } from '../model/places.ts'
import { BIN_DAYS, daysLeftInBin, papersInBin } from '../model/selectors.ts'
import './papers.css'
import { useHeldPapers } from './use-places.ts'
import { nameWithin, readersShort, scopeOf } from './words.ts'

const inBinNow = (records: Y.Doc) => papersInBin(records, Date.now())

export function Bin({ places }: { readonly places: readonly Place[] }) {
  const { t, i18n } = useTranslation('papers')
  const now = useNow()
  const papers = useHeldPapers(places, inBinNow).toSorted((a, b) => (b.paper.binnedAt ?? 0) - (a.paper.binnedAt ?? 0))
  const only = places.length === 1 ? places[0] : undefined
  const restore = ({ place: { circle }, paper }: HeldPaper): void => {
    if (!restorePaper(circle, paper.id).ok) return announce(t('newer-version'))
    announce(t('bin.restored', { title: paper.title }))
    document.querySelector<HTMLElement>('#main h1')?.focus()
  }
  return (
    <Page
      title={t('bin.title')}
      lead={<p>{t('bin.lead', { days: BIN_DAYS })}</p>}
      {...(only === undefined ? {} : { scope: scopeOf(only) })}
    >
      {papers.length === 0 ? (
        <EmptyState title={t('bin.empty')} />
      ) : (
        <ul className="t-list">
          {papers.map((held) => {
            const { place, paper } = held
            const at = paper.binnedAt ?? now
            return (
              <li key={`${place.circle.id} ${paper.id}`}>
                <div>
                  <p className="t-document-title">
                    <TextLink href={`/papers/${paper.id}`}>{paper.title}</TextLink>
                  </p>
                  <p>{readersShort(t, i18n, place)}</p>
                  <p className="t-quiet">
                    {t('bin.by', {
                      name: nameWithin(t, knownPeople(place), paper.binnedBy ?? undefined),
                      when: when(i18n, at, now),
                    })}{' '}
                    {t('bin.left', { count: daysLeftInBin(at, now) })}
                  </p>
                </div>
                {isWritable(place) ? (
                  <Button onPress={() => restore(held)}>{t('bin.restore', { title: paper.title })}</Button>
                ) : null}
              </li>
            )
          })}
        </ul>
      )}
      <p>
        <TextLink href="/papers">{t('back')}</TextLink>
      </p>
    </Page>
  )
}

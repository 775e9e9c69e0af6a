import { useTranslation } from 'react-i18next'
import { announce, Button, EmptyState, Page, TextLink, useNow } from '../../../ui/index.ts'
import { bringBack } from '../model/move.ts'
import { type HeldPaper, isWritable, type Place } from '../model/places.ts'
import { papersMoved } from '../model/selectors.ts'
import './papers.css'
import { useHeldPapers } from './use-places.ts'
import { movedLines, readersShort } from './words.ts'

interface RowProps {
  readonly places: readonly Place[]
  readonly held: HeldPaper
}

function MovedRow({ places, held }: RowProps) {
  const { t, i18n } = useTranslation('papers')
  const { place, paper } = held
  const { lines, copies } = movedLines(t, i18n, places, held, useNow())
  const back = (): void => {
    if (!bringBack(place.circle, paper.id).ok) return announce(t('newer-version'))
    announce(t('moved.brought', { title: paper.title }))
    document.querySelector<HTMLElement>('#main h1')?.focus()
  }
  return (
    <li>
      <div>
        <p className="t-document-title">
          <TextLink href={`/papers/${paper.id}`}>{paper.title}</TextLink>
        </p>
        <p>{readersShort(t, i18n, place)}</p>
        <p className="t-quiet">{lines.join(' ')}</p>
        {copies.map(({ copy, circle }) => (
          <p key={copy} className="t-row-link">
            <TextLink href={`/papers/${copy}`}>{t('moved.goes-on', { circle })}</TextLink>
          </p>
        ))}
      </div>
      {isWritable(place) ? <Button onPress={back}>{t('moved.back-for', { title: paper.title })}</Button> : null}
    </li>
  )
}

/** What was given to another circle: as it was, for those who could read it before. */
export function MovedPapers({ places }: { readonly places: readonly Place[] }) {
  const { t } = useTranslation('papers')
  const moved = useHeldPapers(places, papersMoved)
  return (
    <Page title={t('moved.title')} lead={<p>{t('moved.lead')}</p>}>
      {moved.length === 0 ? (
        <EmptyState title={t('moved.empty')} />
      ) : (
        <ul className="t-list">
          {moved.map((held) => (
            <MovedRow key={`${held.place.circle.id} ${held.paper.id}`} places={places} held={held} />
          ))}
        </ul>
      )}
      <p>
        <TextLink href="/papers">{t('back')}</TextLink>
      </p>
    </Page>
  )
}

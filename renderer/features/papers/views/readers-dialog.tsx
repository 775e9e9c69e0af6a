import { useTranslation } from 'react-i18next'
import { Dialog, TextLink } from '../../../ui/index.ts'
import { type HeldPaper, isWritable } from '../model/places.ts'
import { cannotLine, standingLine } from './words.ts'

export interface ReadersDialogProps {
  readonly held: HeldPaper
  readonly onClose: () => void
}

/** By name, who can read a paper, and who may still have what it said before they went. */
export function ReadersDialog({ held: { place, paper }, onClose }: ReadersDialogProps) {
  const { t, i18n } = useTranslation('papers')
  const { circle, people, departures, name } = place
  const present = new Set(people.map(({ id }) => id))
  const gone = departures
    .filter(({ person, computer }) => computer === undefined && !present.has(person.id) && !person.isMe)
    .map(({ person }) => person.name)
  const values = { circle: name, count: people.length }
  const cannot = cannotLine(t, i18n, place)
  const isForAll = circle.scope === 'group' && cannot === undefined
  const kind = !isWritable(place) ? 'of-read' : isForAll ? 'of-group' : cannot === undefined ? 'of-circle' : 'of-some'
  const names = new Intl.ListFormat(i18n.language, { type: 'conjunction' }).format(new Set(gone))
  return (
    <Dialog open title={t('readers.title', { title: paper.title })} onClose={onClose}>
      <p>{t(`readers.${kind}`, values)}</p>
      <ul className="t-readers">
        {people.map((person) => (
          <li key={person.id}>{person.isMe ? t('readers.me', { name: person.name }) : person.name}</li>
        ))}
      </ul>
      {isWritable(place) ? null : <p>{standingLine(t, place)}</p>}
      {circle.scope === 'circle' ? <p>{t('readers.nobody-else')}</p> : null}
      {cannot === undefined ? null : (
        <>
          <p>{cannot}</p>
          <p>{t('readers.cannot-more')}</p>
          {isWritable(place) ? (
            <p>
              {t('readers.cannot-help')} <TextLink href={`/papers/${paper.id}/move`}>{t('move.action')}</TextLink>
            </p>
          ) : null}
        </>
      )}
      {gone.length === 0 ? null : <p>{t('readers.gone', { names, circle: name })}</p>}
      <p>
        <TextLink href="/people">{t('readers.people')}</TextLink>
      </p>
    </Dialog>
  )
}

import { useTranslation } from 'react-i18next'
import type { CircleContext } from '../../../../shared/model/contexts.ts'
import { ButtonLink } from '../../../ui/index.ts'
import { computersLine } from '../model/people.ts'
import { baseOf, useCircle } from './place.ts'

/** Everybody who is in it, each with role, computers and a page of their own. */
export function PersonRows({ circle }: { readonly circle: CircleContext }) {
  const { t, i18n } = useTranslation('people')
  const { people } = useCircle(circle)
  return (
    <ul className="t-list">
      {people.map((person) => (
        <li key={person.id}>
          <div>
            {person.isMe ? t('you', { name: person.name }) : person.name}
            <br />
            <span className="t-quiet">
              {person.outOfGroup === true
                ? t('out-of-group')
                : `${t(`role.${person.role}`)} · ${computersLine(i18n, person.computers)}`}
            </span>
          </div>
          <ButtonLink href={`${baseOf(circle)}/person/${person.id}`}>
            {t('more-about', { name: person.name })}
          </ButtonLink>
        </li>
      ))}
    </ul>
  )
}

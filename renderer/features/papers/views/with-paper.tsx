import { type ReactNode, useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CircleId } from '../../../../shared/base/ids.ts'
import { Button, Page, Stack, TextLink } from '../../../ui/index.ts'
import type { HeldPaper, Place } from '../model/places.ts'
import { paperById } from '../model/selectors.ts'
import { useHeldPapers } from './use-places.ts'
import { readersShort, scopeOf } from './words.ts'

export interface WithPaperProps {
  readonly places: readonly Place[]
  readonly id: string
  readonly children: (held: HeldPaper) => ReactNode
}

/**
 * Finds the circle that holds a paper: an address says only which paper. Somebody could put a paper with the same id into
 * another circle; then the person chooses, so that words meant for a few cannot be led to many. What is open stays open.
 */
export function WithPaper({ places, id, children }: WithPaperProps) {
  const { t, i18n } = useTranslation('papers')
  const held = useHeldPapers(
    places,
    useCallback(
      (records) => {
        const paper = paperById(records, id)
        return paper === undefined ? [] : [paper]
      },
      [id],
    ),
  )
  const [chosen, setChosen] = useState<CircleId>()
  const [only] = held
  if (chosen === undefined && held.length === 1 && only !== undefined) setChosen(only.place.circle.id)
  const found = held.find(({ place }) => place.circle.id === chosen)
  if (found !== undefined) return children(found)
  const [group] = places
  if (held.length > 1) {
    return (
      <Page title={t('which.title')} lead={<p>{t('which.why')}</p>}>
        <Stack>
          {held.map(({ place, paper }) => (
            <Button key={place.circle.id} onPress={() => setChosen(place.circle.id)}>
              {t('which.choose', { title: paper.title, readers: readersShort(t, i18n, place) })}
            </Button>
          ))}
        </Stack>
      </Page>
    )
  }
  return (
    <Page title={t('missing.title')} {...(group === undefined ? {} : { scope: scopeOf(group) })}>
      <p>{t('missing.why')}</p>
      <p>
        <TextLink href="/papers">{t('back')}</TextLink>
      </p>
    </Page>
  )
}

import { type ReactNode, useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { OpenDocument } from '../../../../../shared/model/contexts.ts'
import { useDocument } from '../../../../ui/editor/index.ts'
import { Notice, Page } from '../../../../ui/index.ts'
import type { HeldPaper } from '../../model/places.ts'
import { scopeOf } from '../words.ts'

export interface WithDocumentProps {
  readonly held: HeldPaper
  readonly title: string
  readonly children: (document: OpenDocument) => ReactNode
}

/** Opens a paper's document for a page about it, and closes it with the page. */
export function WithDocument({ held, title, children }: WithDocumentProps) {
  const { t } = useTranslation('papers')
  const { place, paper } = held
  const { circle } = place
  const opening = useDocument(useCallback(() => circle.open(paper.id), [circle, paper.id]))
  if (opening.state === 'open') return children(opening.document)
  return (
    <Page title={title} scope={scopeOf(place)}>
      {opening.state === 'failed' ? (
        <Notice tone="problem" title={t('open-failed')} safe={t('open-failed-safe')} />
      ) : (
        <p className="t-quiet">{t('opening')}</p>
      )}
    </Page>
  )
}

import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { CircleContext } from '../../../../shared/model/contexts.ts'
import { announce, Button, EmptyState, Page, TextLink, useLive, useNow, when } from '../../../ui/index.ts'
import { useRecords } from '../../../ui/editor/index.ts'
import { restorePaper } from '../model/commands.ts'
import { paperRecord, type Paper } from '../model/paper.ts'
import { BIN_DAYS, daysLeftInBin, papersInBin } from '../model/selectors.ts'
import './papers.css'
import { nameWithin, useScope } from './words.ts'

export function Bin({ circle }: { readonly circle: CircleContext }) {
  const { t, i18n } = useTranslation('papers')
  const now = useNow()
  const people = useLive(circle.people)
  const papers = useRecords(
    circle.records,
    paperRecord,
    useCallback((records) => papersInBin(records, Date.now()), []),
  )
  const restore = (paper: Paper): void => {
    if (!restorePaper(circle, paper.id).ok) return announce(t('newer-version'))
    announce(t('bin.restored', { title: paper.title }))
    document.querySelector<HTMLElement>('#main h1')?.focus()
  }
  return (
    <Page title={t('bin.title')} scope={useScope(circle)} lead={<p>{t('bin.lead', { days: BIN_DAYS })}</p>}>
      {papers.length === 0 ? (
        <EmptyState title={t('bin.empty')} />
      ) : (
        <ul className="t-list">
          {papers.map((paper) => {
            const at = paper.binnedAt ?? now
            return (
              <li key={paper.id}>
                <div>
                  <p className="t-document-title">
                    <TextLink href={`/papers/${paper.id}`}>{paper.title}</TextLink>
                  </p>
                  <p className="t-quiet">
                    {t('bin.by', {
                      name: nameWithin(t, people, paper.binnedBy ?? undefined),
                      when: when(i18n, at, now),
                    })}{' '}
                    {t('bin.left', { count: daysLeftInBin(at, now) })}
                  </p>
                </div>
                <Button onPress={() => restore(paper)}>{t('bin.restore', { title: paper.title })}</Button>
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

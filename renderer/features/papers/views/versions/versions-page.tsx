import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OpenDocument } from '../../../../../shared/model/contexts.ts'
import { Button, EmptyState, Notice, Page, TextLink, useNow } from '../../../../ui/index.ts'
import { type HeldPaper, isWritable, knownPeople } from '../../model/places.ts'
import { movedTo } from '../../model/selectors.ts'
import { roomFor } from '../../model/versions/keep.ts'
import '../papers.css'
import { scopeOf } from '../words.ts'
import { KeepDialog } from './keep-dialog.tsx'
import { useAgreements, useVersions } from './use-versions.ts'
import { WithDocument } from './with-document.tsx'
import { agreementLines, versionLine, versionName } from './words.ts'

/** A paper's versions, newest first. */
export function VersionsPage({ held }: { readonly held: HeldPaper }) {
  const { t } = useTranslation('versions')
  return (
    <WithDocument held={held} title={t('title', { title: held.paper.title })}>
      {(document) => <Listed held={held} document={document} />}
    </WithDocument>
  )
}

function Listed({ held, document }: { readonly held: HeldPaper; readonly document: OpenDocument }) {
  const { t, i18n } = useTranslation('versions')
  const { place, paper } = held
  const now = useNow()
  const { list, unknown } = useVersions(document)
  const agreements = useAgreements(document)
  const [keeping, setKeeping] = useState(false)
  const people = knownPeople(place)
  const mayKeep = isWritable(place) && movedTo(paper).length === 0
  return (
    <Page
      title={t('title', { title: paper.title })}
      scope={scopeOf(place)}
      lead={<p>{t('lead')}</p>}
      actions={mayKeep ? <Button onPress={() => setKeeping(true)}>{t('keep.action')}</Button> : undefined}
    >
      {!mayKeep || roomFor(document.doc, 'deleting') ? null : (
        <Notice tone="care" title={t(roomFor(document.doc, 'kept') ? 'full-by-itself' : 'full')} />
      )}
      {list.length === 0 ? (
        <EmptyState title={t('empty')}>{t('empty-why')}</EmptyState>
      ) : (
        <ul className="t-list">
          {list.map((version) => (
            <li key={version.id}>
              <div>
                <p className="t-document-title">
                  <TextLink href={`/papers/${paper.id}/versions/${version.id}`}>{versionName(t, version)}</TextLink>
                </p>
                <p>{versionLine(i18n, people, version, now)}</p>
                {agreements
                  .filter((agreement) => agreement.version === version.id)
                  .flatMap((agreement) => agreementLines(i18n, people, agreement))
                  .map((line) => (
                    <p key={line}>{line}</p>
                  ))}
                {version.note === '' ? null : <p className="t-version-note">{version.note}</p>}
              </div>
            </li>
          ))}
        </ul>
      )}
      {unknown === 0 ? null : <p>{t('unknown', { count: unknown })}</p>}
      <p>
        <TextLink href={`/papers/${paper.id}`}>{t('back-to-paper', { title: paper.title })}</TextLink>
      </p>
      {keeping ? <KeepDialog document={document} onClose={() => setKeeping(false)} /> : null}
    </Page>
  )
}

import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OpenDocument } from '../../../../../shared/model/contexts.ts'
import { announce, Button, Notice, Page, Row, TextLink, useNow } from '../../../../ui/index.ts'
import { type HeldPaper, isWritable, knownPeople } from '../../model/places.ts'
import { movedTo } from '../../model/selectors.ts'
import { openVersion } from '../../model/versions/open.ts'
import type { Restored } from '../../model/versions/restore.ts'
import type { Version } from '../../model/versions/version.ts'
import '../papers.css'
import { scopeOf } from '../words.ts'
import { AgreementSection } from './agreement-section.tsx'
import { CompareSection } from './compare-section.tsx'
import { RestoreDialog } from './restore-dialog.tsx'
import { useVersions } from './use-versions.ts'
import { VersionWords } from './version-words.tsx'
import { WithDocument } from './with-document.tsx'
import { versionLine, versionName } from './words.ts'

export interface VersionPageProps {
  readonly held: HeldPaper
  readonly id: string
  /** Arrives with what changed open. */
  readonly comparing?: boolean
}

/** One version of a paper, to be read. */
export function VersionPage({ held, id, comparing = false }: VersionPageProps) {
  const { t } = useTranslation('versions')
  return (
    <WithDocument held={held} title={t('title', { title: held.paper.title })}>
      {(document) => <Found held={held} document={document} id={id} comparing={comparing} />}
    </WithDocument>
  )
}

interface FoundProps extends VersionPageProps {
  readonly document: OpenDocument
}

function Found({ held, document, id, comparing = false }: FoundProps) {
  const { t } = useTranslation('versions')
  const { list } = useVersions(document)
  const version = list.find((one) => one.id === id)
  if (version !== undefined)
    return <One held={held} document={document} version={version} list={list} arrivesComparing={comparing} />
  return (
    <Page title={t('one.missing')} scope={scopeOf(held.place)}>
      <p>{t('one.missing-why')}</p>
      <Back held={held} />
    </Page>
  )
}

function Back({ held: { paper } }: { readonly held: HeldPaper }) {
  const { t } = useTranslation('versions')
  return (
    <>
      <p>
        <TextLink href={`/papers/${paper.id}/versions`}>{t('back-to-list')}</TextLink>
      </p>
      <p>
        <TextLink href={`/papers/${paper.id}`}>{t('back-to-paper', { title: paper.title })}</TextLink>
      </p>
    </>
  )
}

interface OneProps {
  readonly held: HeldPaper
  readonly document: OpenDocument
  readonly version: Version
  readonly list: readonly Version[]
  readonly arrivesComparing: boolean
}

function One({ held, document, version, list, arrivesComparing }: OneProps) {
  const { t, i18n } = useTranslation('versions')
  const { place, paper } = held
  const now = useNow()
  const people = useMemo(() => knownPeople(place), [place])
  const [comparing, setComparing] = useState(arrivesComparing)
  const [asking, setAsking] = useState(false)
  const [restored, setRestored] = useState<Restored>()
  const name = versionName(t, version)
  const opened = useMemo(() => openVersion(document.doc, version), [document, version])
  const toTop = (): void => window.document.querySelector<HTMLElement>('#main h1')?.focus()
  const undo = (): void => {
    restored?.undo()
    setRestored(undefined)
    announce(t('restore.undone'))
    // The button that was pressed goes away with the notice.
    toTop()
  }
  return (
    <Page
      title={t('one.title', { name })}
      scope={scopeOf(place)}
      width="wide"
      lead={
        <>
          <p>{versionLine(i18n, people, version, now)}</p>
          <p>{t('one.of', { title: paper.title })}</p>
        </>
      }
    >
      {restored === undefined ? null : (
        <Notice
          tone="good"
          announce="soon"
          title={t('restore.done')}
          safe={t('restore.done-safe')}
          actions={<Button onPress={undo}>{t('restore.undo')}</Button>}
        />
      )}
      {version.note === '' ? null : <p className="t-version-note">{t('one.note', { note: version.note })}</p>}
      <AgreementSection held={held} document={document} version={version} people={people} />
      <Row>
        <button
          type="button"
          className="t-button"
          data-look="secondary"
          aria-expanded={comparing}
          onClick={() => setComparing(!comparing)}
        >
          {t(comparing ? 'compare.hide' : 'compare.show')}
        </button>
        {isWritable(place) && movedTo(paper).length === 0 ? (
          <Button onPress={() => setAsking(true)}>{t('restore.action')}</Button>
        ) : null}
      </Row>
      {comparing ? (
        <CompareSection
          // After bringing it back, or taking that back, "now" is another moment.
          key={restored === undefined ? 'before' : 'after'}
          document={document}
          people={people}
          version={version}
          opened={opened}
          list={list}
        />
      ) : (
        <VersionWords opened={opened} label={name} />
      )}
      <Back held={held} />
      {asking ? (
        <RestoreDialog
          held={held}
          document={document}
          version={version}
          onClose={() => setAsking(false)}
          onRestored={(done) => {
            setAsking(false)
            setRestored(done)
            setTimeout(toTop)
          }}
        />
      ) : null}
    </Page>
  )
}

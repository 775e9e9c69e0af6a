import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { OpenDocument } from '../../../../../shared/model/contexts.ts'
import { Editor } from '../../../../ui/editor/index.ts'
import { toText } from '../../../../ui/editor/to-text.ts'
import { Notice, Page, TextLink, useNow } from '../../../../ui/index.ts'
import { type HeldPaper, knownPeople } from '../../model/places.ts'
import { type OpenedVersion, openVersion } from '../../model/versions/open.ts'
import type { Version } from '../../model/versions/version.ts'
import '../papers.css'
import { scopeOf } from '../words.ts'
import { useVersions } from './use-versions.ts'
import { WithDocument } from './with-document.tsx'
import { versionLine, versionName } from './words.ts'

export interface VersionPageProps {
  readonly held: HeldPaper
  readonly id: string
}

/** One version of a paper, to be read. */
export function VersionPage({ held, id }: VersionPageProps) {
  const { t } = useTranslation('versions')
  return (
    <WithDocument held={held} title={t('title', { title: held.paper.title })}>
      {(document) => <Found held={held} document={document} id={id} />}
    </WithDocument>
  )
}

interface FoundProps extends VersionPageProps {
  readonly document: OpenDocument
}

function Found({ held, document, id }: FoundProps) {
  const { t } = useTranslation('versions')
  const { list } = useVersions(document)
  const version = list.find((one) => one.id === id)
  if (version !== undefined) return <One held={held} document={document} version={version} />
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
}

function One({ held, document, version }: OneProps) {
  const { t, i18n } = useTranslation('versions')
  const { place, paper } = held
  const now = useNow()
  const name = versionName(t, version)
  const opened = useMemo(() => openVersion(document.doc, version), [document, version])
  return (
    <Page
      title={t('one.title', { name })}
      scope={scopeOf(place)}
      width="wide"
      lead={
        <>
          <p>{versionLine(i18n, knownPeople(place), version, now)}</p>
          <p>{t('one.of', { title: paper.title })}</p>
        </>
      }
    >
      {version.note === '' ? null : <p className="t-version-note">{t('one.note', { note: version.note })}</p>}
      <VersionWords opened={opened} label={name} />
      <Back held={held} />
    </Page>
  )
}

export function VersionWords({ opened, label }: { readonly opened: OpenedVersion; readonly label: string }) {
  const { t } = useTranslation(['versions', 'papers'])
  if (opened.state === 'not-here') return <Notice tone="care" title={t('one.not-here')} safe={t('one.not-here-safe')} />
  if (opened.state === 'whole')
    return <Editor fragment={opened.words} label={label} placeholder={t('papers:nothing-written')} readOnly />
  return (
    <>
      <Notice tone="care" title={t('one.newer')} safe={t('one.newer-safe')} />
      <div className="t-version-text">{toText(opened.words)}</div>
    </>
  )
}

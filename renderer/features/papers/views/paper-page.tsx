import { useCallback, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { DocumentId } from '../../../../shared/base/ids.ts'
import type { CircleContext, OpenDocument, Presence } from '../../../../shared/model/contexts.ts'
import { createLive } from '../../../../shared/base/live.ts'
import {
  announce,
  Button,
  Menu,
  type MenuEntry,
  Notice,
  Page,
  saveLine,
  TextLink,
  useLive,
  useNow,
  when,
} from '../../../ui/index.ts'
import {
  Editor,
  type EditorHandle,
  type Highlight,
  useDocument,
  usePlace,
  useRecords,
} from '../../../ui/editor/index.ts'
import { byOthers, type Change, changesSince } from '../model/changes.ts'
import { binPaper, CONTENT, restorePaper } from '../model/commands.ts'
import { paperRecord, type Paper } from '../model/paper.ts'
import { paperById } from '../model/selectors.ts'
import type { Mark } from '../model/seen.ts'
import { toText } from '../model/toText.ts'
import { ChangesSummary } from './changes-summary.tsx'
import './papers.css'
import { RenameDialog } from './rename-dialog.tsx'
import { useChanges, useNotedChanges, useVisit } from './use-visit.ts'
import { nameOf, readersLine, useScope } from './words.ts'

export interface PaperPageProps {
  readonly circle: CircleContext
  readonly id: string
  readonly onBinned: (id: DocumentId) => void
}

/** One paper: found, opened, shown. */
export function PaperPage({ circle, id, onBinned }: PaperPageProps) {
  const { t } = useTranslation('papers')
  const scope = useScope(circle)
  const paper = useRecords(
    circle.records,
    paperRecord,
    useCallback((records) => paperById(records, id), [id]),
  )
  if (paper === undefined) {
    return (
      <Page title={t('missing.title')} scope={scope}>
        <p>{t('missing.why')}</p>
        <p>
          <TextLink href="/papers">{t('back')}</TextLink>
        </p>
      </Page>
    )
  }
  return <FoundPaper circle={circle} paper={paper} onBinned={onBinned} />
}

interface FoundProps {
  readonly circle: CircleContext
  readonly paper: Paper
  readonly onBinned: (id: DocumentId) => void
}

function FoundPaper({ circle, paper, onBinned }: FoundProps) {
  const { t, i18n } = useTranslation('papers')
  const scope = useScope(circle)
  const people = useLive(circle.people)
  const save = useLive(circle.save)
  const now = useNow()
  const { id } = paper
  const opening = useDocument(useCallback(() => circle.open(id), [circle, id]))
  const [, navigate] = useLocation()
  const [renaming, setRenaming] = useState(false)
  const document = opening.state === 'open' ? opening.document : undefined
  const othersShown = useLive(document?.presence ?? NOBODY_SHOWN) !== undefined
  const bin = (): void => {
    if (!binPaper(circle, id, Date.now()).ok) return announce(t('newer-version'))
    onBinned(id)
    navigate('/papers')
  }
  const restore = (): void => {
    if (!restorePaper(circle, id).ok) announce(t('newer-version'))
  }
  const copy = async (opened: OpenDocument): Promise<void> => {
    await navigator.clipboard.writeText(`${paper.title}\n\n${toText(opened.doc.getXmlFragment(CONTENT))}`)
    announce(t('copied'))
  }
  const entries: MenuEntry[] = [
    { id: 'rename', label: t('rename.action'), onAction: () => setRenaming(true) },
    ...(document === undefined
      ? []
      : [
          { id: 'copy', label: t('copy'), onAction: () => void copy(document).catch(() => announce(t('copy-failed'))) },
        ]),
    ...(document === undefined ? [] : [othersEntry(document, othersShown, t('others.show'), t('others.hide'))]),
    { id: 'bin', label: t('bin.action'), onAction: bin },
  ]
  return (
    <Page
      title={paper.title}
      scope={scope}
      width="wide"
      lead={
        <p className="t-paper-facts">
          {readersLine(t, i18n, people)} {saveLine(i18n, save)}
        </p>
      }
      actions={<Menu label={t('more')} fullLabel={t('more-for', { title: paper.title })} entries={entries} />}
    >
      {paper.binnedAt === null ? null : (
        <Notice
          tone="care"
          title={t('bin.here', {
            name: nameOf(t, people, paper.binnedBy ?? undefined),
            when: when(i18n, paper.binnedAt, now),
          })}
          actions={<Button onPress={restore}>{t('bin.undo')}</Button>}
        />
      )}
      {opening.state === 'failed' ? (
        <Notice tone="problem" title={t('open-failed')} safe={t('open-failed-safe')} />
      ) : null}
      {opening.state === 'opening' ? <p className="t-quiet">{t('opening')}</p> : null}
      {document === undefined ? null : <Words circle={circle} paper={paper} document={document} />}
      <p>
        <TextLink href="/papers">{t('back')}</TextLink>
      </p>
      {renaming ? <RenameDialog circle={circle} paper={paper} onClose={() => setRenaming(false)} /> : null}
    </Page>
  )
}

const NOBODY_SHOWN = createLive<Presence | undefined>(undefined)

function othersEntry(document: OpenDocument, on: boolean, show: string, hide: string): MenuEntry {
  return { id: 'others', label: on ? hide : show, onAction: () => document.setPresence(!on) }
}

interface WordsProps {
  readonly circle: CircleContext
  readonly paper: Paper
  readonly document: OpenDocument
}

/** Others' places in the text, for as long as the person wants to see them. */
function useOthers(circle: CircleContext, document: OpenDocument, handle: EditorHandle | undefined): void {
  const { t } = useTranslation('papers')
  const presence = useLive(document.presence)
  const people = useLive(circle.people)
  useEffect(() => {
    if (presence === undefined || handle === undefined) return undefined
    const name = (clientId: number): string | undefined => {
      const member = document.attribution.insertedBy(clientId)
      return member === undefined ? undefined : nameOf(t, people, member)
    }
    const me = people.find(({ isMe }) => isMe)?.name ?? ''
    return handle.showOthers(presence.awareness, me, name)
  }, [presence, handle, people, document, t])
}

const look = (change: Change): Highlight['look'] =>
  change.kind === 'added' || change.kind === 'removed' ? change.kind : 'other'

function Words({ circle, paper, document }: WordsProps) {
  const { t } = useTranslation('papers')
  const people = useLive(circle.people)
  const fragment = useMemo(() => document.doc.getXmlFragment(CONTENT), [document])
  const [handle, setHandle] = useState<EditorHandle>()
  const visiting = useVisit(circle, document)
  const [chosen, setChosen] = useState<Mark>()
  const [marked, setMarked] = useState(false)
  const visit = visiting?.visit
  const since = chosen === undefined || visit === undefined ? visit?.since : { ...chosen, first: false }
  const snapshot = since?.snapshot
  const changes = useChanges(circle, document, snapshot)
  useNotedChanges(circle, document)
  usePlace(handle, circle.local, `paper-place/${paper.id}`)
  useOthers(circle, document, handle)

  useEffect(() => {
    if (handle === undefined || !marked || snapshot === undefined) return undefined
    handle.setHighlights(() =>
      byOthers(changesSince(fragment, snapshot, document.attribution), circle.me).map((change) => ({
        from: change.from,
        to: change.to,
        look: look(change),
        label: t(`label.${change.kind}`, { name: nameOf(t, people, change.by) }),
        ...(change.from === change.to ? { goneText: change.text.trim() } : {}),
      })),
    )
    return () => handle.setHighlights(undefined)
  }, [handle, marked, snapshot, fragment, document, circle, people, t])

  const seen = (): void => {
    visiting?.seenAll()
    setChosen(undefined)
    setMarked(false)
    announce(t('since.seen-done'))
    // The button that was pressed goes away with the summary.
    window.document.querySelector<HTMLElement>('#main h1')?.focus()
  }
  const putBack = (change: Change): void => {
    handle?.putAfter(change.from, change.text.trim())
    announce(t('change.put-back-done'))
  }
  return (
    <>
      {visit === undefined || since === undefined ? null : (
        <ChangesSummary
          people={people}
          changes={changes}
          since={since}
          marks={visit.since.first ? [] : [visit.since, ...visit.earlier]}
          onSince={setChosen}
          marked={marked}
          onMarked={setMarked}
          onSeen={seen}
          onPutBack={putBack}
        />
      )}
      <Editor fragment={fragment} label={paper.title} placeholder={t('placeholder')} onReady={setHandle} />
    </>
  )
}

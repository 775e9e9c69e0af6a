import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import * as Y from 'yjs'
import type { OpenDocument, Presence } from '../../../../shared/model/contexts.ts'
import { createLive } from '../../../../shared/base/live.ts'
import { announce, Button, Menu, type MenuEntry, Notice, Page, plainDay, TextLink, useLive } from '../../../ui/index.ts'
import {
  Editor,
  type EditorHandle,
  type EditorTalk,
  type Highlight,
  useDocument,
  usePlace,
} from '../../../ui/editor/index.ts'
import { byOthers, type Change, changesSince } from '../model/changes.ts'
import { binPaper, CONTENT, offerAsTemplate, pinPaper } from '../model/commands.ts'
import type { Paper } from '../model/paper.ts'
import { type HeldPaper, isWritable, knownPeople, moveTargets, type Named, type Place } from '../model/places.ts'
import type { Mark } from '../model/seen.ts'
import { movedTo } from '../model/selectors.ts'
import { timeOfDay } from '../model/versions/day.ts'
import { type PictureText, toText } from '../../../ui/editor/to-text.ts'
import { ChangesSummary } from './changes-summary.tsx'
import { LabelsDialog } from './order/labels-dialog.tsx'
import { labelLine } from './order/words.ts'
import { PaperNotices } from './paper-notices.tsx'
import type { BinnedPaper } from './papers.tsx'
import './papers.css'
import { ReadersDialog } from './readers-dialog.tsx'
import { RenameDialog } from './rename-dialog.tsx'
import { TalkSection, type TalkWish } from './talk/talk-section.tsx'
import { useSaidLines } from './talk/use-talk.ts'
import { useChanges, useNotedChanges, useVisit } from './use-visit.ts'
import { useSummaryOffer } from './order/use-summary-offer.ts'
import { AgreedLine } from './versions/agreed-line.tsx'
import { KeepDialog } from './versions/keep-dialog.tsx'
import { ReviewDialog } from './versions/review-dialog.tsx'
import { useKeptBeforeDeletion } from './versions/use-versions.ts'
import { cannotLine, nameOf, paperSaveLine, readersLine, scopeOf, standingLine } from './words.ts'

export interface PaperPageProps {
  readonly places: readonly Place[]
  readonly held: HeldPaper
  /** It was made a moment ago by giving another paper to this circle. */
  readonly isGiven: boolean
  readonly onBinned: (binned: BinnedPaper) => void
}

/** One paper: opened, shown, with who can read it. */
export function PaperPage({ places, held, isGiven, onBinned }: PaperPageProps) {
  const { t, i18n } = useTranslation(['papers', 'versions', 'in-and-out'])
  const { t: ofOrder } = useTranslation('order')
  const { place, paper } = held
  const { circle } = place
  const save = useLive(circle.save)
  const { id } = paper
  const opening = useDocument(useCallback(() => circle.open(id), [circle, id]))
  const [, navigate] = useLocation()
  const [dialog, setDialog] = useState<'none' | 'rename' | 'readers' | 'keep' | 'review' | 'labels'>('none')
  const document = opening.state === 'open' ? opening.document : undefined
  const othersShown = useLive(document?.presence ?? NOBODY_SHOWN) !== undefined
  const isReadOnly = !isWritable(place) || movedTo(paper).length > 0
  useToldOnce(isReadOnly, standingLine(t, place) ?? t('moved.here'))
  const bin = (): void => {
    if (!binPaper(circle, id, Date.now()).ok) return announce(t('newer-version'))
    onBinned({ circle, id })
    navigate('/papers')
  }
  const pin = (): void => {
    const { pinned } = paper
    if (!pinPaper(circle, id, !pinned).ok) return announce(t('newer-version'))
    announce(t(pinned ? 'pin.taken-out' : 'pin.done', { title: paper.title }))
  }
  const asTemplate = (): void => {
    const { isTemplate } = paper
    if (!offerAsTemplate(circle, id, !isTemplate).ok) return announce(t('newer-version'))
    announce(ofOrder(isTemplate ? 'templates.taken-out' : 'templates.done', { title: paper.title }))
  }
  const copy = async (opened: OpenDocument, kind: 'plain' | 'whatsapp'): Promise<void> => {
    const title = kind === 'plain' ? paper.title : `*${paper.title}*`
    const inShort = t('summary.label', { ns: 'editor' })
    const picture: PictureText = ({ alt, isDecoration }) => {
      if (isDecoration) return ''
      return alt === '' ? t('in-and-out:out.picture-in-text-undescribed') : t('in-and-out:out.picture-in-text', { alt })
    }
    const words = toText(opened.doc.getXmlFragment(CONTENT), kind, { inShort, picture })
    await navigator.clipboard.writeText(`${title}\n\n${words}`)
    announce(t('copied'))
  }
  const copyEntry = (opened: OpenDocument, kind: 'plain' | 'whatsapp', label: string): MenuEntry => ({
    id: `copy-${kind}`,
    label,
    onAction: () => void copy(opened, kind).catch(() => announce(t('copy-failed'))),
  })
  const entries: MenuEntry[] = [
    ...(isWritable(place) ? [{ id: 'rename', label: t('rename.action'), onAction: () => setDialog('rename') }] : []),
    ...(document === undefined
      ? []
      : [
          { id: 'out', label: t('out.action', { ns: 'in-and-out' }), onAction: () => navigate(`/papers/${id}/out`) },
          copyEntry(document, 'plain', t('copy')),
          copyEntry(document, 'whatsapp', t('out.chat', { ns: 'in-and-out' })),
        ]),
    ...(document === undefined || isReadOnly
      ? []
      : [
          othersEntry(document, othersShown, t('others.show'), t('others.hide')),
          { id: 'keep', label: t('versions:keep.action'), onAction: () => setDialog('keep') },
          { id: 'review', label: t('versions:review.action'), onAction: () => setDialog('review') },
        ]),
    { id: 'versions', label: t('versions:action'), onAction: () => navigate(`/papers/${id}/versions`) },
    ...(moveTargets(places, held).length === 0
      ? []
      : [{ id: 'move', label: t('move.action'), onAction: () => navigate(`/papers/${id}/move`) }]),
    ...(isReadOnly
      ? []
      : [
          { id: 'labels', label: ofOrder('labels.action'), onAction: () => setDialog('labels') },
          {
            id: 'template',
            label: ofOrder(paper.isTemplate ? 'templates.take-out' : 'templates.action'),
            onAction: asTemplate,
          },
        ]),
    ...(isReadOnly ? [] : [{ id: 'pin', label: t(paper.pinned ? 'pin.take-out' : 'pin.action'), onAction: pin }]),
    ...(isReadOnly ? [] : [{ id: 'bin', label: t('bin.action'), onAction: bin }]),
  ]
  return (
    <Page
      title={paper.title}
      scope={scopeOf(place)}
      width="wide"
      lead={
        <p className="t-paper-facts">
          {readersLine(t, i18n, place, isReadOnly)} {cannotLine(t, i18n, place)} {paperSaveLine(t, i18n, save, place)}{' '}
          {paper.reviewOn === null
            ? null
            : t('versions:review.line', { day: plainDay(i18n, timeOfDay(paper.reviewOn)) })}{' '}
          {labelLine(ofOrder, paper)} {paper.isTemplate ? ofOrder('templates.line') : null}
        </p>
      }
      actions={
        <>
          <Button onPress={() => setDialog('readers')}>{t('readers.action')}</Button>
          <Menu label={t('more')} fullLabel={t('more-for', { title: paper.title })} entries={entries} />
        </>
      }
    >
      <PaperNotices places={places} held={held} isGiven={isGiven} />
      {opening.state === 'failed' ? (
        <Notice tone="problem" title={t('open-failed')} safe={t('open-failed-safe')} />
      ) : null}
      {opening.state === 'opening' ? <p className="t-quiet">{t('opening')}</p> : null}
      {document === undefined ? null : <AgreedLine held={held} document={document} />}
      {document === undefined ? null : (
        <Words
          key={isReadOnly ? 'read' : 'write'}
          place={place}
          paper={paper}
          document={document}
          isReadOnly={isReadOnly}
        />
      )}
      <p>
        <TextLink href="/papers">{t('back')}</TextLink>
      </p>
      {dialog === 'rename' ? (
        <RenameDialog circle={circle} paper={paper} onClose={() => setDialog('none')} />
      ) : dialog === 'readers' ? (
        <ReadersDialog held={held} onClose={() => setDialog('none')} />
      ) : dialog === 'keep' && document !== undefined ? (
        <KeepDialog document={document} onClose={() => setDialog('none')} />
      ) : dialog === 'labels' ? (
        <LabelsDialog circle={circle} paper={paper} onClose={() => setDialog('none')} />
      ) : dialog === 'review' ? (
        <ReviewDialog circle={circle} paper={paper} onClose={() => setDialog('none')} />
      ) : null}
    </Page>
  )
}

/** Somebody who is writing when writing ends hears why; who comes later reads it. */
function useToldOnce(isReadOnly: boolean, why: string): void {
  const before = useRef(isReadOnly)
  useEffect(() => {
    if (isReadOnly && !before.current) announce(why)
    before.current = isReadOnly
  }, [isReadOnly, why])
}

const NOBODY_SHOWN = createLive<Presence | undefined>(undefined)

function othersEntry(document: OpenDocument, on: boolean, show: string, hide: string): MenuEntry {
  return { id: 'others', label: on ? hide : show, onAction: () => document.setPresence(!on) }
}

interface WordsProps {
  readonly place: Place
  readonly paper: Paper
  readonly document: OpenDocument
  readonly isReadOnly: boolean
}

/** The words to show. Where nothing may be written, a copy that follows them: whatever an editor does there goes nowhere. */
function useWords(document: OpenDocument, isReadOnly: boolean): Y.XmlFragment {
  const doc = useMemo(() => {
    if (!isReadOnly) return document.doc
    const copy = new Y.Doc({ gc: false })
    Y.applyUpdateV2(copy, Y.encodeStateAsUpdateV2(document.doc))
    return copy
  }, [document, isReadOnly])
  useEffect(() => {
    if (doc === document.doc) return undefined
    const follow = (update: Uint8Array): void => Y.applyUpdateV2(doc, update)
    // What came between copying and listening.
    follow(Y.encodeStateAsUpdateV2(document.doc))
    document.doc.on('updateV2', follow)
    return () => document.doc.off('updateV2', follow)
  }, [doc, document])
  return useMemo(() => doc.getXmlFragment(CONTENT), [doc])
}

/** Others' places in the text, for as long as the person wants to see them. */
function useOthers(people: readonly Named[], document: OpenDocument, handle: EditorHandle | undefined): void {
  const { t } = useTranslation('papers')
  const presence = useLive(document.presence)
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

const look = ({ kind }: Change): Highlight['look'] =>
  kind === 'added' || kind === 'picture-added'
    ? 'added'
    : kind === 'removed' || kind === 'picture-removed'
      ? 'removed'
      : 'other'

function Words({ place, paper, document, isReadOnly }: WordsProps) {
  const { t } = useTranslation('papers')
  const { circle } = place
  const people = useMemo(() => knownPeople(place), [place])
  const fragment = useWords(document, isReadOnly)
  const [handle, setHandle] = useState<EditorHandle>()
  const visiting = useVisit(circle, document)
  const [chosen, setChosen] = useState<Mark>()
  const [marked, setMarked] = useState(false)
  const visit = visiting?.visit
  const since = chosen === undefined || visit === undefined ? visit?.since : { ...chosen, first: false }
  const snapshot = since?.snapshot
  const changes = useChanges(circle, document, snapshot)
  const said = useSaidLines(document, people, snapshot, circle.me)
  const [wish, setWish] = useState<TalkWish>()
  const talk = useMemo(
    (): EditorTalk => ({
      onComment: (about) => setWish({ does: 'comment', about }),
      onPropose: (about) => setWish({ does: 'propose', about }),
      onGoTo: (id) => setWish({ does: 'go-to', id }),
    }),
    [],
  )
  useNotedChanges(circle, document)
  useKeptBeforeDeletion(document)
  usePlace(handle, circle.local, `paper-place/${paper.id}`)
  useOthers(people, document, handle)

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
          said={said}
          since={since}
          marks={visit.since.first ? [] : [visit.since, ...visit.earlier]}
          onSince={setChosen}
          marked={marked}
          onMarked={setMarked}
          onSeen={seen}
          onPutBack={isReadOnly ? undefined : putBack}
        />
      )}
      <Editor
        fragment={fragment}
        label={paper.title}
        placeholder={t(isReadOnly ? 'nothing-written' : 'placeholder')}
        readOnly={isReadOnly}
        onSummaryOffered={useSummaryOffer(circle.local, paper.id)}
        talk={isReadOnly ? undefined : talk}
        onReady={setHandle}
      />
      <TalkSection
        document={document}
        me={circle.me}
        people={people}
        content={fragment}
        handle={handle}
        mayWrite={!isReadOnly}
        wish={wish}
        onWish={setWish}
      />
    </>
  )
}

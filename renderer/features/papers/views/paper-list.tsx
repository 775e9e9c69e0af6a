import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type * as Y from 'yjs'
import { describeThrown } from '../../../../shared/base/errors.ts'
import type { CircleId, DocumentId } from '../../../../shared/base/ids.ts'
import type { CircleContext } from '../../../../shared/model/contexts.ts'
import {
  announce,
  Button,
  ButtonLink,
  Choice,
  EmptyState,
  Menu,
  Notice,
  Page,
  Row,
  Section,
  TextLink,
  useNow,
} from '../../../ui/index.ts'
import { binPaper, offerAsTemplate, pinPaper, restorePaper } from '../model/commands.ts'
import { labelsIn } from '../model/labels.ts'
import { type HeldPaper, isWritable, knownPeople, type Place } from '../model/places.ts'
import {
  BIN_DAYS,
  byLastChange,
  isNewToMe,
  paperById,
  papersInBin,
  papersInUse,
  papersMoved,
} from '../model/selectors.ts'
import { decodeSeen, seenKey, type SeenPaper } from '../model/seen.ts'
import { LabelFilter } from './order/label-filter.tsx'
import { LabelsDialog } from './order/labels-dialog.tsx'
import type { LabelFilter as Filter } from './order/use-label-filter.ts'
import { labelLine, templatesOf } from './order/words.ts'
import type { BinnedPaper } from './papers.tsx'
import './papers.css'
import { RenameDialog } from './rename-dialog.tsx'
import { useHeldPapers } from './use-places.ts'
import { marksStored } from './use-visit.ts'
import { lastChangeLine, placeName, readersLine, readersShort, scopeOf, standingLine } from './words.ts'

/** Undefined until it has been read. */
function useSeen(circle: CircleContext, id: DocumentId): { readonly seen: SeenPaper | undefined } | undefined {
  const [answer, setAnswer] = useState<{ readonly seen: SeenPaper | undefined }>()
  useEffect(() => {
    let left = false
    const read = async (): Promise<void> => {
      await marksStored()
      const bytes = await circle.local.get(seenKey(id))
      if (!left) setAnswer({ seen: bytes === undefined ? undefined : decodeSeen(bytes) })
    }
    read().catch((thrown: unknown) => console.warn('seen', describeThrown(thrown)))
    return () => {
      left = true
    }
  }, [circle, id])
  return answer
}

interface RowProps {
  readonly held: HeldPaper
  readonly onRename: () => void
  readonly onLabels: () => void
  readonly onPin: () => void
  readonly onTemplate: () => void
  readonly onBin: () => void
}

function PaperRow({ held, onRename, onLabels, onPin, onTemplate, onBin }: RowProps) {
  const { t, i18n } = useTranslation('papers')
  const { t: ofOrder } = useTranslation('order')
  const { place, paper } = held
  const { circle } = place
  const answer = useSeen(circle, paper.id)
  const isNew = answer !== undefined && isNewToMe(paper, answer.seen, circle.me)
  const reason = standingLine(t, place, 'standing-short')
  const labels = labelLine(ofOrder, paper)
  return (
    <li>
      <div>
        <p className="t-document-title">
          <TextLink href={`/papers/${paper.id}`}>{paper.title}</TextLink>
        </p>
        <p>{readersShort(t, i18n, place)}</p>
        {labels === undefined ? null : <p>{labels}</p>}
        {paper.isTemplate ? <p>{ofOrder('templates.line')}</p> : null}
        {reason === undefined ? null : <p className="t-quiet">{reason}</p>}
        <p className="t-quiet">
          {lastChangeLine(t, i18n, knownPeople(place), paper, useNow())}
          {isNew ? (
            <span className="t-new">{t(answer.seen === undefined ? 'list.new-to-you' : 'list.new')}</span>
          ) : null}
        </p>
      </div>
      {isWritable(place) ? (
        <Menu
          label={t('more')}
          fullLabel={t('more-for', { title: paper.title })}
          entries={[
            { id: 'rename', label: t('rename.action'), onAction: onRename },
            { id: 'labels', label: ofOrder('labels.action'), onAction: onLabels },
            { id: 'pin', label: t(paper.pinned ? 'pin.take-out' : 'pin.action'), onAction: onPin },
            {
              id: 'template',
              label: ofOrder(paper.isTemplate ? 'templates.take-out' : 'templates.action'),
              onAction: onTemplate,
            },
            { id: 'bin', label: t('bin.action'), onAction: onBin },
          ]}
        />
      ) : null}
    </li>
  )
}

const inBinNow = (records: Y.Doc) => papersInBin(records, Date.now())

const focusHeading = (): void => document.querySelector<HTMLElement>('#main h1')?.focus()
/** A menu gives the focus back to its button, or to nothing where that is gone, once it has closed. */
const focusHeadingAfterMenu = (): unknown => setTimeout(focusHeading, 60)

export interface PaperListProps {
  readonly places: readonly Place[]
  /** The only circle whose papers are listed; undefined: all. */
  readonly shown: CircleId | undefined
  readonly onShown: (shown: CircleId | undefined) => void
  readonly labelFilter: Filter
  readonly binned: BinnedPaper | undefined
  readonly onBinned: (binned: BinnedPaper | undefined) => void
}

/** What was just done to a paper from its menu, to be told with the way back. */
interface JustDone {
  readonly held: HeldPaper
  readonly field: 'pinned' | 'isTemplate'
  readonly on: boolean
}

export function PaperList({ places, shown, onShown, labelFilter, binned, onBinned }: PaperListProps) {
  const { t, i18n } = useTranslation('papers')
  const { t: ofOrder } = useTranslation('order')
  const now = useNow()
  const all = useHeldPapers(places, papersInUse)
  const inBin = useHeldPapers(places, inBinNow).length
  const moved = useHeldPapers(places, papersMoved).length
  const [justDone, setJustDone] = useState<JustDone>()
  const [dialog, setDialog] = useState<{ readonly of: HeldPaper; readonly does: 'rename' | 'labels' }>()
  const only = places.length === 1 ? places[0] : places.find(({ circle }) => circle.id === shown)
  const ofShown = all
    .filter(({ place }) => only === undefined || place.circle === only.circle)
    .toSorted((a, b) => byLastChange(a.paper, b.paper))
  const labels = labelsIn(ofShown.map(({ paper }) => paper))
  // A label that no paper here has hides nothing: it would leave an empty list, and nothing to choose it off with.
  const label = labels.find(({ key }) => key === labelFilter.label)
  const papers = label === undefined ? ofShown : ofShown.filter(({ paper }) => paper.labels.has(label.key))
  const gone = binned === undefined ? undefined : paperById(binned.circle.records, binned.id)
  const mayWrite = (only === undefined ? places : [only]).some(isWritable)
  const bin = ({ place: { circle }, paper: { id } }: HeldPaper): void => {
    if (!binPaper(circle, id, now).ok) return announce(t('newer-version'))
    setJustDone(undefined)
    onBinned({ circle, id })
    // The button that was pressed is gone with its line.
    focusHeadingAfterMenu()
  }
  const put = ({ held, field, on }: JustDone): boolean => {
    const { circle } = held.place
    const { id } = held.paper
    const done = field === 'pinned' ? pinPaper(circle, id, on) : offerAsTemplate(circle, id, on)
    // Its line is in another list now.
    focusHeadingAfterMenu()
    if (!done.ok) announce(t('newer-version'))
    return done.ok
  }
  const turn = (held: HeldPaper, field: JustDone['field']): void => {
    const turned = { held, field, on: !held.paper[field] }
    if (put(turned)) setJustDone(turned)
  }
  const startHere = papers.filter(({ paper }) => paper.pinned)
  const rest = papers.filter(({ paper }) => !paper.pinned)
  const others = rest.filter(({ paper }) => !paper.isTemplate)
  const templates = places
    .map((place) => ({ place, held: rest.filter((one) => one.paper.isTemplate && one.place.circle === place.circle) }))
    .filter(({ held }) => held.length > 0)
  const undo = ({ circle, id }: BinnedPaper): void => {
    if (!restorePaper(circle, id).ok) return announce(t('newer-version'))
    onBinned(undefined)
    focusHeading()
  }
  const row = (held: HeldPaper) => (
    <PaperRow
      key={`${held.place.circle.id} ${held.paper.id}`}
      held={held}
      onRename={() => setDialog({ of: held, does: 'rename' })}
      onLabels={() => setDialog({ of: held, does: 'labels' })}
      onPin={() => turn(held, 'pinned')}
      onTemplate={() => turn(held, 'isTemplate')}
      onBin={() => bin(held)}
    />
  )
  const lead = only === undefined ? t('readers.each') : (standingLine(t, only) ?? readersLine(t, i18n, only))
  return (
    <Page title={t('title')} lead={<p>{lead}</p>} {...(only === undefined ? {} : { scope: scopeOf(only) })}>
      {binned === undefined || gone === undefined || gone.binnedAt === null ? null : (
        <Notice
          announce="soon"
          title={t('bin.done', { title: gone.title })}
          safe={t('bin.done-safe', { days: BIN_DAYS })}
          actions={<Button onPress={() => undo(binned)}>{t('bin.undo')}</Button>}
        />
      )}
      {justDone === undefined ? null : (
        <DoneNotice
          done={justDone}
          onUndo={() => {
            put({ ...justDone, on: !justDone.on })
            setJustDone(undefined)
          }}
        />
      )}
      {mayWrite && all.length > 0 ? (
        <Row>
          <ButtonLink href="/papers/new" look="primary">
            {t('list.create')}
          </ButtonLink>
        </Row>
      ) : null}
      {places.length > 1 ? (
        <Choice
          id="papers-of"
          label={t('list.filter')}
          value={only?.circle.id ?? ''}
          options={[
            { value: '', label: t('list.filter-all') },
            ...places.map((place) => ({ value: place.circle.id, label: placeName(t, place) })),
          ]}
          onChange={(value) => onShown(places.find(({ circle }) => circle.id === value)?.circle.id)}
        />
      ) : null}
      {labels.length === 0 ? null : (
        <LabelFilter
          labels={labels}
          shown={label}
          hidden={ofShown.length - papers.length}
          places={(only === undefined ? places : [only]).filter(isWritable)}
          onShow={labelFilter.show}
        />
      )}
      {papers.length > 0 ? (
        <>
          {startHere.length === 0 ? null : (
            <Section title={t('pin.title')}>
              <ul className="t-list">{startHere.map(row)}</ul>
            </Section>
          )}
          {others.length === 0 ? null : startHere.length === 0 ? (
            <ul className="t-list">{others.map(row)}</ul>
          ) : (
            <Section title={t('pin.others')}>
              <ul className="t-list">{others.map(row)}</ul>
            </Section>
          )}
          {templates.map(({ place, held }) => (
            <Section key={place.circle.id} title={templatesOf(ofOrder, place)}>
              <ul className="t-list">{held.map(row)}</ul>
            </Section>
          ))}
        </>
      ) : all.length > 0 && only !== undefined ? (
        <EmptyState title={t('list.none-here', { circle: only.name })} />
      ) : (
        <EmptyState
          title={t('list.empty')}
          action={
            mayWrite ? (
              <ButtonLink href="/papers/new" look="primary">
                {t('list.first')}
              </ButtonLink>
            ) : undefined
          }
        >
          {mayWrite ? <p>{t('list.empty-more')}</p> : null}
        </EmptyState>
      )}
      {inBin === 0 ? null : (
        <p>
          <TextLink href="/papers/bin">{t('bin.link', { count: inBin })}</TextLink>
        </p>
      )}
      {moved === 0 ? null : (
        <p>
          <TextLink href="/papers/moved">{t('moved.link', { count: moved })}</TextLink>
        </p>
      )}
      {dialog === undefined ? null : dialog.does === 'rename' ? (
        <RenameDialog circle={dialog.of.place.circle} paper={dialog.of.paper} onClose={() => setDialog(undefined)} />
      ) : (
        <LabelsDialog circle={dialog.of.place.circle} paper={dialog.of.paper} onClose={() => setDialog(undefined)} />
      )}
    </Page>
  )
}

function DoneNotice({ done: { held, field, on }, onUndo }: { readonly done: JustDone; readonly onUndo: () => void }) {
  const { t } = useTranslation('papers')
  const { t: ofOrder } = useTranslation('order')
  const { title } = held.paper
  const what = on ? 'done' : 'taken-out'
  const [said, safe] =
    field === 'pinned'
      ? [t(`pin.${what}`, { title }), t(`pin.${what}-safe`)]
      : [ofOrder(`templates.${what}`, { title }), ofOrder(`templates.${what}-safe`)]
  return <Notice announce="soon" title={said} safe={safe} actions={<Button onPress={onUndo}>{t('pin.undo')}</Button>} />
}

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
import { binPaper, pinPaper, restorePaper } from '../model/commands.ts'
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
  readonly onPin: () => void
  readonly onBin: () => void
}

function PaperRow({ held, onRename, onPin, onBin }: RowProps) {
  const { t, i18n } = useTranslation('papers')
  const { place, paper } = held
  const { circle } = place
  const answer = useSeen(circle, paper.id)
  const isNew = answer !== undefined && isNewToMe(paper, answer.seen, circle.me)
  const reason = standingLine(t, place, 'standing-short')
  return (
    <li>
      <div>
        <p className="t-document-title">
          <TextLink href={`/papers/${paper.id}`}>{paper.title}</TextLink>
        </p>
        <p>{readersShort(t, i18n, place)}</p>
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
            { id: 'pin', label: t(paper.pinned ? 'pin.take-out' : 'pin.action'), onAction: onPin },
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
  readonly binned: BinnedPaper | undefined
  readonly onBinned: (binned: BinnedPaper | undefined) => void
}

export function PaperList({ places, shown, onShown, binned, onBinned }: PaperListProps) {
  const { t, i18n } = useTranslation('papers')
  const now = useNow()
  const all = useHeldPapers(places, papersInUse)
  const inBin = useHeldPapers(places, inBinNow).length
  const moved = useHeldPapers(places, papersMoved).length
  const [justPinned, setJustPinned] = useState<HeldPaper>()
  const [renaming, setRenaming] = useState<HeldPaper>()
  const only = places.length === 1 ? places[0] : places.find(({ circle }) => circle.id === shown)
  const papers = all
    .filter(({ place }) => only === undefined || place.circle === only.circle)
    .toSorted((a, b) => byLastChange(a.paper, b.paper))
  const gone = binned === undefined ? undefined : paperById(binned.circle.records, binned.id)
  const mayWrite = (only === undefined ? places : [only]).some(isWritable)
  const bin = ({ place: { circle }, paper: { id } }: HeldPaper): void => {
    if (!binPaper(circle, id, now).ok) return announce(t('newer-version'))
    setJustPinned(undefined)
    onBinned({ circle, id })
    // The button that was pressed is gone with its line.
    focusHeadingAfterMenu()
  }
  const pin = ({ place, paper }: HeldPaper, pinned: boolean): void => {
    if (!pinPaper(place.circle, paper.id, pinned).ok) return announce(t('newer-version'))
    setJustPinned({ place, paper: { ...paper, pinned } })
    // Its line is in another list now.
    focusHeadingAfterMenu()
  }
  const startHere = papers.filter(({ paper }) => paper.pinned)
  const others = papers.filter(({ paper }) => !paper.pinned)
  const undo = ({ circle, id }: BinnedPaper): void => {
    if (!restorePaper(circle, id).ok) return announce(t('newer-version'))
    onBinned(undefined)
    focusHeading()
  }
  const row = (held: HeldPaper) => (
    <PaperRow
      key={`${held.place.circle.id} ${held.paper.id}`}
      held={held}
      onRename={() => setRenaming(held)}
      onPin={() => pin(held, !held.paper.pinned)}
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
      {justPinned === undefined ? null : (
        <Notice
          announce="soon"
          title={t(justPinned.paper.pinned ? 'pin.done' : 'pin.taken-out', { title: justPinned.paper.title })}
          safe={t(justPinned.paper.pinned ? 'pin.done-safe' : 'pin.taken-out-safe')}
          actions={
            <Button
              onPress={() => {
                pin(justPinned, !justPinned.paper.pinned)
                setJustPinned(undefined)
              }}
            >
              {t('pin.undo')}
            </Button>
          }
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
      {papers.length > 0 ? (
        <>
          {startHere.length === 0 ? null : (
            <Section title={t('pin.title')}>
              <ul className="t-list">{startHere.map(row)}</ul>
            </Section>
          )}
          {startHere.length === 0 ? (
            <ul className="t-list">{others.map(row)}</ul>
          ) : others.length === 0 ? null : (
            <Section title={t('pin.others')}>
              <ul className="t-list">{others.map(row)}</ul>
            </Section>
          )}
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
      {renaming === undefined ? null : (
        <RenameDialog circle={renaming.place.circle} paper={renaming.paper} onClose={() => setRenaming(undefined)} />
      )}
    </Page>
  )
}

import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { describeThrown } from '../../../../shared/base/errors.ts'
import type { DocumentId } from '../../../../shared/base/ids.ts'
import type { CircleContext } from '../../../../shared/model/contexts.ts'
import {
  announce,
  Button,
  ButtonLink,
  EmptyState,
  Menu,
  Notice,
  Page,
  Row,
  TextLink,
  useLive,
  useNow,
} from '../../../ui/index.ts'
import { useRecords } from '../../../ui/editor/index.ts'
import { binPaper, restorePaper } from '../model/commands.ts'
import { paperRecord, type Paper } from '../model/paper.ts'
import { BIN_DAYS, isNewToMe, paperById, papersInBin, papersInUse } from '../model/selectors.ts'
import { decodeSeen, seenKey, type SeenPaper } from '../model/seen.ts'
import { RenameDialog } from './rename-dialog.tsx'
import './papers.css'
import { marksStored } from './use-visit.ts'
import { lastChangeLine, readersLine, useScope } from './words.ts'

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
  readonly circle: CircleContext
  readonly paper: Paper
  readonly onRename: () => void
  readonly onBin: () => void
}

function PaperRow({ circle, paper, onRename, onBin }: RowProps) {
  const { t, i18n } = useTranslation('papers')
  const people = useLive(circle.people)
  const answer = useSeen(circle, paper.id)
  const isNew = answer !== undefined && isNewToMe(paper, answer.seen, circle.me)
  return (
    <li>
      <div>
        <p className="t-document-title">
          <TextLink href={`/papers/${paper.id}`}>{paper.title}</TextLink>
        </p>
        <p className="t-quiet">
          {lastChangeLine(t, i18n, people, paper, useNow())}
          {isNew ? (
            <span className="t-new">{t(answer.seen === undefined ? 'list.new-to-you' : 'list.new')}</span>
          ) : null}
        </p>
      </div>
      <Menu
        label={t('more')}
        fullLabel={t('more-for', { title: paper.title })}
        entries={[
          { id: 'rename', label: t('rename.action'), onAction: onRename },
          { id: 'bin', label: t('bin.action'), onAction: onBin },
        ]}
      />
    </li>
  )
}

export interface PaperListProps {
  readonly circle: CircleContext
  readonly binned: DocumentId | undefined
  readonly onBinned: (id: DocumentId | undefined) => void
}

export function PaperList({ circle, binned, onBinned }: PaperListProps) {
  const { t, i18n } = useTranslation('papers')
  const scope = useScope(circle)
  const people = useLive(circle.people)
  const now = useNow()
  const papers = useRecords(circle.records, paperRecord, papersInUse)
  const inBin = useRecords(
    circle.records,
    paperRecord,
    useCallback((records) => papersInBin(records, Date.now()).length, []),
  )
  const [renaming, setRenaming] = useState<Paper>()
  const gone = binned === undefined ? undefined : paperById(circle.records, binned)
  const bin = (id: DocumentId): void => {
    if (!binPaper(circle, id, now).ok) return announce(t('newer-version'))
    onBinned(id)
    // The button that was pressed is gone with its line.
    document.querySelector<HTMLElement>('#main h1')?.focus()
  }
  const undo = (id: DocumentId): void => {
    if (!restorePaper(circle, id).ok) return announce(t('newer-version'))
    onBinned(undefined)
    document.querySelector<HTMLElement>('#main h1')?.focus()
  }
  return (
    <Page title={t('title')} scope={scope} lead={<p>{readersLine(t, i18n, people)}</p>}>
      {gone === undefined || gone.binnedAt === null ? null : (
        <Notice
          announce="soon"
          title={t('bin.done', { title: gone.title })}
          safe={t('bin.done-safe', { days: BIN_DAYS })}
          actions={<Button onPress={() => undo(gone.id)}>{t('bin.undo')}</Button>}
        />
      )}
      {papers.length === 0 ? (
        <EmptyState
          title={t('list.empty')}
          action={
            <ButtonLink href="/papers/new" look="primary">
              {t('list.first')}
            </ButtonLink>
          }
        >
          <p>{t('list.empty-more')}</p>
        </EmptyState>
      ) : (
        <>
          <Row>
            <ButtonLink href="/papers/new" look="primary">
              {t('list.create')}
            </ButtonLink>
          </Row>
          <ul className="t-list">
            {papers.map((paper) => (
              <PaperRow
                key={paper.id}
                circle={circle}
                paper={paper}
                onRename={() => setRenaming(paper)}
                onBin={() => bin(paper.id)}
              />
            ))}
          </ul>
        </>
      )}
      {inBin === 0 ? null : (
        <p>
          <TextLink href="/papers/bin">{t('bin.link', { count: inBin })}</TextLink>
        </p>
      )}
      {renaming === undefined ? null : (
        <RenameDialog circle={circle} paper={renaming} onClose={() => setRenaming(undefined)} />
      )}
    </Page>
  )
}

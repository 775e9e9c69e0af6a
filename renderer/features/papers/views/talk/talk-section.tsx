import { useEffect, useId, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type * as Y from 'yjs'
import { systemClock } from '../../../../../shared/base/clock.ts'
import type { MemberId } from '../../../../../shared/base/ids.ts'
import type { OpenDocument } from '../../../../../shared/model/contexts.ts'
import type { EditorHandle } from '../../../../ui/editor/index.ts'
import { announce, Button, useNow } from '../../../../ui/index.ts'
import type { Named } from '../../model/places.ts'
import { acceptProposal } from '../../model/talk/accept.ts'
import { type Adding, type AddProblem, addToTalk } from '../../model/talk/add.ts'
import { anchorAt, placesOf, type Range, readAnchor } from '../../model/talk/anchor.ts'
import { type Proposal, proposalsOf } from '../../model/talk/proposal.ts'
import { paragraphAt, propose } from '../../model/talk/propose.ts'
import type { Comment } from '../../model/talk/talk.ts'
import { CommentDialog } from './comment-dialog.tsx'
import { CommentItem } from './comment-item.tsx'
import type { Drafts } from './drafts.ts'
import { ProposalItem } from './proposal-item.tsx'
import { ProposeDialog } from './propose-dialog.tsx'
import { ReadSection } from './read-section.tsx'
import './talk.css'
import { type Anchors, useMended, usePlaces, useProposals, useReadBy, useTalk } from './use-talk.ts'
import type { Speaking } from './words.ts'

/** What somebody asked for in the text. */
export type TalkWish =
  | { readonly does: 'comment'; readonly about: Range | undefined }
  | { readonly does: 'propose'; readonly about: Range; readonly instead?: Proposal }
  | { readonly does: 'go-to'; readonly id: string }

/** What can be done about what is said. */
export interface TalkActs {
  readonly speaking: Speaking
  readonly me: MemberId
  readonly mayWrite: boolean
  readonly drafts: Drafts
  /** What is wrong; undefined: it was added, and `done` is said. */
  add(adding: Adding, done: string): AddProblem | undefined
  show(range: Range): void
  accept(proposal: Proposal): void
  amend(proposal: Proposal): void
  /** The proposed words as a paragraph of their own, where theirs is gone. */
  putAtEnd(proposal: Proposal): void
  /** Puts the focus on the heading of all comments. */
  toTop(): void
}

export interface TalkSectionProps {
  readonly document: OpenDocument
  readonly me: MemberId
  readonly people: readonly Named[]
  /** The words as they are shown. */
  readonly content: Y.XmlFragment
  readonly handle: EditorHandle | undefined
  readonly mayWrite: boolean
  readonly wish: TalkWish | undefined
  readonly onWish: (wish: TalkWish | undefined) => void
}

/** A comment that was taken back and never answered is over, too. */
const isOpen = (item: Comment | Proposal): boolean =>
  'state' in item
    ? item.state === 'open'
    : item.settled === undefined && !(item.isTakenBack && item.replies.every((reply) => reply.isTakenBack))

/** What is said about a paper, below its words. */
export function TalkSection(props: TalkSectionProps) {
  const { document, me, people, content, handle, mayWrite, wish, onWish } = props
  const { t, i18n } = useTranslation('talk')
  const id = useId()
  const now = useNow()
  const [drafts] = useState((): Drafts => new Map())
  const talk = useTalk(document)
  const { comments, unknown } = talk
  const proposals = useProposals(content, talk)
  const readers = useReadBy(content, talk)
  useMended(document, mayWrite)
  const items = [...comments, ...proposals].toSorted((a, b) => a.at - b.at || a.id.localeCompare(b.id))
  const open = items.filter(isOpen)
  const settled = items.filter((item) => !isOpen(item))
  const anchors = useMemo(
    (): Anchors => comments.flatMap(({ id: of, anchor }) => (anchor === undefined ? [] : [[of, anchor] as const])),
    [comments],
  )
  const places = usePlaces(content, anchors)
  const about = useMemo(() => {
    const fields = wish?.does === 'comment' && wish.about !== undefined ? anchorAt(content, wish.about) : undefined
    const anchor = fields === undefined ? undefined : readAnchor({ ...fields })
    const place = anchor === undefined ? undefined : placesOf(content, [['here', anchor]]).get('here')
    return { fields, words: place?.state === 'here' ? place.words : '' }
  }, [content, wish])

  useEffect(() => {
    if (handle === undefined) return undefined
    const marked = anchors.filter(([of]) => comments.some((comment) => comment.id === of && isOpen(comment)))
    handle.setPassages(() => [
      ...[...placesOf(content, marked)].flatMap(([of, place]) =>
        place.state === 'here' ? [{ id: of, from: place.from, to: place.to }] : [],
      ),
      ...proposalsOf(content, talk).flatMap((one) =>
        one.range !== undefined && one.paragraph !== 'gone' && isOpen(one) ? [{ id: one.id, ...one.range }] : [],
      ),
    ])
    return () => handle.setPassages(undefined)
  }, [handle, content, anchors, comments, talk])

  useEffect(() => {
    if (wish?.does !== 'go-to') return
    const heading = window.document.querySelector<HTMLElement>(`[data-comment="${CSS.escape(wish.id)}"]`)
    heading?.focus()
    heading?.scrollIntoView({ block: 'center', behavior: 'instant' })
    onWish(undefined)
  }, [wish, onWish])

  const acts: TalkActs = {
    speaking: { i18n, people, now },
    me,
    mayWrite,
    drafts,
    add(adding, done) {
      const added = addToTalk(document.doc, adding, systemClock.now())
      if (!added.ok) return added.error
      announce(done)
      return undefined
    },
    show: ({ from }) => handle?.goTo(from),
    accept(proposal) {
      const accepted = acceptProposal(document.doc, content, proposal.id, systemClock.now())
      announce(accepted.ok ? t('accept.done') : t(`accept.problem.${accepted.error}`))
      if (accepted.ok) acts.toTop()
    },
    amend: (proposal) =>
      proposal.range === undefined ? undefined : onWish({ does: 'propose', about: proposal.range, instead: proposal }),
    putAtEnd(proposal) {
      handle?.putAfter(Number.MAX_SAFE_INTEGER, proposal.text)
      announce(t('put-in.done'))
    },
    toTop: () => setTimeout(() => window.document.getElementById(id)?.focus()),
  }
  const list = (shown: readonly (Comment | Proposal)[]) => (
    <ul className="t-talk-list">
      {shown.map((item) =>
        'state' in item ? (
          <ProposalItem key={item.id} proposal={item} acts={acts} />
        ) : (
          <CommentItem key={item.id} comment={item} place={places.get(item.id)} acts={acts} />
        ),
      )}
    </ul>
  )
  const paragraph = wish?.does === 'propose' ? paragraphAt(content, wish.about) : undefined
  const noParagraph = wish?.does === 'propose' && paragraph === undefined
  useEffect(() => {
    if (!noParagraph) return
    announce(t('propose.nothing'))
    onWish(undefined)
  }, [noParagraph, onWish, t])
  return (
    <>
      <ReadSection readers={readers} acts={acts} />
      <section className="t-talk" aria-labelledby={id}>
        <h2 id={id} tabIndex={-1}>
          {t('title')}
        </h2>
        {items.length === 0 ? <p className="t-quiet">{t(mayWrite ? 'none' : 'none-reading')}</p> : null}
        {open.length === 0 ? null : list(open)}
        {settled.length === 0 ? null : (
          <details className="t-details">
            <summary>{t('settled', { count: settled.length })}</summary>
            {list(settled)}
          </details>
        )}
        {unknown === 0 ? null : <p>{t('unknown', { count: unknown })}</p>}
        {mayWrite ? (
          <div>
            <Button onPress={() => onWish({ does: 'comment', about: undefined })}>{t('comment.action')}</Button>
          </div>
        ) : null}
        {wish?.does === 'comment' && mayWrite ? (
          <CommentDialog
            words={about.words}
            drafts={drafts}
            onAdd={(text) => acts.add({ kind: 'comment', text, about: about.fields }, t('comment.done'))}
            onClose={() => onWish(undefined)}
          />
        ) : null}
        {wish?.does === 'propose' && paragraph !== undefined && mayWrite ? (
          <ProposeDialog
            paragraph={paragraph}
            begin={wish.instead?.text ?? paragraph.words}
            draft={`propose ${wish.instead?.id ?? `${paragraph.block.client}-${paragraph.block.clock}`}`}
            drafts={drafts}
            onPropose={(text, reason) => {
              const proposing = { paragraph, text, reason, instead: wish.instead?.id }
              const proposed = propose(document.doc, proposing, systemClock.now())
              if (!proposed.ok) return proposed.error
              announce(t('propose.done'))
              return undefined
            }}
            onClose={() => onWish(undefined)}
          />
        ) : null}
      </section>
    </>
  )
}

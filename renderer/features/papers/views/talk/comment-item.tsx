import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Row } from '../../../../ui/index.ts'
import type { Place } from '../../model/talk/anchor.ts'
import type { Comment } from '../../model/talk/talk.ts'
import { Replies } from './replies.tsx'
import { SaidWords } from './said-words.tsx'
import { SayForm } from './say-form.tsx'
import type { TalkActs } from './talk-section.tsx'
import { headingOf, placeLine, settledLine } from './words.ts'

export interface CommentItemProps {
  readonly comment: Comment
  readonly place: Place | undefined
  readonly acts: TalkActs
}

/** One comment with what was answered. */
export function CommentItem({ comment, place, acts }: CommentItemProps) {
  const { t } = useTranslation('talk')
  const id = useId()
  const [replying, setReplying] = useState(false)
  const heading = headingOf(acts.speaking, comment, place)
  const lines = [placeLine(acts.speaking, comment, place), settledLine(acts.speaking, comment)]
  const settle = (): void => {
    const kind = comment.settled === undefined ? 'settled' : 'reopened'
    acts.add({ kind, to: comment.id }, t(kind === 'settled' ? 'settle.done' : 'reopen.done'))
    // The comment, and the button that was pressed, is elsewhere now.
    acts.toTop()
  }
  return (
    <li className="t-talk-item">
      <h3 id={id} data-comment={comment.id} tabIndex={-1}>
        {heading}
      </h3>
      {lines.map((line) => (line === undefined ? null : <p key={line}>{line}</p>))}
      <SaidWords said={comment} acts={acts} />
      <Replies replies={comment.replies} acts={acts} />
      {replying ? (
        <SayForm
          label={t('reply.label')}
          save={t('reply.save')}
          drafts={acts.drafts}
          draft={`reply ${comment.id}`}
          onSave={(text) => acts.add({ kind: 'reply', to: comment.id, text }, t('reply.done'))}
          onClose={() => {
            setReplying(false)
            document.getElementById(id)?.focus()
          }}
        />
      ) : (
        <Row>
          {place?.state === 'here' ? (
            <Button label={t('show.full', { heading })} onPress={() => acts.show(place)}>
              {t('show.action')}
            </Button>
          ) : null}
          {acts.mayWrite ? (
            <>
              <Button label={t('reply.full', { heading })} onPress={() => setReplying(true)}>
                {t('reply.action')}
              </Button>
              {comment.settled === undefined ? (
                <Button label={t('settle.full', { heading })} onPress={settle}>
                  {t('settle.action')}
                </Button>
              ) : (
                <Button label={t('reopen.full', { heading })} onPress={settle}>
                  {t('reopen.action')}
                </Button>
              )}
            </>
          ) : null}
        </Row>
      )}
    </li>
  )
}

import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Row } from '../../../../ui/index.ts'
import { canAccept, type Proposal } from '../../model/talk/proposal.ts'
import { Replies } from './replies.tsx'
import { SayForm } from './say-form.tsx'
import { Stretches } from './stretches.tsx'
import type { TalkActs } from './talk-section.tsx'
import { excerpt, proposalHeading, proposalLines, saidLine } from './words.ts'

export interface ProposalItemProps {
  readonly proposal: Proposal
  readonly acts: TalkActs
}

/** Other words that somebody proposes for a paragraph, with what was answered. */
export function ProposalItem({ proposal, acts }: ProposalItemProps) {
  const { t } = useTranslation('talk')
  const id = useId()
  const [doing, setDoing] = useState<'none' | 'reply' | 'decline'>('none')
  const heading = proposalHeading(acts.speaking, proposal)
  const { range, state, paragraph, text, reason } = proposal
  const stop = (): void => {
    setDoing('none')
    document.getElementById(id)?.focus()
  }
  const said = { ...proposal, isRewritten: false, isTakenBack: false }
  const isMine = proposal.by === acts.me
  const isOpen = state === 'open' || state === 'declined'
  return (
    <li className="t-talk-item">
      <h3 id={id} data-comment={proposal.id} tabIndex={-1}>
        {heading}
      </h3>
      <p className="t-talk-who">{saidLine(acts.speaking, said)}</p>
      <Stretches stretches={proposal.stretches} />
      {reason === '' ? null : <p className="t-talk-text">{t('proposal.reason', { reason })}</p>}
      {proposalLines(acts.speaking, proposal).map((line) => (
        <p key={line} className="t-talk-text">
          {line}
        </p>
      ))}
      <Replies replies={proposal.replies} acts={acts} />
      {doing === 'reply' ? (
        <SayForm
          label={t('reply.label')}
          save={t('reply.save')}
          drafts={acts.drafts}
          draft={`reply ${proposal.id}`}
          onSave={(typed) => acts.add({ kind: 'reply', to: proposal.id, text: typed }, t('reply.done'))}
          onClose={stop}
        />
      ) : doing === 'decline' ? (
        <SayForm
          label={t('decline.label')}
          save={t('decline.action')}
          drafts={acts.drafts}
          draft={`decline ${proposal.id}`}
          onSave={(typed) => {
            const problem = acts.add({ kind: 'declined', to: proposal.id, reason: typed }, t('decline.done'))
            if (problem === undefined) acts.toTop()
            return problem
          }}
          onClose={stop}
        />
      ) : (
        <Row>
          {range !== undefined && isOpen && paragraph !== 'gone' ? (
            <Button label={t('show.full', { heading })} onPress={() => acts.show(range)}>
              {t('show.action')}
            </Button>
          ) : null}
          {acts.mayWrite ? (
            <>
              <Button label={t('reply.full', { heading })} onPress={() => setDoing('reply')}>
                {t('reply.action')}
              </Button>
              {canAccept(proposal) ? (
                <Button label={t('accept.full', { text: excerpt(text) })} onPress={() => acts.accept(proposal)}>
                  {t('accept.action')}
                </Button>
              ) : null}
              {canAccept(proposal) && range !== undefined ? (
                <Button label={t('amend.full', { heading })} onPress={() => acts.amend(proposal)}>
                  {t('amend.action')}
                </Button>
              ) : null}
              {isOpen && paragraph === 'gone' ? (
                <Button label={t('put-in.full', { text: excerpt(text) })} onPress={() => acts.putAtEnd(proposal)}>
                  {t('put-in.action')}
                </Button>
              ) : null}
              {state === 'open' && !isMine ? (
                <Button label={t('decline.full', { heading })} onPress={() => setDoing('decline')}>
                  {t('decline.action')}
                </Button>
              ) : null}
              {isOpen && isMine ? (
                <Button
                  label={t('take-back.full', { text: excerpt(text) })}
                  onPress={() => {
                    acts.add({ kind: 'taken-back', to: proposal.id }, t('take-back.done'))
                    acts.toTop()
                  }}
                >
                  {t('take-back.action')}
                </Button>
              ) : null}
            </>
          ) : null}
        </Row>
      )}
    </li>
  )
}

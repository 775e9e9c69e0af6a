import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, ConfirmDialog, Row } from '../../../../ui/index.ts'
import type { Said } from '../../model/talk/talk.ts'
import { SayForm } from './say-form.tsx'
import type { TalkActs } from './talk-section.tsx'
import { excerpt, saidLine } from './words.ts'

export interface SaidWordsProps {
  readonly said: Said
  readonly acts: TalkActs
}

/** What one person said, with what its author can still do about it. */
export function SaidWords({ said, acts }: SaidWordsProps) {
  const { t } = useTranslation('talk')
  const [doing, setDoing] = useState<'none' | 'change' | 'take-back'>('none')
  const change = useRef<HTMLButtonElement>(null)
  const isMine = acts.mayWrite && said.by === acts.me && !said.isTakenBack
  const text = excerpt(said.text)
  return (
    <>
      <p className="t-talk-who">{saidLine(acts.speaking, said)}</p>
      {said.isTakenBack ? null : doing === 'change' ? (
        <SayForm
          label={t('change.label')}
          save={t('change.save')}
          begin={said.text}
          drafts={acts.drafts}
          draft={`change ${said.id}`}
          onSave={(typed) => acts.add({ kind: 'rewritten', to: said.id, text: typed }, t('change.done'))}
          onClose={() => {
            setDoing('none')
            setTimeout(() => change.current?.focus())
          }}
        />
      ) : (
        <p className="t-talk-text">{said.text}</p>
      )}
      {isMine && doing !== 'change' ? (
        <Row>
          <Button ref={change} look="quiet" label={t('change.full', { text })} onPress={() => setDoing('change')}>
            {t('change.action')}
          </Button>
          <Button look="quiet" label={t('take-back.full', { text })} onPress={() => setDoing('take-back')}>
            {t('take-back.action')}
          </Button>
        </Row>
      ) : null}
      <ConfirmDialog
        open={doing === 'take-back'}
        title={t('take-back.title')}
        confirm={t('take-back.confirm')}
        keep={t('take-back.leave')}
        onConfirm={() => {
          setDoing('none')
          acts.add({ kind: 'taken-back', to: said.id }, t('take-back.done'))
          // The button that was pressed is there no more.
          acts.toTop()
        }}
        onKeep={() => setDoing('none')}
      >
        {t('take-back.why')}
      </ConfirmDialog>
    </>
  )
}

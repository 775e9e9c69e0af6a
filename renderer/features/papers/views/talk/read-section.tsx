import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Row } from '../../../../ui/index.ts'
import type { Adding } from '../../model/talk/add.ts'
import type { ReadBy } from '../../model/talk/reading.ts'
import type { TalkActs } from './talk-section.tsx'
import { readLine } from './words.ts'

export interface ReadSectionProps {
  readonly readers: readonly ReadBy[]
  readonly acts: TalkActs
}

/** Who says that they have read the paper, and one's own part in it. Whoever does not say so is not named. */
export function ReadSection({ readers, acts }: ReadSectionProps) {
  const { t } = useTranslation('talk')
  const section = useRef<HTMLElement>(null)
  const act = (adding: Adding, done: string): void => {
    acts.add(adding, done)
    // The button that was pressed is there no more.
    section.current?.focus()
  }
  const mine = readers.find(({ by }) => by === acts.me)
  if (readers.length === 0 && !acts.mayWrite) return null
  return (
    <section ref={section} tabIndex={-1} className="t-talk" aria-label={t('read.label')}>
      {readers.map((reader) => (
        <p key={reader.id}>{readLine(acts.speaking, reader)}</p>
      ))}
      {acts.mayWrite ? (
        <>
          <Row>
            {mine?.since === 'same' ? null : (
              <Button onPress={() => act({ kind: 'read' }, t('read.done'))}>
                {t(mine === undefined ? 'read.action' : 'read.again')}
              </Button>
            )}
            {mine === undefined ? null : (
              <Button
                look="quiet"
                label={t('read.take-back-full')}
                onPress={() => act({ kind: 'taken-back', to: mine.id }, t('read.taken-back'))}
              >
                {t('read.take-back')}
              </Button>
            )}
          </Row>
          {mine === undefined ? <p className="t-talk-who">{t('read.hint')}</p> : null}
        </>
      ) : null}
    </section>
  )
}

import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Choice, Row, useNow, when } from '../../../ui/index.ts'
import type { Change } from '../model/changes.ts'
import type { Named } from '../model/places.ts'
import type { Mark } from '../model/seen.ts'
import { byPerson, changeLine, countLine, nameOf } from './words.ts'

export interface ChangesSummaryProps {
  readonly people: readonly Named[]
  readonly changes: readonly Change[]
  /** What others have said about it since, a sentence for each of them. */
  readonly said: readonly string[]
  readonly since: Mark & { readonly first: boolean }
  /** The marks to choose from, newest first; the first is the visit's own. */
  readonly marks: readonly Mark[]
  readonly onSince: (mark: Mark) => void
  readonly marked: boolean
  readonly onMarked: (marked: boolean) => void
  readonly onSeen: () => void
  /** Undefined where nothing may be written. */
  readonly onPutBack: ((change: Change) => void) | undefined
}

interface ListProps {
  readonly people: readonly Named[]
  readonly changes: readonly Change[]
  readonly onPutBack: ((change: Change) => void) | undefined
}

function ChangesList({ people, changes, onPutBack }: ListProps) {
  const { t } = useTranslation('papers')
  return byPerson(changes).map(({ by, changes: own }) => (
    <section key={by ?? 'unknown'}>
      <h2>{nameOf(t, people, by)}</h2>
      <ul>
        {own.map((change) => (
          <li key={`${change.kind} ${change.from} ${change.text}`}>
            {changeLine(t, people, change)}
            {change.kind === 'crossed' && onPutBack !== undefined ? (
              <Button look="quiet" onPress={() => onPutBack(change)}>
                {t('change.put-back')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  ))
}

/** One quiet line; the rest only when asked for. Takes no focus and makes no sound. */
export function ChangesSummary(props: ChangesSummaryProps) {
  const { people, changes, said, since, marks, onSince, marked, onMarked, onSeen, onPutBack } = props
  const { t, i18n } = useTranslation('papers')
  const id = useId()
  const now = useNow()
  const [open, setOpen] = useState(false)
  const moment = when(i18n, since.at, now)
  const start = since.first ? t('since.first', { when: moment }) : t('since.last', { when: moment })
  const newest = marks[0]
  const isNothing = changes.length === 0 && said.length === 0
  if (isNothing && (since.first || since === newest) && marks.length < 2) return null
  const lines = [...byPerson(changes).map((group) => countLine(t, i18n, people, group)), ...said]
  return (
    <section className="t-changes" aria-label={t('since.label')}>
      <p>{isNothing ? t('since.nothing', { start }) : `${start}: ${lines.join(' ')}`}</p>
      <Row>
        <button
          type="button"
          className="t-button"
          data-look="secondary"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          {t(open ? 'since.hide' : 'since.show')}
        </button>
        {changes.length === 0 ? null : (
          <button
            type="button"
            className="t-button"
            data-look="secondary"
            aria-pressed={marked}
            onClick={() => onMarked(!marked)}
          >
            {t('since.mark')}
          </button>
        )}
        {isNothing ? null : <Button onPress={onSeen}>{t('since.seen')}</Button>}
      </Row>
      <div id={id} hidden={!open}>
        {open ? (
          <>
            <ChangesList people={people} changes={changes} onPutBack={onPutBack} />
            {marks.length < 2 ? null : (
              <Choice
                id={`${id}-since`}
                label={t('since.back')}
                value={String(since.at)}
                options={marks.map(({ at }) => ({ value: String(at), label: when(i18n, at, now) }))}
                onChange={(value) => {
                  const mark = marks.find(({ at }) => String(at) === value)
                  if (mark !== undefined) onSince(mark)
                }}
              />
            )}
          </>
        ) : null}
      </div>
    </section>
  )
}

import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { CircleId } from '../../../../shared/base/ids.ts'
import { Button, Dialog, Field, type Passage, useLive } from '../../../ui/index.ts'
import type { Finder, Looking } from '../model/finder.ts'
import { type AppPage, type Destination, type FoundDestination, type FoundText, resultsOf } from '../model/results.ts'
import { groupElsewhere, landmarksOf, type Searched, type Whose } from '../model/sources.ts'
import { Marked } from './marked.tsx'
import { WhoseText } from './whose-text.tsx'

export interface FindDialogProps {
  readonly finder: Finder<Whose>
  readonly pages: readonly AppPage[]
  readonly searched: Searched
  readonly onElsewhere: ((group: CircleId, path: string) => void) | undefined
  /** With the words to be taken to, where the person chose some. */
  readonly onClose: (passage?: Passage) => void
}

const AT_ONCE = 15
const MOST_TYPED = 200
/** A few texts are looked through before anybody could read that they are. */
const FEW = 5
const MOST_DESTINATIONS = 6

export function FindDialog({ finder, pages, searched, onElsewhere, onClose }: FindDialogProps) {
  const { t } = useTranslation('find')
  const [typed, setTyped] = useState('')
  const [most, setMost] = useState(AT_ONCE)
  const looking = useLive(finder.looking)
  const wanted = useDeferredValue(typed.trim())
  const { turn } = looking
  const others = searched.others?.().length ?? 0
  const destinations = useMemo<readonly Destination[]>(() => [...pages, ...landmarksOf(searched)], [pages, searched])
  const results = useMemo(
    // What is found changes with the turn, too.
    () => ({
      turn,
      ...resultsOf({
        finder,
        destinations,
        typed: wanted,
        most,
        elsewhere: (whose) => groupElsewhere(searched, whose),
      }),
    }),
    [destinations, finder, most, searched, turn, wanted],
  )
  const body = useRef<HTMLElement>(null)
  useArrows(body)
  const places: readonly FoundDestination[] =
    wanted === ''
      ? pages.map((page) => ({ destination: page, name: [{ text: page.name, isFound: false }] }))
      : results.destinations.slice(0, MOST_DESTINATIONS)
  return (
    <Dialog title={t('title')} open onClose={() => onClose()}>
      <search className="t-find-body" ref={body}>
        <Field
          id="find-words"
          label={t('label')}
          hint={t('hint')}
          value={typed}
          maxLength={MOST_TYPED}
          spellCheck={false}
          autoCapitalize="off"
          onChange={(value) => {
            setTyped(value)
            setMost(AT_ONCE)
          }}
        />
        {others === 0 ? null : <p className="t-quiet">{t('groups', { count: others + 1 })}</p>}
        <LookingLine looking={looking} />
        <output aria-live="polite">
          <Outcome
            wanted={wanted}
            count={results.count + results.destinations.length}
            isPartial={results.isPartial}
            isLooking={looking.now !== undefined}
          />
        </output>
        {places.length === 0 ? null : (
          <section>
            <h3>{t('places')}</h3>
            <ul className="t-find-list">
              {places.map(({ destination, name }) => (
                <li key={`${destination.kind} ${destination.path}`}>
                  <Link href={destination.path} onClick={() => onClose()}>
                    <span className="t-find-title">
                      <Marked pieces={name} />
                    </span>
                    {destination.kind === 'page' ? null : <span className="t-quiet">{t(destination.kind)}</span>}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        )}
        {results.texts.length === 0 ? null : (
          <section>
            <h3>{t('texts')}</h3>
            <ul className="t-find-list">
              {results.texts.map((found) => (
                <TextRow key={found.key} found={found} onElsewhere={onElsewhere} onClose={onClose} />
              ))}
            </ul>
          </section>
        )}
        {results.count > most ? <Button onPress={() => setMost(most + AT_ONCE)}>{t('more')}</Button> : null}
      </search>
    </Dialog>
  )
}

interface TextRowProps extends Pick<FindDialogProps, 'onElsewhere' | 'onClose'> {
  readonly found: FoundText
}

function TextRow({ found, onElsewhere, onClose }: TextRowProps) {
  const { t } = useTranslation('find')
  const { path, title, whose, elsewhere, labels, sentence, passage } = found
  return (
    <li>
      <Link
        href={path}
        onClick={(event) => {
          if (elsewhere === undefined) return onClose(passage)
          // Not in this group's frame: it has no such paper. Closed first, so that nothing is left of it in the other one.
          event.preventDefault()
          onClose()
          onElsewhere?.(elsewhere.circle.id, path)
        }}
      >
        <span className="t-find-title" dir="auto">
          {title.length === 0 ? t('untitled') : <Marked pieces={title} />}
        </span>
        {labels.length === 0 ? null : (
          <span className="t-quiet" dir="auto">
            {t('labels')} <Marked pieces={labels} />
          </span>
        )}
        {sentence.length === 0 ? null : (
          <span className="t-find-sentence" dir="auto">
            <Marked pieces={sentence} />
          </span>
        )}
        {elsewhere === undefined ? null : <span>{t('elsewhere', { group: elsewhere.circle.name.get() })}</span>}
        <WhoseText whose={whose} />
      </Link>
    </li>
  )
}

/** Not read out at each step; whoever listens hears what was found. */
function LookingLine({ looking: { now, unread } }: { readonly looking: Looking }) {
  const { t } = useTranslation('find')
  if (now !== undefined && now.all > FEW)
    return (
      <p className="t-quiet">
        {t('looking', now)}. {t('looking-why')}
      </p>
    )
  return unread === 0 ? null : <p className="t-quiet">{t('unread', { count: unread })}</p>
}

interface OutcomeProps {
  readonly wanted: string
  readonly count: number
  readonly isPartial: boolean
  readonly isLooking: boolean
}

function Outcome({ wanted, count, isPartial, isLooking }: OutcomeProps) {
  const { t } = useTranslation('find')
  if (wanted === '') return null
  if (count > 0) return `${isPartial ? `${t('some-words')} ` : ''}${t('found', { count })}`
  return isLooking ? t('none-yet') : `${t('none')} ${t('none-todo')}`
}

/** Arrows go through the results and back to the words; Enter goes to the first. Tab goes through everything, as ever. */
function useArrows(body: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    const element = body.current
    const pressed = (event: KeyboardEvent): void => goOn(element, event)
    element?.addEventListener('keydown', pressed)
    return () => element?.removeEventListener('keydown', pressed)
  }, [body])
}

function goOn(body: HTMLElement | null, event: KeyboardEvent): void {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
  const stops = [...(body?.querySelectorAll<HTMLElement>('input, .t-find-list a') ?? [])]
  const at = stops.findIndex((stop) => stop === document.activeElement)
  if (event.key === 'Enter' && at === 0) {
    event.preventDefault()
    stops[1]?.click()
    return
  }
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  const next = stops[at + step]
  if (step === 0 || at < 0 || next === undefined) return
  event.preventDefault()
  next.focus()
}

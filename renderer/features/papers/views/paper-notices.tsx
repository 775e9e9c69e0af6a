import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { systemClock } from '../../../../shared/base/clock.ts'
import { announce, Button, ButtonLink, Notice, TextLink, useNow, when } from '../../../ui/index.ts'
import { restorePaper } from '../model/commands.ts'
import { bringBack, finishMove, leaveUnfinished } from '../model/move.ts'
import { type HeldPaper, isWritable, knownPeople, type Place, placeById } from '../model/places.ts'
import { movedTo, unfinishedMove } from '../model/selectors.ts'
import { movedLines, nameOf, placeWithin, standingLine } from './words.ts'

export interface PaperNoticesProps {
  readonly places: readonly Place[]
  readonly held: HeldPaper
  /** It was made a moment ago by giving another to this circle. */
  readonly isGiven: boolean
}

/** What is out of the ordinary about a paper, each with what can be done. */
export function PaperNotices({ places, held, isGiven }: PaperNoticesProps) {
  const { t } = useTranslation('papers')
  const { place, paper } = held
  const reason = standingLine(t, place)
  return (
    <>
      {isGiven ? (
        <Notice
          tone="good"
          title={t('move.done', { circle: placeWithin(t, place) })}
          safe={t('move.done-safe')}
          actions={<ButtonLink href="/papers/moved">{t('moved.title')}</ButtonLink>}
        />
      ) : null}
      {reason === undefined ? null : <Notice tone="care" title={reason} />}
      {paper.binnedAt === null ? null : <BinnedNotice held={held} at={paper.binnedAt} />}
      {movedTo(paper).length === 0 ? (
        <UnfinishedNotice places={places} held={held} />
      ) : (
        <MovedNotice places={places} held={held} />
      )}
    </>
  )
}

function BinnedNotice({ held, at }: { readonly held: HeldPaper; readonly at: number }) {
  const { t, i18n } = useTranslation('papers')
  const { place, paper } = held
  const now = useNow()
  const restore = (): void => {
    if (!restorePaper(place.circle, paper.id).ok) announce(t('newer-version'))
  }
  return (
    <Notice
      tone="care"
      title={t('bin.here', {
        name: nameOf(t, knownPeople(place), paper.binnedBy ?? undefined),
        when: when(i18n, at, now),
      })}
      actions={isWritable(place) ? <Button onPress={restore}>{t('bin.undo')}</Button> : undefined}
    />
  )
}

type MoveNoticeProps = Omit<PaperNoticesProps, 'isGiven'>

function MovedNotice({ places, held }: MoveNoticeProps) {
  const { t, i18n } = useTranslation('papers')
  const { place, paper } = held
  const { lines, copies } = movedLines(t, i18n, places, held, useNow())
  const back = (): void => {
    if (!bringBack(place.circle, paper.id).ok) return announce(t('newer-version'))
    announce(t('moved.brought', { title: paper.title }))
    document.querySelector<HTMLElement>('#main h1')?.focus()
  }
  return (
    <Notice
      tone="care"
      title={t('moved.here')}
      safe={t('moved.here-safe')}
      actions={isWritable(place) ? <Button onPress={back}>{t('moved.back')}</Button> : undefined}
    >
      <p>{lines.join(' ')}</p>
      {copies.map(({ copy, circle }) => (
        <p key={copy}>
          <TextLink href={`/papers/${copy}`}>{t('moved.goes-on', { circle })}</TextLink>
        </p>
      ))}
    </Notice>
  )
}

/** A move that a crash or a full disk cut short: both papers may be there, so the person says how it goes on. */
function UnfinishedNotice({ places, held }: MoveNoticeProps) {
  const { t } = useTranslation('papers')
  const [, navigate] = useLocation()
  const { place, paper } = held
  const begun = unfinishedMove(paper, place.circle.me)
  if (begun === undefined || !isWritable(place)) return null
  const target = placeById(places, begun.to)
  const finish = async (to: Place): Promise<void> => {
    const finished = await finishMove(place.circle, to.circle, paper.id, begun, systemClock.now())
    if (finished.ok) return navigate(`/papers/${finished.value}`)
    console.warn('move', finished.error, finished.detail)
    announce(finished.error === 'newer-version' ? t('newer-version') : t('move.failed'))
  }
  const leave = (): void => {
    const left = leaveUnfinished(place.circle, paper.id, begun)
    announce(left.ok ? t('moved.left') : t('newer-version'))
    document.querySelector<HTMLElement>('#main h1')?.focus()
  }
  return (
    <Notice
      tone="care"
      title={target === undefined ? t('moved.begun-unknown') : t('moved.begun', { circle: placeWithin(t, target) })}
      safe={t('moved.begun-safe')}
      actions={
        <>
          {target === undefined || !isWritable(target) ? null : (
            <Button onPress={() => void finish(target)}>{t('moved.finish')}</Button>
          )}
          <Button onPress={leave}>{t('moved.leave')}</Button>
        </>
      }
    />
  )
}

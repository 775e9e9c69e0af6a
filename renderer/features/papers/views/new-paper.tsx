import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { templates } from '../../../../resources/templates/index.ts'
import { ok } from '../../../../shared/base/errors.ts'
import type { CircleId } from '../../../../shared/base/ids.ts'
import type { LocalValues } from '../../../../shared/model/contexts.ts'
import { Choice, Notice, Page, TextLink } from '../../../ui/index.ts'
import { createPaper } from '../model/commands.ts'
import { offered, startFrom, templatesInUse } from '../model/own-templates.ts'
import { type HeldPaper, isWritable, type Place, readersAfterMove, suggestedPlace } from '../model/places.ts'
import { templatesOf } from './order/words.ts'
import { NowhereToWrite, PaperForm, useLastFor } from './paper-form.tsx'
import { useHeldPapers } from './use-places.ts'
import { namesWithin, placeWithin, scopeOf } from './words.ts'

const KINDS = [
  'terms-of-reference',
  'group-agreement',
  'first-invitation',
  'meeting-agenda',
  'online-guidelines',
  'facilitators-card',
  'planning-minutes',
  'plan',
  'session-plan',
  'role-card',
  'handover',
  'signposting',
  'empty',
] as const
type Kind = (typeof KINDS)[number]
const isKind = (value: string): value is Kind => KINDS.some((kind) => kind === value)

/** Teatray's own, or a paper of a circle. */
type Beginning = Kind | HeldPaper

const valueOf = (beginning: Beginning): string =>
  typeof beginning === 'string' ? beginning : `${beginning.place.circle.id} ${beginning.paper.id}`

export interface NewPaperProps {
  readonly places: readonly Place[]
  readonly local: LocalValues
  /** The circle whose papers the person was looking at. */
  readonly wanted: CircleId | undefined
}

export function NewPaper({ places, local, wanted }: NewPaperProps) {
  const { t } = useTranslation('papers')
  const own = offered(useHeldPapers(places, templatesInUse))
  const [kind, setKind] = useState<string>('terms-of-reference')
  const [chosen, setChosen] = useState(wanted)
  const last = useLastFor(local)
  const open = places.filter(isWritable)
  const beginning = own.find((held) => valueOf(held) === kind) ?? (isKind(kind) ? kind : 'empty')
  const suggested =
    typeof beginning === 'string'
      ? suggestedPlace(places, templates.find(({ id }) => id === beginning)?.audience, last?.circle)
      : (open.find(({ circle }) => circle === beginning.place.circle) ??
        suggestedPlace(places, undefined, last?.circle))
  const place = open.find(({ circle }) => circle.id === chosen) ?? suggested
  if (place === undefined) return <NowhereToWrite title={t('new.title')} places={places} />
  return (
    <Page title={t('new.title')} scope={scopeOf(place)} lead={<p>{t('new.lead')}</p>}>
      {last === undefined ? null : (
        <NewPaperForm
          places={open}
          place={place}
          beginning={beginning}
          own={own}
          local={local}
          onPlace={setChosen}
          onBeginning={setKind}
        />
      )}
      <div>
        <p>{t('import.link-more', { ns: 'in-and-out' })}</p>
        <p>
          <TextLink href="/papers/import">{t('import.link', { ns: 'in-and-out' })}</TextLink>
        </p>
      </div>
    </Page>
  )
}

interface FormProps {
  /** Where something can be written. */
  readonly places: readonly Place[]
  readonly place: Place
  readonly beginning: Beginning
  /** The groups' own templates. */
  readonly own: readonly HeldPaper[]
  readonly local: LocalValues
  readonly onPlace: (place: CircleId | undefined) => void
  readonly onBeginning: (value: string) => void
}

function NewPaperForm({ places, place, beginning, own, local, onPlace, onBeginning }: FormProps) {
  const { t, i18n } = useTranslation('papers')
  const { t: ofOrder } = useTranslation('order')
  const [typed, setTyped] = useState<string>()
  const [day] = useState(() => new Intl.DateTimeFormat(i18n.language, { dateStyle: 'long' }).format(new Date()))
  const isOwn = typeof beginning !== 'string'
  // A name is suggested until the person types one.
  const suggested = isOwn ? beginning.paper.title : beginning === 'empty' ? '' : t(`new.names.${beginning}`, { day })
  return (
    <PaperForm
      id="new"
      places={places}
      place={place}
      local={local}
      title={typed ?? suggested}
      care={isOwn ? <WhoCannotReadIt template={beginning} place={place} /> : null}
      submit={t('new.create')}
      onPlace={onPlace}
      onTitle={setTyped}
      make={async (circle, title) =>
        isOwn
          ? startFrom({ from: beginning.place.circle, template: beginning.paper, to: circle, title, now: Date.now() })
          : ok(
              await createPaper(
                circle,
                { title, template: beginning, content: templates.find(({ id }) => id === beginning)?.content },
                Date.now(),
              ),
            )
      }
    >
      <Choice
        id="new-kind"
        label={t('new.kind')}
        hint={isOwn ? ofOrder('templates.hint') : t(`new.hints.${beginning}`)}
        value={valueOf(beginning)}
        options={useBeginnings(own)}
        onChange={onBeginning}
      />
    </PaperForm>
  )
}

/** Teatray's own first; then those of each circle under its name. */
function useBeginnings(own: readonly HeldPaper[]) {
  const { t } = useTranslation('papers')
  const { t: ofOrder } = useTranslation('order')
  const teatrays = KINDS.map((value) => ({ value, label: t(`new.kinds.${value}`) }))
  if (own.length === 0) return teatrays
  const circles = [...new Map(own.map(({ place }) => [place.circle, place])).values()]
  return [
    { group: ofOrder('templates.of-teatray'), items: teatrays },
    ...circles.map((place) => ({
      group: templatesOf(ofOrder, place),
      items: own
        .filter((held) => held.place.circle === place.circle)
        .map((held) => ({ value: valueOf(held), label: held.paper.title })),
    })),
  ]
}

/** The words of a template can be for fewer people than the paper that begins with them. */
function WhoCannotReadIt({ template, place }: { readonly template: HeldPaper; readonly place: Place }) {
  const { t, i18n } = useTranslation('papers')
  const { t: ofOrder } = useTranslation('order')
  const { fresh } = readersAfterMove(template.place, place)
  if (fresh.length === 0) return null
  return (
    <Notice
      tone="care"
      announce="soon"
      title={ofOrder('templates.other-readers', { circle: placeWithin(t, template.place) })}
    >
      {ofOrder('templates.other-readers-who', { names: namesWithin(t, i18n, fresh) })}
    </Notice>
  )
}

/** One place, the group or a circle of it: its texts, who is in it, and what happened there. */
import type { CircleContext, GroupContext, MembershipEvent } from '../../../../../shared/model/contexts.ts'
import type { Feature, FeatureText } from '../../../../../shared/model/feature.ts'
import { plainTime } from '../../../../../shared/model/plain-time.ts'
import { escapeHtml } from '../../../../ui/editor/to-html.ts'
import { plainDay } from '../../../../ui/index.ts'
import { bullets, heading, link, paragraph } from '../../../../ui/files/html-page.ts'
import { FORMAT, toJson, writeTexts, type Words, type Writing } from './write-texts.ts'

function sentenceOf(t: Words, { what, who, by }: MembershipEvent): string {
  const nobody = t('nobody')
  return t(`history.${what}`, { who: who === '' ? nobody : who, by: by === '' ? nobody : by })
}

export interface PlaceRequest {
  readonly group: GroupContext
  readonly circle: CircleContext
  readonly folder: readonly string[]
  readonly features: readonly Feature<unknown>[]
}

const textsIn = ({ group, circle, features }: PlaceRequest): readonly FeatureText[] =>
  features.flatMap((feature) => (feature.scope === 'circle' ? (feature.texts?.(group, circle) ?? []) : []))

/** The group, or one of its circles. Returns what index.html says of it. */
export async function writePlace(writing: Writing, request: PlaceRequest): Promise<string> {
  const { t, put, i18n, now } = writing
  const { group, circle, folder } = request
  const name = circle.name.get()
  const people = circle.people.get()
  const readers = t('readers', { names: people.map((person) => person.name).join(', ') })
  const isGroup = circle.scope === 'group'
  const whose = isGroup
    ? t('place.group', { group: name })
    : t('place.circle', { circle: name, group: group.circle.name.get() })
  const { listed, json } = await writeTexts(writing, folder, textsIn(request), (text) => [
    whose,
    ...(text.state === 'in-use' ? [] : [t(`state.${text.state}`)]),
    readers,
  ])
  const history = circle.history()
  const standing = circle.standing.get()
  const file = [...folder, isGroup ? t('file.group') : t('file.circle')]
  put(
    file,
    toJson({
      ...FORMAT,
      made: plainTime(now),
      kind: circle.scope,
      name,
      ...(isGroup ? {} : { group: group.circle.name.get() }),
      myStanding: standing.state,
      people: people.map((person) => ({
        name: person.name,
        role: person.role,
        isMe: person.isMe,
        computers: person.computers.map((computer) => computer.name),
      })),
      gone: circle.departures.get().map(({ person, computer, by }) => ({
        name: person.name,
        ...(computer === undefined ? {} : { onlyTheComputer: computer.name }),
        ...(by === undefined ? {} : { takenOutBy: by.name }),
      })),
      history: history.map((event) => ({
        what: sentenceOf(t, event),
        at: event.at === undefined ? null : plainTime(event.at),
      })),
      texts: json,
    }),
  )
  const list = (state: FeatureText['state']): string =>
    bullets(listed.filter((one) => one.state === state).map(({ path, title }) => link(path, title)))
  const more = (state: 'in-bin' | 'elsewhere'): string => {
    const found = list(state)
    return found === '' ? '' : heading(3, t(`index.${state}`)) + found
  }
  const happened = history.map((event) => {
    const sentence = escapeHtml(sentenceOf(t, event))
    return event.at === undefined || plainTime(event.at) === null
      ? sentence
      : `${escapeHtml(plainDay(i18n, event.at))}: ${sentence}`
  })
  return [
    heading(2, name),
    paragraph(whose),
    standing.state === 'member' ? '' : paragraph(t(`standing.${standing.state}`)),
    heading(3, t('index.papers')),
    list('in-use') || paragraph(t('index.none')),
    more('elsewhere'),
    more('in-bin'),
    heading(3, t('index.people')),
    bullets(people.map((person) => escapeHtml(t(`role.${person.role}`, { name: person.name })))),
    heading(3, t('index.history')),
    bullets(happened),
    `<p>${link(file, t('index.rest'))}</p>\n`,
  ].join('')
}

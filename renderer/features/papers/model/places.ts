/** The group and this person's circles as places for papers: what each is called, who can read there, whether one may write. */
import type * as Y from 'yjs'
import type { Audience } from '../../../../resources/templates/index.ts'
import type { CircleId, DocumentId } from '../../../../shared/base/ids.ts'
import type {
  CircleContext,
  Departure,
  GroupContext,
  Live,
  Person,
  Standing,
} from '../../../../shared/model/contexts.ts'
import { onRecords } from '../../../../shared/model/record.ts'
import { paperRecord, type Paper } from './paper.ts'
import { movedTo, paperById } from './selectors.ts'

export interface Place {
  readonly circle: CircleContext
  readonly name: string
  readonly people: readonly Person[]
  /** Of a paper: those of the circle who came in after it was begun, and cannot read it. They are not in `people`. */
  readonly cannot?: readonly Person[]
  readonly departures: readonly Departure[]
  /** Who is out of the group is out of every circle, even before a circle's organisers have said so. */
  readonly standing: Standing
  /** Whose standing it is: the circle's own name, or the group's where that is the reason. */
  readonly standingIn: string
}

export type Named = Pick<Person, 'id' | 'name' | 'isMe'>

/** Everybody whose words may be in a paper: what somebody wrote keeps their name when they have gone. */
export const knownPeople = ({ people, departures }: Pick<Place, 'people' | 'departures'>): readonly Named[] => [
  ...people,
  ...departures.map(({ person }) => person),
]

export const isWritable = ({ standing }: Place): boolean => standing.state === 'member'

function placeOf(group: CircleContext, circle: CircleContext): Place {
  const ofGroup = group.standing.get()
  const outOfGroup = ofGroup.state === 'left' || ofGroup.state === 'removed'
  return {
    circle,
    name: circle.name.get(),
    people: circle.people.get(),
    departures: circle.departures.get(),
    standing: outOfGroup ? ofGroup : circle.standing.get(),
    standingIn: outOfGroup ? group.name.get() : circle.name.get(),
  }
}

const isSame = (a: Place, b: Place | undefined): boolean =>
  a.circle === b?.circle &&
  a.name === b.name &&
  a.people === b.people &&
  a.departures === b.departures &&
  a.standing === b.standing &&
  a.standingIn === b.standingIn

type Source = Pick<GroupContext, 'circle' | 'circles'>

/** The group first, then its circles in their order. */
export function placesOf({ circle: group, circles }: Source): Live<readonly Place[]> {
  let last: readonly Place[] = []
  return {
    get() {
      const now = [group, ...circles.get()].map((circle) => placeOf(group, circle))
      if (now.length !== last.length || now.some((place, index) => !isSame(place, last[index]))) last = now
      return last
    },
    subscribe(onChange) {
      let stops: readonly (() => void)[] = []
      const listen = (): void => {
        for (const stop of stops) stop()
        stops = [group, ...circles.get()].flatMap(({ name, people, departures, standing }) => [
          name.subscribe(onChange),
          people.subscribe(onChange),
          departures.subscribe(onChange),
          standing.subscribe(onChange),
        ])
      }
      const stopCircles = circles.subscribe(() => {
        listen()
        onChange()
      })
      listen()
      return () => {
        stopCircles()
        for (const stop of stops) stop()
      }
    },
  }
}

/** A paper and the place that holds it, with those of its people who can read this paper. */
export interface HeldPaper {
  readonly place: Place
  readonly paper: Paper
}

function hold(place: Place, paper: Paper): HeldPaper {
  const closedTo = place.circle.closedTo(paper.id)
  const cannot = place.people.filter(({ id }) => closedTo.includes(id))
  if (cannot.length === 0) return { place, paper }
  return { place: { ...place, cannot, people: place.people.filter((person) => !cannot.includes(person)) }, paper }
}

/** What `read` finds in the records of each place; changes with any of them. */
export function heldPapers(
  places: readonly Place[],
  read: (records: Y.Doc) => readonly Paper[],
): Live<readonly HeldPaper[]> {
  let cached: readonly HeldPaper[] | undefined
  return {
    get: () => (cached ??= places.flatMap((place) => read(place.circle.records).map((paper) => hold(place, paper)))),
    subscribe(onChange) {
      // What changed before anybody listened was not heard.
      cached = undefined
      const stops = places.map(({ circle }) =>
        onRecords(circle.records, paperRecord, () => {
          cached = undefined
          onChange()
        }),
      )
      return () => {
        for (const stop of stops) stop()
      }
    },
  }
}

export const placeById = (places: readonly Place[], id: CircleId): Place | undefined =>
  places.find(({ circle }) => circle.id === id)

/** Where the copy of a moved paper is; undefined where this person cannot read it, or it has not arrived. */
export const placeOfCopy = (places: readonly Place[], to: CircleId, copy: DocumentId): Place | undefined => {
  const place = placeById(places, to)
  return place !== undefined && paperById(place.circle.records, copy) !== undefined ? place : undefined
}

/**
 * For whom a new paper is, before the person chooses: whom its template is for, else whoever the last one was for, else the
 * group. Undefined where nothing can be written anywhere.
 */
export function suggestedPlace(
  places: readonly Place[],
  audience: Audience | undefined,
  last: string | undefined,
): Place | undefined {
  const open = places.filter(isWritable)
  const group = open.find(({ circle }) => circle.scope === 'group')
  const planning = open.find(({ circle, name }) => circle.scope === 'circle' && /\bplanning\b/i.test(name))
  const before = open.find(({ circle }) => circle.id === last)
  if (audience === 'planning' && planning !== undefined) return planning
  if (audience === 'group' && group !== undefined) return group
  return before ?? group ?? open[0]
}

export interface ReadersAfterMove {
  /** Everybody who will be able to read the copy, this person first. */
  readonly all: readonly Person[]
  /** Those of them who cannot read the paper now. */
  readonly fresh: readonly Person[]
  /** Those who can read the paper now and will not see what is written in the copy. */
  readonly behind: readonly Person[]
}

export function readersAfterMove(from: Place, to: Place): ReadersAfterMove {
  const before = new Set(from.people.map(({ id }) => id))
  const after = new Set(to.people.map(({ id }) => id))
  return {
    all: to.people.toSorted((a, b) => Number(b.isMe) - Number(a.isMe)),
    fresh: to.people.filter(({ id }) => !before.has(id)),
    behind: from.people.filter(({ id }) => !after.has(id)),
  }
}

/** To which places a paper can be given now; its own is among them where some of its people came in later and cannot read it. */
export const moveTargets = (places: readonly Place[], { place, paper }: HeldPaper): readonly Place[] =>
  isWritable(place) && paper.binnedAt === null && movedTo(paper).length === 0
    ? places.filter((one) => isWritable(one) && (one.circle !== place.circle || place.cannot !== undefined))
    : []

/**
 * All texts that this person can open here, looked through one at a time when somebody first looks for something, and kept in memory
 * until forget(): nothing of it is ever stored. Afterwards only what changed is opened again.
 */
import { describeThrown } from '../../../../shared/base/errors.ts'
import { createLive, type Live } from '../../../../shared/base/live.ts'
import type { FeatureText } from '../../../../shared/model/feature.ts'
import { toText } from '../../../ui/editor/to-text.ts'
import { createWordIndex, type Hits } from './word-index.ts'

/** The texts of one circle, or of this computer. */
export interface Source<Place> {
  readonly id: string
  readonly place: Place
  list(): readonly FeatureText[]
}

export interface Known<Place> {
  readonly text: FeatureText
  readonly place: Place
  readonly words: string
}

export interface Looking {
  /** Undefined: nothing is being looked through now. */
  readonly now: { readonly done: number; readonly all: number } | undefined
  /** So many do not open. */
  readonly unread: number
  /** Another number whenever the same search may find something else. */
  readonly turn: number
}

export interface Finder<Place> {
  readonly looking: Live<Looking>
  /** Looks through what is new; called again whenever something may be. `here`: the path of what the person has open. */
  look(here?: string): void
  search(typed: string): Hits
  known(key: string): Known<Place> | undefined
  /** Stops looking, and lets go of everything. */
  forget(): void
}

export interface FinderOptions<Place> {
  readonly sources: () => readonly Source<Place>[]
  /** Between two texts, so that the window goes on. */
  readonly pause: () => Promise<void>
}

interface Listed<Place> {
  readonly key: string
  readonly text: FeatureText
  readonly place: Place
}

/** As they are shown, one after the other. */
export const labelsIn = ({ order }: FeatureText): string => order?.labels.join(', ') ?? ''

const isNamedAlike = (one: FeatureText, other: FeatureText): boolean =>
  one.title === other.title && labelsIn(one) === labelsIn(other)

/** So often a search is run again while texts are still coming in. */
const SHOW_EVERY = 10

function wordsIn(text: FeatureText): Promise<string | undefined> {
  return text
    .read((content) => (content === undefined ? undefined : toText(content)))
    .catch((thrown: unknown) => {
      console.warn(`find: a text could not be read: ${describeThrown(thrown)}`)
      return undefined
    })
}

export function createFinder<Place>({ sources, pause }: FinderOptions<Place>): Finder<Place> {
  const index = createWordIndex()
  const known = new Map<string, Known<Place>>()
  const unread = new Set<string>()
  /** Words of others can come later than the note that they changed: these are read once more at the next look. */
  const unsettled = new Set<string>()
  const looking = createLive<Looking>({ now: undefined, unread: 0, turn: 0 })
  /** Another number after forget(): what is still being read then is dropped. */
  let round = 0
  let isRunning = false
  let isAsked = false

  const listAll = (): readonly Listed<Place>[] =>
    sources().flatMap(({ id, place, list }) =>
      list()
        .filter(({ state }) => state === 'in-use')
        .map((text) => ({ key: `${id}/${text.id}`, text, place })),
    )

  const drop = (key: string): void => {
    index.remove(key)
    known.delete(key)
    unread.delete(key)
    unsettled.delete(key)
  }

  const isDue = ({ key, text }: Listed<Place>): boolean => {
    const before = known.get(key)
    return before === undefined || before.text.changed !== text.changed || !isNamedAlike(before.text, text)
  }

  const take = ({ key, text, place }: Listed<Place>, words: string | undefined): void => {
    const before = known.get(key)
    if (words === undefined) {
      drop(key)
      unread.add(key)
      return
    }
    unread.delete(key)
    if (words === '' || (before !== undefined && before.text.changed !== text.changed)) unsettled.add(key)
    else unsettled.delete(key)
    known.set(key, { text, place, words })
    if (before?.words !== words || !isNamedAlike(before.text, text))
      index.put({ key, title: text.title, labels: labelsIn(text), words })
  }

  const show = (now: Looking['now']): void => looking.set({ now, unread: unread.size, turn: looking.get().turn + 1 })

  async function lookOnce(again: ReadonlySet<string>): Promise<void> {
    const started = round
    const listed = listAll()
    const keys = new Set(listed.map(({ key }) => key))
    for (const key of [...known.keys(), ...unread]) if (!keys.has(key)) drop(key)
    const due = listed.filter((one) => isDue(one) || again.has(one.key))
    for (const [done, one] of due.entries()) {
      const now = { done, all: due.length }
      if (done % SHOW_EVERY === 0) show(now)
      else looking.set({ ...looking.get(), now })
      const words = await wordsIn(one.text)
      if (started !== round) return
      take(one, words)
      await pause()
      if (started !== round) return
    }
  }

  async function run(again: ReadonlySet<string>): Promise<void> {
    isRunning = true
    try {
      await lookOnce(again)
      while (isAsked) {
        isAsked = false
        await lookOnce(new Set())
      }
    } finally {
      isRunning = false
      show(undefined)
    }
  }

  return {
    looking,
    look(here) {
      if (isRunning) {
        isAsked = true
        return
      }
      const open = [...known].filter(([, { text }]) => text.path === here).map(([key]) => key)
      run(here === undefined ? new Set() : new Set([...unsettled, ...open])).catch((thrown: unknown) =>
        console.warn(`find: stopped looking: ${describeThrown(thrown)}`),
      )
    },
    search: (typed) => index.search(typed),
    known: (key) => known.get(key),
    forget() {
      round += 1
      isAsked = false
      index.clear()
      known.clear()
      unread.clear()
      unsettled.clear()
      show(undefined)
    },
  }
}

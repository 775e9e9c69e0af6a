/** Under what name a stay on the network goes, and for which day its tags are made. */
import { randomBytes } from 'node:crypto'
import type { Clock } from '../../../shared/base/clock.ts'
import { dayOf } from './tags.ts'

export interface Names {
  /** 20 random hexadecimal digits. */
  own(): string
  day(): number
  /** The present name and the one before it: a call may have been begun under that. */
  answersTo(): readonly string[]
  /**
   * Looks at the clock. A new day brings new tags ('tags'), and a new name too ('name') unless `linked`: a link that stands
   * could be followed across the change by an onlooker, and the others know its end by the name.
   */
  turn(linked: boolean): 'same' | 'tags' | 'name'
}

const newName = (): string => randomBytes(10).toString('hex')

export function createNames(clock: Clock): Names {
  let day = dayOf(clock.now())
  let own = newName()
  let previous = own
  return {
    own: () => own,
    day: () => day,
    answersTo: () => [own, previous],
    turn(linked) {
      if (dayOf(clock.now()) === day) return 'same'
      day = dayOf(clock.now())
      if (linked) return 'tags'
      previous = own
      own = newName()
      return 'name'
    },
  }
}

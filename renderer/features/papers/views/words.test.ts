import { describe, expect, it, test } from 'vitest'
import * as Y from 'yjs'
import { createLive } from '../../../../shared/base/live.ts'
import type { CircleId, DocumentId, MemberId } from '../../../../shared/base/ids.ts'
import type { CircleContext, Person, SaveState, Standing } from '../../../../shared/model/contexts.ts'
import { putRecord } from '../../../../shared/model/record.ts'
import { createI18n } from '../../../app/i18n.ts'
import { encodeMove, movedField, paperRecord, type Move } from '../model/paper.ts'
import { type HeldPaper, type Place, placesOf } from '../model/places.ts'
import { paperById } from '../model/selectors.ts'
import {
  cannotLine,
  futureReadersLine,
  movedLines,
  paperSaveLine,
  readersLine,
  readersShort,
  standingLine,
} from './words.ts'

const i18n = createI18n()
const t = i18n.getFixedT(i18n.language, 'papers')
const now = new Date(2026, 10, 26, 15, 0).getTime()

const person = (name: string, isMe = false): Person => ({
  id: name as MemberId,
  name,
  isMe,
  role: 'member',
  computers: [],
})
const asha = person('Asha', true)
const bob = person('Bob')
const cara = person('Cara')
const many = 'Dai Eira Ffion Gwen Huw Ifan Jac'.split(' ').map((name) => person(name))

function circle(
  id: string,
  name: string,
  people: readonly Person[],
  standing: Standing,
  scope: Place['circle']['scope'],
) {
  // The parts that sentences do not touch are left out; reaching for one would throw.
  return {
    id: id.repeat(32) as CircleId,
    scope,
    records: new Y.Doc(),
    me: asha.id,
    name: createLive(name),
    people: createLive(people),
    standing: createLive(standing),
    departures: createLive([]),
    closedTo: () => [],
  } as unknown as CircleContext
}

const MEMBER: Standing = { state: 'member' }

function places(planning: readonly Person[], standing: Standing = MEMBER): readonly [Place, Place] {
  const group = circle('1', 'Riverside', [asha, bob, cara], MEMBER, 'group')
  const inner = circle('2', 'Planning group', planning, standing, 'circle')
  const [ofGroup, ofPlanning] = placesOf({ circle: group, circles: createLive([inner]) }).get()
  return [ofGroup!, ofPlanning!]
}

describe('who can read a paper', () => {
  test('by name, this person first', () => {
    const [group, planning] = places([bob, asha])
    expect(readersShort(t, i18n, group)).toBe('Everybody in the group')
    expect(readersShort(t, i18n, planning)).toBe('Planning group: you and Bob')
    expect(readersLine(t, i18n, planning)).toBe('You and Bob can read and change this.')
    expect(readersLine(t, i18n, planning, true)).toBe('You and Bob can read this.')
    expect(futureReadersLine(t, i18n, planning)).toBe('You and Bob will be able to read and change it.')
  })

  test('but for whoever came in later', () => {
    const [group, planning] = places([asha, bob, cara])
    const of = (place: Place): Place => ({ ...place, people: [asha, bob], cannot: [cara] })
    expect(readersShort(t, i18n, of(group))).toBe('Everybody in the group but Cara')
    expect(readersShort(t, i18n, of(planning))).toBe('Planning group: you and Bob')
    expect(cannotLine(t, i18n, of(group))).toBe('Cara came in later, from that day on, and does not see this paper.')
    expect(cannotLine(t, i18n, group)).toBeUndefined()
  })

  test('alone so far', () => {
    const [, planning] = places([asha])
    expect(readersLine(t, i18n, planning)).toBe('So far you are the only one in Planning group.')
    expect(futureReadersLine(t, i18n, planning)).toBe('So far only you will be able to read it.')
  })

  test('more names than one reads through', () => {
    expect(readersShort(t, i18n, places([asha, ...many])[1])).toBe(
      'Planning group: you, Dai, Eira, Ffion, Gwen, Huw, Ifan and Jac',
    )
    expect(readersShort(t, i18n, places([asha, bob, ...many])[1])).toBe(
      'Planning group: you, Bob, Dai, Eira, Ffion, Gwen, Huw and 2 more people',
    )
  })

  test('others only, where one is out of it', () => {
    const [, planning] = places([bob, cara], { state: 'left' })
    expect(readersLine(t, i18n, planning)).toBe('Bob and Cara can read this.')
    expect(readersShort(t, i18n, places([], { state: 'left' })[1])).toBe('Planning group')
  })
})

describe('why nothing can be written', () => {
  it.each<[Standing, string]>([
    [{ state: 'closed' }, 'Planning group has ended. You can read this, and nobody can change it.'],
    [{ state: 'left' }, 'You left Planning group. You can read what you had, and change nothing.'],
    [
      { state: 'removed', by: 'Bob', computerOnly: false },
      'Bob took you out of Planning group. You can read what you had, and change nothing.',
    ],
    [
      { state: 'removed', by: 'Bob', computerOnly: true },
      'Bob took this computer out of Planning group. You can read what it had, and change nothing here.',
    ],
  ])('%o', (standing, sentence) => {
    const [, planning] = places([asha, bob], standing)
    expect(standingLine(t, planning)).toBe(sentence)
    expect(standingLine(t, planning, 'standing-short')).toMatch(/^Only to read: .*Planning group\.$|has ended\.$/)
  })

  test('by somebody whose name is not known', () => {
    const [, planning] = places([asha], { state: 'removed', by: '', computerOnly: false })
    expect(standingLine(t, planning)).toMatch(/^Somebody took you out of Planning group\./)
  })

  test('nothing is said to a member', () => {
    expect(standingLine(t, places([asha])[0])).toBeUndefined()
  })

  test('words that could not be saved any more are said to be unsaved', () => {
    const [group, planning] = places([asha])
    const out: SaveState = { state: 'stopped', reason: 'not-a-member' }
    // Nothing is lost, so there is nothing to say beside who may write.
    expect(paperSaveLine(t, i18n, out, planning)).toBe('')
    expect(paperSaveLine(t, i18n, { ...out, unsaved: true }, planning)).toMatch(
      /^Not saved: this computer is no longer in Planning group\./,
    )
    expect(paperSaveLine(t, i18n, { state: 'saved' }, group)).toBe('All saved here.')
  })
})

describe('what became of a paper that was moved', () => {
  const copy = 'c'.repeat(32) as DocumentId
  const at = new Date(2026, 10, 26, 10, 30).getTime()

  function moved(...moves: readonly (Partial<Move> & { readonly copy: DocumentId })[]) {
    const both = places([asha, bob])
    const [group, planning] = both
    const { records } = planning.circle
    const id = 'd'.repeat(32)
    putRecord(records, paperRecord, id, { title: 'Minutes', createdBy: 'Asha', createdAt: 1, 'changed/Bob': 7 })
    for (const { copy: to, ...more } of moves) {
      const move: Move = {
        state: 'done',
        to: group.circle.id,
        by: bob.id,
        at,
        changed: new Map([[bob.id, 7]]),
        ...more,
      }
      putRecord(records, paperRecord, id, { [movedField(to)]: encodeMove(move) })
    }
    const held: HeldPaper = { place: planning, paper: paperById(records, id)! }
    return { group, told: () => movedLines(t, i18n, both, held, now) }
  }

  test('who gave it to whom, and where it goes on', () => {
    const { group, told } = moved({ copy })
    expect(told()).toEqual({
      lines: [
        'Bob gave this paper to everybody in the group today at 10:30.',
        'Its copy for everybody in the group has not reached this computer yet.',
      ],
      copies: [],
    })
    putRecord(group.circle.records, paperRecord, copy, { title: 'Minutes', createdBy: 'Bob', createdAt: at })
    expect(told()).toEqual({
      lines: ['Bob gave this paper to everybody in the group today at 10:30.'],
      copies: [{ copy, circle: 'everybody in the group' }],
    })
  })

  test('nothing about a circle that this person is not in', () => {
    expect(moved({ copy, to: '9'.repeat(32) as CircleId }).told()).toEqual({
      lines: ['Bob gave this paper to a circle that you are not in, today at 10:30.'],
      copies: [],
    })
  })

  test('two moves at once, and words that came later', () => {
    const other = 'e'.repeat(32) as DocumentId
    const { lines } = moved({ copy, by: asha.id }, { copy: other, at: at + 1, changed: new Map() }).told()
    expect(lines).toEqual([
      'You gave this paper to everybody in the group today at 10:30.',
      'Bob gave this paper to everybody in the group today at 10:30.',
      'It was given away more than once, so there is more than one copy. Each goes on by itself.',
      'Its copy for everybody in the group has not reached this computer yet.',
      'Its copy for everybody in the group has not reached this computer yet.',
      'This one was changed after that, by Bob. Those words may be only here.',
    ])
  })
})

import { describe, expect, test } from 'vitest'
import type { MemberId } from '../../../shared/base/ids.ts'
import type { PersonSync, SaveState, SyncStatus } from '../../../shared/model/contexts.ts'
import { createI18n } from '../../app/i18n.ts'
import { personLine, syncLine } from './sync.ts'

const i18n = createI18n()
// A Thursday.
const now = new Date(2026, 10, 26, 15, 0).getTime()
const tuesday = new Date(2026, 10, 24, 9, 30).getTime()

const sync = (name: string, more: Partial<PersonSync> = {}): PersonSync => ({
  person: { id: name as MemberId, name, isMe: false, role: 'organiser', computers: [] },
  connected: false,
  theyLack: 0,
  weLack: 0,
  withheld: 0,
  computers: [],
  lastMatchedAt: tuesday,
  ...more,
})

const me: PersonSync = {
  ...sync('Asha'),
  person: { id: 'a' as MemberId, name: 'Asha', isMe: true, role: 'organiser', computers: [] },
}

const status = (people: readonly PersonSync[], save: SaveState = { state: 'saved' }): SyncStatus => ({
  save,
  people: [me, ...people],
  seenElsewhere: [],
  lan: 'looking',
  internet: 'off',
  unreadable: false,
  forked: false,
  refusals: [],
})

const line = (people: readonly PersonSync[], save?: SaveState) => syncLine(i18n, status(people, save), now)

// Unknown: we have never heard what they have, so there is no theyLack at all.
const { theyLack: _, lastMatchedAt: __, ...unknownBob } = sync('Bob')

describe('the footer', () => {
  test('alone', () => {
    expect(line([])).toBe('All saved here. Nobody else is in this group yet.')
  })

  test('where something stored cannot be read, nobody is said to be alone', () => {
    const unreadable = { ...status([]), unreadable: true }
    expect(syncLine(i18n, unreadable, now)).toBe(
      'All saved here. Some of what is stored on this computer cannot be read. Whoever has it too sends it again when you meet.',
    )
  })

  test('where a log says two things, nobody is said to have everything', () => {
    const forked = { ...status([sync('Bob', { connected: true })]), forked: true }
    expect(syncLine(i18n, forked, now)).toBe(
      'All saved here. Of some words there are two versions, and not everybody has both: see People.',
    )
  })

  test('connected and complete', () => {
    expect(line([sync('Bob', { connected: true })])).toBe('All saved here. Bob has everything.')
  })

  test('not connected, but known to be complete', () => {
    expect(line([sync('Bob')])).toBe('All saved here. Not connected to anyone. Bob has everything.')
  })

  test('not connected and behind', () => {
    expect(line([sync('Bob', { theyLack: 3 })])).toBe(
      'All saved here. Not connected to anyone. Bob last matched on Tuesday.',
    )
  })

  test('we are the ones who lack something', () => {
    expect(line([sync('Bob', { weLack: 2 })])).toBe(
      'All saved here. Not connected to anyone. Bob last matched on Tuesday.',
    )
  })

  test('connected, changes still travelling', () => {
    expect(line([sync('Bob', { connected: true, theyLack: 3 })])).toBe(
      'All saved here. Exchanging changes with Bob now.',
    )
  })

  test('never met', () => {
    expect(line([unknownBob])).toBe('All saved here. Not connected to anyone. Not yet in touch with Bob.')
  })

  test('one complete, one behind', () => {
    expect(line([sync('Bob', { connected: true }), sync('Cerys', { theyLack: 1 })])).toBe(
      'All saved here. Bob has everything. Cerys last matched on Tuesday.',
    )
  })

  test('two or three are named, more are counted', () => {
    expect(line([sync('Bob', { connected: true }), sync('Cerys')])).toContain('Bob and Cerys have everything.')
    const four = ['Bob', 'Cerys', 'Dev', 'Ewa'].map((name) => sync(name, { connected: true }))
    expect(line(four)).toBe('All saved here. 4 people have everything.')
    expect(line(four.map((person) => ({ ...person, theyLack: 1 })))).toBe(
      'All saved here. 4 people do not have everything yet.',
    )
  })

  test('saving', () => {
    expect(line([sync('Bob', { connected: true })], { state: 'saving' })).toBe('Saving…')
  })

  test('writing has stopped: says so first, and nobody is said to have everything', () => {
    const stopped = line([sync('Bob', { connected: true })], { state: 'stopped', reason: 'disk-low' })
    expect(stopped).toMatch(/^Writing has stopped: /)
    expect(stopped).not.toContain('everything')
  })

  test('whoever is out of the group is told so, and nothing of others', () => {
    const text = line([sync('Bob', { connected: true }), unknownBob], { state: 'stopped', reason: 'not-a-member' })
    expect(text).toBe('This computer is not in the group any more. What is saved here stays here.')
  })

  test('never claims more than is known, in any combination', () => {
    const saves: readonly SaveState[] = [
      { state: 'saved' },
      { state: 'saving' },
      { state: 'stopped', reason: 'disk-low' },
      { state: 'stopped', reason: 'storage-failed' },
    ]
    for (const save of saves)
      for (const connected of [true, false])
        for (const theyLack of [undefined, 0, 1, 7])
          for (const weLack of [0, 1, 7])
            for (const lastMatchedAt of [undefined, tuesday]) {
              const person: PersonSync = {
                person: sync('Bob').person,
                connected,
                weLack,
                withheld: 0,
                computers: [],
                ...(theyLack === undefined ? {} : { theyLack }),
                ...(lastMatchedAt === undefined ? {} : { lastMatchedAt }),
              }
              const text = line([person], save)
              const complete = save.state === 'saved' && theyLack === 0 && weLack === 0
              expect(text.includes('Bob has everything.')).toBe(complete)
              expect(text.includes('All saved here.')).toBe(save.state === 'saved')
              expect(text.includes('Not connected to anyone.')).toBe(!connected)
              expect(text).not.toMatch(/undefined|\{\{|NaN/)
              expect(text).toMatch(/[.…]$/)
            }
  })
})

describe('one person', () => {
  test.each([
    [sync('Bob', { connected: true }), 'Bob has everything.'],
    [sync('Bob', { theyLack: 3 }), 'Bob last matched on Tuesday. Bob lacks 3 changes.'],
    [sync('Bob', { theyLack: 1 }), 'Bob last matched on Tuesday. Bob lacks 1 change.'],
    [sync('Bob', { weLack: 2 }), 'Bob last matched on Tuesday. Bob has 2 changes that are not here.'],
    [sync('Bob', { connected: true, theyLack: 2, weLack: 1 }), 'Sending Bob 2 changes. Getting 1 change from Bob.'],
    [unknownBob, 'Not yet in touch with Bob.'],
    [{ ...unknownBob, connected: true }, 'Finding out what Bob has.'],
  ])('%#', (person, expected) => {
    expect(personLine(i18n, person, now)).toBe(expected)
  })
})

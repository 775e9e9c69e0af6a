import { describe, expect, test } from 'vitest'
import type { DeviceId, MemberId } from '../../../../shared/base/ids.ts'
import type {
  CircleNotice,
  Departure,
  JoiningProblem,
  LookingWhere,
  Person,
  Standing,
} from '../../../../shared/model/contexts.ts'
import { createI18n } from '../../../app/i18n.ts'
import { replaceWord, worthSayingWhileTyping } from '../../../ui/words/typed-words.ts'
import { codeProblemSentence } from './code-problem.ts'
import { computersSetAside, departureLine } from './departures.ts'
import { lookingLines } from './looking.ts'
import { noticeWords } from './notices.ts'
import { allNames, computerName, computersLine, sentenceStart } from './people.ts'
import { standingWords } from './standing.ts'

const i18n = createI18n()

describe('lookingLines', () => {
  const states = ['looking', 'unavailable', 'off'] as const
  const places: readonly LookingWhere[] = states.flatMap((lan) => states.map((internet) => ({ lan, internet })))
  test.each(places)('says what is waited for with $lan and $internet', (where) => {
    for (const line of lookingLines(i18n, where)) expect(line).toMatch(/^[A-Z].*\.$/)
  })
  test('says what to do when there is nowhere left to look', () => {
    expect(lookingLines(i18n, { lan: 'off', internet: 'off' })).toEqual([
      'Both are switched off, so nobody can be found. Switch one on in Sync and safety.',
    ])
  })
})

describe('codes', () => {
  test('each slip has its own sentence', () => {
    expect(codeProblemSentence(i18n, { problem: 'word-unknown', word: 'gerden', position: 1, suggestions: [] })).toBe(
      'Word 1, “gerden”, is not one of the words used in codes',
    )
    expect(codeProblemSentence(i18n, { problem: 'word-count', expected: 6, found: 1 })).toBe(
      'The code has 6 words. 1 word so far',
    )
    expect(codeProblemSentence(i18n, { problem: 'checksum' })).toContain('do not fit together')
    expect(codeProblemSentence(i18n, { problem: 'empty' })).toBe('Type the words of the code')
  })

  test('a word is left in peace until it is finished', () => {
    const unknown = { problem: 'word-unknown', word: 'ket', position: 2, suggestions: [] } as const
    expect(worthSayingWhileTyping(unknown, 'garden ket')).toBe(false)
    expect(worthSayingWhileTyping(unknown, 'garden ket ')).toBe(true)
    expect(worthSayingWhileTyping(unknown, 'garden ket lemon')).toBe(true)
    expect(worthSayingWhileTyping({ problem: 'word-count', expected: 6, found: 2 }, 'garden kettle ')).toBe(false)
  })

  test('a suggestion replaces one word and leaves the others alone', () => {
    expect(replaceWord('garden  ketle lemon', 2, 'kettle')).toBe('garden  kettle lemon')
    expect(replaceWord('1. garden\n2. ketle', 2, 'kettle')).toBe('1. garden\n2. kettle')
  })
})

test('every way joining can stop has a sentence on both sides', () => {
  const problems: Record<JoiningProblem, true> = {
    'code-used': true,
    'code-expired': true,
    'code-cancelled': true,
    'code-unknown': true,
    'words-differ': true,
    'cancelled-here': true,
    'cancelled-there': true,
    'connection-lost': true,
    'not-allowed': true,
    'storage-failed': true,
    'other-version': true,
    'already-in-a-group': true,
    'already-in-this-group': true,
  }
  const t = i18n.getFixedT('en-GB', 'people')
  for (const problem of Object.keys(problems) as JoiningProblem[])
    for (const side of ['inviting', 'joining'] as const) expect(t(`${side}.problem.${problem}`)).toMatch(/^[A-Z].*\.$/)
})

const computer = (id: string, name = '') => ({ id: id as DeviceId, name, isThis: false })
const person = (name: string, more: Partial<Person> = {}): Person => ({
  id: name as MemberId,
  name,
  isMe: false,
  role: 'member',
  computers: [],
  ...more,
})
const asha = person('Asha', { isMe: true, role: 'organiser' })
const [bob, cerys, dan, ewa] = [person('Bob'), person('Cerys'), person('Dan'), person('Ewa')]

describe('people', () => {
  test('everybody is named, however many they are, oneself first', () => {
    expect(allNames(i18n, [bob, asha])).toBe('you and Bob')
    expect(sentenceStart(allNames(i18n, [bob, cerys, dan, ewa, asha]))).toBe('You, Bob, Cerys, Dan and Ewa')
  })

  test('computers by name, and those without one counted', () => {
    const [kitchen, second, third] = [computer('1', 'Kitchen'), computer('2'), computer('3')]
    expect(computersLine(i18n, [])).toBe('No computer in here now')
    expect(computersLine(i18n, [second])).toBe('1 computer')
    expect(computersLine(i18n, [kitchen])).toBe('1 computer: Kitchen')
    expect(computersLine(i18n, [kitchen, second, third])).toBe('3 computers: Kitchen and 2 without a name')
    expect(computerName(i18n, [kitchen, second], kitchen)).toBe('Kitchen')
    expect(computerName(i18n, [kitchen, second], second)).toBe('Computer 2')
  })
})

describe('how one stands to a circle', () => {
  const group = { scope: 'group', name: 'Riverside' } as const
  const planning = { scope: 'circle', name: 'Planning group' } as const
  const title = (standing: Standing, of: typeof group | typeof planning) => standingWords(i18n, standing, of)?.title

  test('a member needs no words', () => {
    expect(standingWords(i18n, { state: 'member' }, group)).toBeUndefined()
  })

  test('each other state says who did it and what stays', () => {
    const removed = { state: 'removed', by: 'Alice', computerOnly: false } as const
    expect(standingWords(i18n, removed, group)).toEqual({
      title: 'Alice took you out of this group.',
      lines: [
        'Everything you had until then stays on this computer and can be read.',
        'Nothing new comes, and nothing you write here goes to anybody.',
      ],
    })
    expect(title(removed, planning)).toBe('Alice took you out of Planning group.')
    expect(title({ ...removed, computerOnly: true }, planning)).toBe('Alice took this computer out of Planning group.')
    expect(title({ ...removed, by: '' }, group)).toBe('You were taken out of this group.')
    expect(title({ ...removed, by: '', computerOnly: true }, group)).toBe('This computer was taken out of this group.')
    expect(title({ state: 'left' }, group)).toBe('You left this group.')
    expect(title({ state: 'closed' }, group)).toBe('Riverside has ended.')
  })
})

describe('who is there no more', () => {
  const line = (departure: Partial<Departure>) => departureLine(i18n, { person: dan, setAside: 0, ...departure })
  const old = computer('4', 'Old laptop')

  test.each<[Partial<Departure>, string]>([
    [{}, 'Dan left.'],
    [{ person: asha }, 'You left.'],
    [{ by: bob }, 'Bob took Dan out.'],
    [{ by: asha }, 'You took Dan out.'],
    // His computer only followed what somebody did in the group.
    [{ by: asha, outOfGroup: true }, 'Dan is not in the group any more, and so not here either.'],
    [{ person: asha, by: bob }, 'Bob took you out.'],
    [{ computer: old }, 'Dan took out a computer of their own: Old laptop.'],
    [{ computer: old, person: asha }, 'You took out a computer of yours: Old laptop.'],
    [{ computer: old, by: bob }, 'Bob took out a computer of Dan’s: Old laptop.'],
    [{ computer: old, by: asha }, 'You took out a computer of Dan’s: Old laptop.'],
    [{ computer: old, by: bob, person: asha }, 'Bob took out a computer of yours: Old laptop.'],
    [{ computer: computer('5') }, 'Dan took out a computer of their own: one without a name.'],
  ])('%#: %s', (departure, expected) => {
    expect(line(departure)).toBe(expected)
  })

  test('later changes are asked for by computer', () => {
    expect(computersSetAside({ person: dan, setAside: 1, setAsideFrom: [old.id] })).toEqual([old.id])
    expect(computersSetAside({ person: dan, setAside: 1 })).toEqual([])
  })
})

describe('what the people of a circle should know', () => {
  const words = (notice: CircleNotice, people: readonly Person[] = [asha, bob]) => noticeWords(i18n, notice, people)
  const all: readonly CircleNotice[] = [
    { notice: 'fork', person: 'Bob', isMe: false, computer: 'Kitchen' },
    { notice: 'fork', person: 'Bob', isMe: false, computer: '' },
    { notice: 'fork', person: 'Asha', isMe: true, computer: 'Laptop' },
    { notice: 'fork', person: 'Asha', isMe: true, computer: '' },
    { notice: 'one-organiser', person: 'Bob' },
    { notice: 'waiting-for-key', person: 'Cerys' },
    { notice: 'circles-unopened', count: 1 },
    { notice: 'circles-unopened', count: 2 },
  ]
  test.each(all)('$notice has whole sentences', (notice) => {
    const { title, safe, todo } = words(notice)
    for (const sentence of [title, safe, todo].filter((one) => one !== undefined)) {
      expect(sentence).toMatch(/^[A-Z“\d].*\.$/)
      expect(sentence).not.toMatch(/\{\{|undefined|notices\./)
    }
  })

  test('who is the only organiser', () => {
    expect(words({ notice: 'one-organiser', person: 'Asha' }).title).toBe('You are the only organiser.')
    expect(words({ notice: 'one-organiser', person: 'Bob' }, [bob]).title).toBe('Bob is the only organiser.')
  })

  /** The names in shared/membership/rules.ts and concurrency.ts whose records screens are told of. */
  const rules = [
    'author-demoted-meanwhile',
    'author-not-present',
    'author-removed-meanwhile',
    'device-taken',
    'device-taken-meanwhile',
    'epoch-unknown',
    'invitation-unknown',
    'inviter-removed',
    'key-for-a-stranger',
    'name-unfit',
    'not-an-organiser',
    'not-the-beginning',
    'not-their-device',
    'only-by-invitation',
    'too-many-devices',
  ]
  test.each(rules)('%s has a sentence of its own', (rule) => {
    const { title, safe, todo } = words({ notice: 'refused', rule, type: 'remove', person: 'Dan', isMe: false })
    expect(title).toBe('Dan tried to take somebody out. It does not count.')
    expect(safe).toBe('Nothing was changed by it.')
    expect(todo).toMatch(/^[A-Z].*\.$/)
    expect(todo).not.toContain(rule)
  })

  test.each(rules)('%s is said to oneself as “you”', (rule) => {
    const { title, todo } = words({ notice: 'refused', rule, type: 'remove', person: 'Dan', isMe: true })
    expect(title).toBe('You tried to take somebody out. It does not count.')
    expect(todo).toMatch(/^[A-Z].*\.$/)
    expect(todo).not.toMatch(/^They |\bthey (?:were|had)\b/)
  })

  test('without an organiser, what a group and what a circle can do', () => {
    const ofCircle = words({ notice: 'no-organiser', scope: 'circle' })
    expect(ofCircle).toMatchObject({ tone: 'info', title: 'Nobody here is an organiser.' })
    expect(ofCircle.todo).toContain('a new circle')
    expect(words({ notice: 'no-organiser', scope: 'group' }).todo).toContain('a new group')
  })

  test('without one who is still in the group, what that means', () => {
    const ofOne = words({ notice: 'organisers-out', people: ['Bob'] })
    expect(ofOne.title).toBe('Bob is out of the group, and was the only organiser of this circle.')
    expect(ofOne.todo).toContain('Make a new circle')
    const ofTwo = words({ notice: 'organisers-out', people: ['Bob', 'Dan'] })
    expect(ofTwo.title).toBe('Bob and Dan are out of the group, and were the only organisers of this circle.')
  })

  test('a rule that is not known here is shown by its name', () => {
    const { title, todo } = words({ notice: 'refused', rule: 'new-rule', type: 'new-type', person: '', isMe: false })
    expect(title).toBe('Somebody tried to change something about who is in. It does not count.')
    expect(todo).toContain('(new-rule)')
  })
})

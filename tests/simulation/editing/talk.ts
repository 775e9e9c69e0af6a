/** What people say about a paper while others write in it: comments, proposals, and using them apart. */
import { addToTalk } from '../../../renderer/features/papers/model/talk/add.ts'
import { acceptProposal } from '../../../renderer/features/papers/model/talk/accept.ts'
import { anchorAt, type Place, placesOf } from '../../../renderer/features/papers/model/talk/anchor.ts'
import { mendDoubled } from '../../../renderer/features/papers/model/talk/mend.ts'
import { canAccept, type Proposal, proposalsOf } from '../../../renderer/features/papers/model/talk/proposal.ts'
import { paragraphAt, propose } from '../../../renderer/features/papers/model/talk/propose.ts'
import { talkOf } from '../../../renderer/features/papers/model/talk/talk.ts'
import { act, count, deliver, type Person, shown, type World } from './people.ts'

const some = (world: World, most: number): number => Math.floor(world.random() * (most + 1))

const proposalsFor = ({ attribution }: World, { doc, words }: Person): readonly Proposal[] =>
  proposalsOf(words, talkOf(doc, attribution))

export function comment(world: World, person: Person): void {
  const from = some(world, shown(person).content.size)
  const about = anchorAt(person.words, { from, to: from + some(world, 12) })
  addToTalk(person.doc, { kind: 'comment', text: 'Is that so?', about }, world.typedBy.size)
}

/** New words in place of some of a paragraph's. None of those that are followed one by one: they may never be used. */
export function proposeWords(world: World, person: Person): void {
  const from = some(world, shown(person).content.size)
  const paragraph = paragraphAt(person.words, { from, to: from + 1 })
  if (paragraph === undefined) return
  const { words } = paragraph
  const at = some(world, words.length)
  const text = `${words.slice(0, at)} gladly ${words.slice(at + some(world, 4))}`
  propose(person.doc, { paragraph, text, reason: '', instead: undefined }, world.typedBy.size)
  // Papers are set out anew all the time here, and with its paragraph a proposal is over: often others hear of it in time.
  if (world.random() < 0.7) for (const other of world.people) if (other !== person) deliver(world, other, Infinity)
}

/** In the paper are then the words that the proposal said would be there. */
function use(world: World, person: Person, proposal: Proposal): void {
  const used = acceptProposal(person.doc, person.words, proposal.id, world.typedBy.size)
  const now = proposalsFor(world, person).find(({ id }) => id === proposal.id)
  if (used.ok && now?.state === 'accepted' && now.now === proposal.afterwards) return count(world, 'words used')
  world.problems.push(`${person.name} used “${proposal.afterwards}”, and there is “${now?.now}”`)
}

/** Often others use the same words at the same time, on computers that have not heard of it. */
export function useWords(world: World, person: Person): void {
  const open = proposalsFor(world, person).filter(canAccept)
  const chosen = open[some(world, open.length - 1)]
  if (chosen === undefined) return
  use(world, person, chosen)
  for (const other of world.people) {
    if (other === person || other.isReading || world.random() < 0.5) continue
    const same = proposalsFor(world, other).find(({ id }) => id === chosen.id)
    if (same !== undefined && canAccept(same)) act(world, other, 'use proposed words', () => use(world, other, same))
  }
}

export const mend = (world: World, { doc, words }: Person): void => {
  if (mendDoubled(doc, words)) count(world, 'words mended')
}

const placesFor = ({ attribution }: World, { doc, words }: Person): readonly (readonly [string, Place])[] => [
  ...placesOf(
    words,
    talkOf(doc, attribution).comments.flatMap(({ id, anchor }) =>
      anchor === undefined ? [] : [[id, anchor] as const],
    ),
  ),
]

/** What a comment is about is what is marked in the text. */
export function talkProblem(world: World, person: Person): string | undefined {
  for (const [id, place] of placesFor(world, person)) {
    if (place.state !== 'here') continue
    const marked = shown(person).textBetween(place.from, place.to, '', '').replaceAll('\n', '')
    if (marked !== place.words.replaceAll('\n', ''))
      return `${person.name}: comment ${id} is about “${place.words}”, and “${marked}” is marked`
  }
  return undefined
}

/** The same for everybody, and nothing left to mend. */
export function talkDiffers(world: World): string | undefined {
  const [first, ...others] = world.people
  const told = (person: Person): string => JSON.stringify([placesFor(world, person), proposalsFor(world, person)])
  for (const other of others)
    if (told(first!) !== told(other))
      return `${first!.name} and ${other.name} are told different things of what was said`
  // Where all of them only read, nobody mends.
  const writer = world.people.find(({ isReading }) => !isReading)
  const left = writer !== undefined && mendDoubled(writer.doc, writer.words)
  return left ? 'words that two used apart are there twice' : undefined
}

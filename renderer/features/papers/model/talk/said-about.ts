/** All that is said about a paper, by plain names, for files that need no Teatray. What was taken back is not said again. */
import type { MemberId } from '../../../../../shared/base/ids.ts'
import type { OpenDocument } from '../../../../../shared/model/contexts.ts'
import type { SaidAbout } from '../../../../../shared/model/feature.ts'
import { CONTENT } from '../commands.ts'
import { placesOf } from './anchor.ts'
import { type Proposal, proposalsOf } from './proposal.ts'
import { type Act, type Comment, type Said, talkOf } from './talk.ts'

interface Telling {
  readonly nameOf: (id: MemberId) => string
}

const withName = ({ nameOf }: Telling, { by, at }: Act, text: string) => ({
  by: by === undefined ? '' : nameOf(by),
  at,
  text,
})

const repliesOf = (telling: Telling, replies: readonly Said[]): SaidAbout['replies'] =>
  replies.filter(({ isTakenBack }) => !isTakenBack).map((reply) => withName(telling, reply, reply.text))

const ofComment = (telling: Telling, comment: Comment, about: string): SaidAbout => ({
  kind: 'comment',
  ...withName(telling, comment, comment.isTakenBack ? '' : comment.text),
  about,
  state: comment.isTakenBack ? 'taken-back' : comment.settled === undefined ? 'open' : 'settled',
  reasons: [],
  replies: repliesOf(telling, comment.replies),
})

const ofProposal = (telling: Telling, proposal: Proposal): SaidAbout => ({
  kind: 'proposal',
  ...withName(telling, proposal, proposal.isTakenBack && proposal.state !== 'accepted' ? '' : proposal.text),
  about: proposal.stretches.map(({ kind, text }) => (kind === 'in' ? '' : text)).join(''),
  state: proposal.state,
  reasons: [
    ...(proposal.reason === '' ? [] : [withName(telling, proposal, proposal.reason)]),
    ...proposal.declined.map((one) => withName(telling, one, one.reason)),
  ],
  replies: repliesOf(telling, proposal.replies),
})

/** In the order in which it was said, as far as their clocks say. */
export function saidAbout(
  { doc, attribution }: Pick<OpenDocument, 'doc' | 'attribution'>,
  nameOf: (id: MemberId) => string,
): readonly SaidAbout[] {
  const telling = { nameOf }
  const content = doc.getXmlFragment(CONTENT)
  const talk = talkOf(doc, attribution)
  const places = placesOf(
    content,
    talk.comments.flatMap(({ id, anchor }) => (anchor === undefined ? [] : [[id, anchor] as const])),
  )
  const wordsOf = (id: string): string => {
    const place = places.get(id)
    return place === undefined || place.state === 'not-here' ? '' : place.words
  }
  return [
    ...talk.comments.map((comment) => ofComment(telling, comment, wordsOf(comment.id))),
    ...proposalsOf(content, talk).map((proposal) => ofProposal(telling, proposal)),
    ...talk.readings.map((reading): SaidAbout => ({
      kind: 'read',
      ...withName(telling, reading, ''),
      about: '',
      state: 'open',
      reasons: [],
      replies: [],
    })),
  ].toSorted((a, b) => a.at - b.at)
}

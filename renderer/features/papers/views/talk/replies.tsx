import type { Said } from '../../model/talk/talk.ts'
import { SaidWords } from './said-words.tsx'
import type { TalkActs } from './talk-section.tsx'

export const Replies = ({ replies, acts }: { readonly replies: readonly Said[]; readonly acts: TalkActs }) =>
  replies.length === 0 ? null : (
    <ul className="t-talk-replies">
      {replies.map((reply) => (
        <li key={reply.id}>
          <SaidWords said={reply} acts={acts} />
        </li>
      ))}
    </ul>
  )

import type { Excerpt } from '../model/excerpt.ts'

/** Only ever text: whatever people wrote, it is shown as they wrote it. */
export const Marked = ({ pieces }: { readonly pieces: Excerpt }) =>
  // eslint-disable-next-line react/no-array-index-key -- pieces of one sentence, in its order
  pieces.map(({ text, isFound }, index) => (isFound ? <mark key={index}>{text}</mark> : text))

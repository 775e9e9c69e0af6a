/** Why a file is not brought in, by name. Nothing of such a file is kept. */
export type ImportProblem =
  | 'empty'
  | 'too-large'
  /** Small, but unpacks to more than a text could need. */
  | 'too-large-inside'
  | 'too-long'
  /** Locked with a password. */
  | 'locked'
  /** Word's format from before 2007. */
  | 'old-word'
  | 'pdf'
  | 'other-kind'
  /** Its name says Word, and it is something else. */
  | 'not-word'
  | 'damaged'
  /** Holds what no word processor writes, and what only harms whoever reads it. */
  | 'hostile'
  | 'nothing-in-it'
  | 'takes-long'

/** What a paper cannot hold, counted. */
export interface LeftOut {
  readonly pictures: number
  readonly comments: number
  /** Suggested changes: what they add is in the text, what they take away is not. */
  readonly changes: number
  /** In the text as a number, with their words at its end. */
  readonly footnotes: number
  readonly headers: number
}

export interface ReadText {
  /** Harmless already, and checked again by the editor's own rules before it becomes a paper. */
  readonly html: string
  /** What the file itself says it is called. */
  readonly title: string | undefined
  /** As they are in the file, by the index of their marks in the HTML. Their kind and size have been looked at, and no more. */
  readonly pictures: readonly Uint8Array<ArrayBuffer>[]
  readonly leftOut: LeftOut
}

export const MOST_BYTES = 20 * 1024 * 1024

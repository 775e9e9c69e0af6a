/** What left this computer, as screens are handed it. It says to whom, when and how much, never what. */

export type SentTo =
  | {
      readonly to: 'computer'
      /** Empty where nobody here knows any more whose it was. */
      readonly person: string
      readonly isMe: boolean
      /** As its owner calls it; empty where nobody gave it a name. */
      readonly computer: string
      /** Among theirs, from 1; 0: it is the only one. */
      readonly number: number
      /** They were out of the group when this was sent: they are told so, and nothing else. */
      readonly isRemoved: boolean
    }
  /** Computers that never proved who they are. */
  | { readonly to: 'unproved' }
  /** Whoever typed a code of ours. */
  | { readonly to: 'newcomer' }
  /** Whoever made the code that was typed here. */
  | { readonly to: 'inviter' }
  /** So many on one day that they are counted together. */
  | { readonly to: 'others' }
  | { readonly to: 'backup' }
  | { readonly to: 'export' }
  /** Files that somebody joins with; the welcome is an update file. */
  | { readonly to: 'invitation' | 'request' }

/** 'file': put into a folder of this computer, or on a drive; where it goes from there is not seen here. */
export type SentBy = 'network' | 'internet' | 'file'

export interface Sent {
  readonly recipient: SentTo
  readonly way: SentBy
  /** Display times; `until` is never before `from`. */
  readonly from: number
  readonly until: number
  readonly changes: number
  /** As handed to the network or the disk. */
  readonly bytes: number
}

export interface SentLog {
  /** Newest first. */
  readonly lines: readonly Sent[]
  /** Of days that are not kept one by one any more, together. */
  readonly earlier?: Pick<Sent, 'from' | 'until' | 'changes' | 'bytes'>
}

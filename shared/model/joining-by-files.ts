/** Joining for two who are never online together, as the screens see it: an invitation, a request and a welcome, each one file. */
import type { Result } from '../base/errors.ts'
import type { CircleId, InvitationId } from '../base/ids.ts'
import type { Live } from '../base/live.ts'
import type { MakeFileProblem, OpenedUpdateFile, UpdateFile, UpdateFileProblem } from './contexts.ts'

type File = Uint8Array<ArrayBuffer>

// ------------------------------------------------------------------------------------------------------------- the inviter

/** One invitation whose code is kept on this computer. */
export interface FileInvitation {
  readonly id: InvitationId
  readonly code: string
  readonly expiresAt: number
  readonly state: FileInvitationState
}

export type FileInvitationState =
  /** `saved`: its file was made before. */
  | { readonly step: 'open'; readonly saved: boolean }
  /** A request was opened that passed all checks. `words`: both screens show the same, if nobody stands between them. */
  | {
      readonly step: 'asked'
      readonly name: string
      readonly words: readonly string[]
      /** Somebody of this name had asked before, and the newer request took that one's place. */
      readonly instead?: string
    }
  /** By a request: what they need is handed over with the welcome. */
  | { readonly step: 'let-in'; readonly name: string }
  | { readonly step: 'over'; readonly reason: InvitationEnd }

export type InvitationEnd = 'code-used' | 'code-cancelled' | 'code-expired' | 'words-differ' | 'not-allowed'

export type FileProblem = 'not-this-kind' | 'newer-version' | 'cut-off' | 'damaged'

export type RequestProblem =
  | FileProblem
  /** It opens with no code that is kept here: another person's, another group's, or from before. */
  | 'no-such-invitation'
  /** Its invitation file was never made here, or it was made for another one. */
  | 'proof-does-not-hold'
  | Exclude<InvitationEnd, 'words-differ'>
  | 'words-differ'
  | 'storage-failed'

export interface InvitingByFiles {
  readonly invitations: Live<readonly FileInvitation[]>
  /** The invitation file; the same invitation gives the same offer each time. */
  makeFile(
    id: InvitationId,
  ): Promise<Result<{ readonly bytes: File; readonly by: string }, InvitationEnd | 'storage-failed'>>
  /** Twice is harmless. */
  openRequest(bytes: Uint8Array): Promise<Result<InvitationId, RequestProblem>>
  /** Yes lets them in. No uses the invitation up. */
  answer(id: InvitationId, same: boolean): Promise<Result<void, InvitationEnd | 'storage-failed'>>
  makeWelcome(id: InvitationId): Promise<Result<UpdateFile, MakeFileProblem>>
}

// ------------------------------------------------------------------------------------------------------------ the newcomer

export type InvitationFileProblem =
  | FileProblem
  | 'code-mistyped'
  /** The code is well typed, and of another invitation. */
  | 'other-code'
  | 'already-in-this-group'
  | 'storage-failed'

export type WelcomeProblem =
  | UpdateFileProblem
  | 'inviter-gone'
  | 'not-let-in'
  /** Nothing is taken before this person has found the words equal. */
  | 'words-first'
  /** No request was made here. */
  | 'no-request'
  | 'storage-failed'

export type JoiningByFilesState =
  | { readonly step: 'none' }
  | {
      readonly step: 'asked'
      readonly inviterName: string
      readonly groupName: string
      /** As the others will see it. */
      readonly name: string
      readonly expiresAt: number
      readonly words: readonly string[]
      /** This person has found the words equal. */
      readonly agreed: boolean
    }
  /** The welcome was good and is being taken in. */
  | { readonly step: 'opening'; readonly groupName: string }
  /** The person found the words different: everything of it was forgotten. */
  | { readonly step: 'words-differ'; readonly inviterName: string }
  | {
      readonly step: 'done'
      readonly group: CircleId
      /** Undefined: the group is here, but what else was in the file could not be taken in; it can be opened again. */
      readonly opened: OpenedUpdateFile | undefined
    }

export interface JoiningByFiles {
  /** Kept, sealed, from the request to the welcome. */
  readonly state: Live<JoiningByFilesState>
  /** Opens an invitation file and makes the request to it; takes the place of an earlier one. */
  ask(request: { readonly file: Uint8Array; readonly code: string }): Promise<Result<void, InvitationFileProblem>>
  /** Undefined where nothing was asked. */
  requestFile(): File | undefined
  answer(same: boolean): Promise<Result<void, 'storage-failed'>>
  /** Checked as a whole before anything is kept. */
  openWelcome(bytes: Uint8Array): Promise<Result<void, WelcomeProblem>>
  /** Forgets the request; or what the end of one was. */
  putAway(): Promise<Result<void, 'storage-failed'>>
}

/** Recovery sheets of this computer: what the screens about them are handed. renderer/session implements it. */
import type { Live } from '../base/live.ts'
import type { Result } from '../base/errors.ts'
import type { CodeProblem } from './contexts.ts'

export interface RecoverySheet {
  /** 32 hexadecimal digits. */
  readonly id: string
  /** Display time. */
  readonly createdAt: number
}

export interface MadeRecoverySheet extends RecoverySheet {
  /** Twelve. Kept nowhere: once they are gone from the screen, they are on paper or lost. */
  readonly words: readonly string[]
}

export interface RecoveryContext {
  /** Oldest first; known while locked, too. */
  readonly sheets: Live<readonly RecoverySheet[]>
  /** Pure and immediate: run at every keystroke. */
  checkWords(text: string): CodeProblem | undefined
  /** Resolves after the sheet's words have opened what was written for them. */
  make(request: {
    readonly passphrase: string
  }): Promise<Result<MadeRecoverySheet, 'wrong-passphrase' | 'too-many-sheets' | 'storage-failed'>>
  /** From then on its words open nothing on this computer. Backups made before still know it. */
  revoke(id: RecoverySheet['id']): Promise<Result<void, 'storage-failed'>>
  /** Which sheet the words are of. Changes nothing. */
  tryWords(words: string): Promise<Result<RecoverySheet, 'wrong-words' | 'storage-failed'>>
  /**
   * For a forgotten passphrase, while locked: from now on the new one opens, and the app is open. 'not-opened': the new one is
   * set, but what is stored could not be opened.
   */
  replacePassphrase(request: {
    readonly words: string
    readonly passphrase: string
  }): Promise<Result<void, 'wrong-words' | 'storage-failed' | 'not-opened'>>
}

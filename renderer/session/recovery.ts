/** Recovery sheets, as the screens see them: the keyring's words, and the way in with them. */
import type { Bytes } from '../../shared/base/bytes.ts'
import { fail, type Result } from '../../shared/base/errors.ts'
import { createLive } from '../../shared/base/live.ts'
import type { RecoveryContext, RecoverySheet } from '../../shared/model/recovery.ts'
import { setPassphraseWithRecovery } from '../keyring/keyring.ts'
import { checkSheetWords } from '../keyring/recovery-words.ts'
import { addRecovery, listRecoveries, revokeRecovery, tryRecovery } from '../keyring/recovery.ts'

interface Dependencies {
  /** From the root key, which it wipes, to the screen. */
  readonly open: (rootKey: Bytes) => Promise<Result<void, string>>
  readonly isLocked: () => boolean
  readonly log: (line: string) => void
}

export interface SessionRecovery {
  readonly context: RecoveryContext
  /** Reads again which sheets there are: at the start, and after a keyring was set up, brought back or wiped. */
  refresh(): Promise<void>
}

export function createRecovery({ open, isLocked, log }: Dependencies): SessionRecovery {
  const sheets = createLive<readonly RecoverySheet[]>([])

  const refresh = async (): Promise<void> => {
    const listed = await listRecoveries()
    if (listed.ok) return sheets.set(listed.value)
    sheets.set([])
    if (listed.error !== 'not-set-up') log(`recovery sheets: ${listed.error} ${listed.detail ?? ''}`)
  }

  return {
    refresh,
    context: {
      sheets,
      checkWords: checkSheetWords,
      async make({ passphrase }) {
        const made = await addRecovery({ passphrase })
        await refresh()
        if (made.ok) return made
        if (made.error === 'wrong-passphrase' || made.error === 'too-many-sheets') return fail(made.error)
        return fail('storage-failed', made.detail ?? made.error)
      },
      async revoke(id) {
        const revoked = await revokeRecovery({ id })
        await refresh()
        return revoked.ok ? revoked : fail('storage-failed', revoked.detail ?? revoked.error)
      },
      async tryWords(words) {
        const tried = await tryRecovery({ words })
        if (tried.ok) return tried
        if (tried.error === 'wrong-words' || tried.error === 'words-mistyped') return fail('wrong-words')
        return fail('storage-failed', tried.detail ?? tried.error)
      },
      async replacePassphrase({ words, passphrase }) {
        if (!isLocked()) return fail('storage-failed', 'not locked')
        const rootKey = await setPassphraseWithRecovery({ words, next: passphrase })
        if (rootKey.ok) {
          const opened = await open(rootKey.value)
          return opened.ok ? opened : fail('not-opened', opened.detail ?? opened.error)
        }
        if (rootKey.error === 'wrong-words' || rootKey.error === 'words-mistyped') return fail('wrong-words')
        return fail('storage-failed', rootKey.detail ?? rootKey.error)
      },
    },
  }
}

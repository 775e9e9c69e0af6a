/** All notes, for files that need no Teatray. Only handed over where the person asked for it, each time anew. */
import type { VaultContext } from '../../../../shared/model/contexts.ts'
import type { ExportedTexts } from '../../../../shared/model/feature.ts'
import { plainTime } from '../../../../shared/model/plain-time.ts'
import { CONTENT } from './commands.ts'
import { notesInBin, notesInUse } from './selectors.ts'

/** Said where the text would be. */
const notOpened = (): undefined => undefined

export async function* textsOf(vault: VaultContext): ExportedTexts {
  for (const note of [...notesInUse(vault.records), ...notesInBin(vault.records)]) {
    const { title, createdAt, changedAt, binnedAt } = note
    const opened = await vault.open(note.id).catch(notOpened)
    try {
      yield {
        title,
        isTitled: false,
        state: binnedAt === null ? 'in-use' : 'in-bin',
        facts: {
          made: plainTime(createdAt),
          changed: plainTime(changedAt),
          putInBin: binnedAt === null ? null : plainTime(binnedAt),
        },
        content: opened?.doc.getXmlFragment(CONTENT),
      }
    } finally {
      opened?.release()
    }
  }
}

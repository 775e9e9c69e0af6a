/** All notes, as they are listed. Whoever asks for them does so because the person did, each time anew. */
import type { VaultContext } from '../../../../shared/model/contexts.ts'
import type { FeatureText } from '../../../../shared/model/feature.ts'
import { plainTime } from '../../../../shared/model/plain-time.ts'
import { readContent } from '../../../../shared/model/read-content.ts'
import { CONTENT } from './commands.ts'
import { notesInBin, notesInUse } from './selectors.ts'

export const textsOf = (vault: VaultContext): readonly FeatureText[] =>
  [...notesInUse(vault.records), ...notesInBin(vault.records)].map(({ id, title, createdAt, changedAt, binnedAt }) => ({
    id,
    path: `/notes/${id}`,
    title,
    isTitled: false,
    state: binnedAt === null ? 'in-use' : 'in-bin',
    changed: String(changedAt),
    facts: {
      made: plainTime(createdAt),
      changed: plainTime(changedAt),
      putInBin: binnedAt === null ? null : plainTime(binnedAt),
    },
    read: (use) => readContent(vault.open(id), CONTENT, (content) => use(content)),
  }))

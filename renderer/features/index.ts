/** One line for each feature; the frame shows the areas that have one. */
import type { FunctionComponent } from 'react'
import type { GroupContext, VaultContext } from '../../shared/model/contexts.ts'
import type { DeviceFeature, GroupFeature } from '../../shared/model/feature.ts'
import { notesFeature } from './notes/feature.ts'
import { papersFeature } from './papers/feature.ts'
import { peopleFeature } from './people/feature.ts'
import { todayFeature } from './today/feature.ts'

export type AppFeature =
  | GroupFeature<FunctionComponent<{ readonly group: GroupContext }>>
  | DeviceFeature<FunctionComponent<{ readonly vault: VaultContext }>>

export const features: readonly AppFeature[] = [todayFeature, papersFeature, peopleFeature, notesFeature]

export { FindEverywhere } from './find/views/find-everywhere.tsx'
export { GroupRemoved, RemoveGroup } from './groups/views/remove-group.tsx'
export { WipeComputer } from './groups/views/wipe-computer.tsx'
export { Help } from './help/views/help.tsx'
export { GroupNotes } from './people/views/arrival-notes.tsx'
export { InvitationNotice } from './people/views/invitation-notice.tsx'
export { FileJoiningNotice, GoToJoinByFiles, JoinByFiles } from './people/views/by-files/join-by-files.tsx'
export { JoinGroup } from './people/views/join-group.tsx'
export { Broken } from './recovery/views/broken.tsx'
export { CannotGetIn } from './recovery/views/cannot-get-in.tsx'
export { Recovery } from './recovery/views/recovery.tsx'
export { RehearsalNote } from './recovery/views/rehearsal-note.tsx'
export { Stolen } from './recovery/views/stolen.tsx'
export { Backups } from './safety/views/backups.tsx'
export { OnePress } from './safety/views/one-press.tsx'
export { DataLost } from './safety/views/data-lost.tsx'
export { FoundNotes } from './safety/views/found-notes.tsx'
export { ExportEverything } from './safety/views/export-everything.tsx'
export { Restored, RestoreBackup } from './safety/views/restore-backup.tsx'
export { CatchFiles, FilesWait, GoToFiles } from './safety/views/catch-files.tsx'
export { UpdateFiles } from './safety/views/update-files.tsx'
export { SentPage } from './safety/views/sent.tsx'
export { SyncAndSafety } from './safety/views/sync-and-safety.tsx'

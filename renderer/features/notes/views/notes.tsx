import { useEffect, useState } from 'react'
import { Route, Switch } from 'wouter'
import { describeThrown } from '../../../../shared/base/errors.ts'
import type { DocumentId } from '../../../../shared/base/ids.ts'
import type { VaultContext } from '../../../../shared/model/contexts.ts'
import { emptyOverdue } from '../model/commands.ts'
import { NoteBin } from './note-bin.tsx'
import { NoteList } from './note-list.tsx'
import { NotePage } from './note-page.tsx'

export function Notes({ vault }: { readonly vault: VaultContext }) {
  const [binned, setBinned] = useState<DocumentId>()
  useEffect(() => {
    emptyOverdue(vault, Date.now()).catch((thrown: unknown) => console.warn('notes', describeThrown(thrown)))
  }, [vault])
  return (
    <Switch>
      <Route path="/notes">
        <NoteList vault={vault} binned={binned} onBinned={setBinned} />
      </Route>
      <Route path="/notes/bin">
        <NoteBin vault={vault} />
      </Route>
      <Route path="/notes/:id">{({ id }) => <NotePage key={id} vault={vault} id={id} onBinned={setBinned} />}</Route>
    </Switch>
  )
}

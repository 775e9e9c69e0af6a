import { useState } from 'react'
import { Route, Switch } from 'wouter'
import type { DocumentId } from '../../../../shared/base/ids.ts'
import type { GroupContext } from '../../../../shared/model/contexts.ts'
import { Bin } from './bin.tsx'
import { NewPaper } from './new-paper.tsx'
import { PaperList } from './paper-list.tsx'
import { PaperPage } from './paper-page.tsx'

export function Papers({ group }: { readonly group: GroupContext }) {
  const { circle } = group
  // Said once, where the person lands after moving a paper to the bin, with the way back.
  const [binned, setBinned] = useState<DocumentId>()
  return (
    <Switch>
      <Route path="/papers">
        <PaperList circle={circle} binned={binned} onBinned={setBinned} />
      </Route>
      <Route path="/papers/new">
        <NewPaper circle={circle} />
      </Route>
      <Route path="/papers/bin">
        <Bin circle={circle} />
      </Route>
      <Route path="/papers/:id">
        {({ id }) => <PaperPage key={id} circle={circle} id={id} onBinned={setBinned} />}
      </Route>
    </Switch>
  )
}

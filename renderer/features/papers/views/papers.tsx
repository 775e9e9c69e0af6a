import { useEffect, useState } from 'react'
import { Route, Switch, useLocation } from 'wouter'
import type { CircleId, DocumentId } from '../../../../shared/base/ids.ts'
import type { CircleContext, GroupContext } from '../../../../shared/model/contexts.ts'
import { takeOtherFiles, type WaitingFile } from '../../../ui/index.ts'
import { Bin } from './bin.tsx'
import { ImportPage } from './import-page.tsx'
import { MovePage } from './move-page.tsx'
import { MovedPapers } from './moved-papers.tsx'
import { NewPaper } from './new-paper.tsx'
import { useLabelFilter } from './order/use-label-filter.ts'
import { OutPage } from './out-page.tsx'
import { PaperList } from './paper-list.tsx'
import { PaperPage } from './paper-page.tsx'
import { usePlaces } from './use-places.ts'
import { VersionPage } from './versions/version-page.tsx'
import { VersionsPage } from './versions/versions-page.tsx'
import { WithPaper } from './with-paper.tsx'

export interface BinnedPaper {
  readonly circle: CircleContext
  readonly id: DocumentId
}

export function Papers({ group }: { readonly group: GroupContext }) {
  const places = usePlaces(group)
  // Said once, where the person lands after moving a paper to the bin, with the way back.
  const [binned, setBinned] = useState<BinnedPaper>()
  /** The copy of a paper that was just given to another circle. */
  const [given, setGiven] = useState<DocumentId>()
  /** The only circle whose papers are listed; undefined: all. */
  const [shown, setShown] = useState<CircleId>()
  const labelFilter = useLabelFilter(group.circle.local)
  /** Dropped on the list, on its way to the page that reads it. */
  const [dropped, setDropped] = useState<WaitingFile>()
  const [location, navigate] = useLocation()
  useEffect(() => {
    if (!['/papers', '/papers/new', '/papers/import'].includes(location)) return undefined
    return takeOtherFiles((file) => {
      setDropped(file)
      navigate('/papers/import')
    })
  }, [location, navigate])
  return (
    <Switch>
      <Route path="/papers">
        <PaperList
          places={places}
          shown={shown}
          onShown={setShown}
          labelFilter={labelFilter}
          binned={binned}
          onBinned={setBinned}
        />
      </Route>
      <Route path="/papers/new">
        <NewPaper places={places} local={group.circle.local} wanted={shown} />
      </Route>
      <Route path="/papers/import">
        <ImportPage places={places} local={group.circle.local} wanted={shown} dropped={dropped} onTaken={setDropped} />
      </Route>
      <Route path="/papers/bin">
        <Bin places={places} />
      </Route>
      <Route path="/papers/moved">
        <MovedPapers places={places} />
      </Route>
      <Route path="/papers/:id/move">
        {({ id }) => (
          <WithPaper key={id} places={places} id={id}>
            {(held) => <MovePage places={places} held={held} onGiven={setGiven} />}
          </WithPaper>
        )}
      </Route>
      <Route path="/papers/:id/out">
        {({ id }) => (
          <WithPaper key={id} places={places} id={id}>
            {(held) => <OutPage held={held} onSaved={(bytes) => group.noteExport(bytes)} />}
          </WithPaper>
        )}
      </Route>
      <Route path="/papers/:id/versions">
        {({ id }) => (
          <WithPaper key={id} places={places} id={id}>
            {(held) => <VersionsPage held={held} />}
          </WithPaper>
        )}
      </Route>
      <Route path="/papers/:id/versions/:version">
        {({ id, version }) => (
          <WithPaper key={id} places={places} id={id}>
            {(held) => <VersionPage key={version} held={held} id={version} />}
          </WithPaper>
        )}
      </Route>
      <Route path="/papers/:id/versions/:version/changes">
        {({ id, version }) => (
          <WithPaper key={id} places={places} id={id}>
            {(held) => <VersionPage key={version} held={held} id={version} comparing />}
          </WithPaper>
        )}
      </Route>
      <Route path="/papers/:id">
        {({ id }) => (
          <WithPaper key={id} places={places} id={id}>
            {(held) => <PaperPage places={places} held={held} isGiven={given === id} onBinned={setBinned} />}
          </WithPaper>
        )}
      </Route>
    </Switch>
  )
}

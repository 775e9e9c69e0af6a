import { Redirect, Route, Switch } from 'wouter'
import type { AppSession } from '../../../../shared/model/contexts.ts'
import { useLive } from '../../../ui/index.ts'
import { MakeSheet } from './make-sheet.tsx'
import { Overview } from './overview.tsx'
import { TrySheet } from './try-sheet.tsx'

/** Everything below /safety/recovery. */
export function Recovery({ session }: { readonly session: AppSession }) {
  const hasSheets = useLive(session.recovery.sheets).length > 0
  return (
    <Switch>
      <Route path="/safety/recovery">
        <Overview session={session} />
      </Route>
      <Route path="/safety/recovery/new">
        <MakeSheet session={session} />
      </Route>
      <Route path="/safety/recovery/try">
        {hasSheets ? <TrySheet session={session} /> : <Redirect to="/safety/recovery" replace />}
      </Route>
      <Route>
        <Redirect to="/safety/recovery" replace />
      </Route>
    </Switch>
  )
}

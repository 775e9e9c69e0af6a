import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import type { VaultContext } from '../../shared/model/contexts.ts'
import {
  features,
  FileJoiningNotice,
  FindEverywhere,
  GoToJoinByFiles,
  GroupRemoved,
  Help,
  JoinByFiles,
  JoinGroup,
  Backups,
  Broken,
  OnePress,
  ExportEverything,
  FoundNotes,
  Recovery,
  Restored,
  Stolen,
  SentPage,
  SyncAndSafety,
  WipeComputer,
} from '../features/index.ts'
import { saveLine, useLive } from '../ui/index.ts'
import { Frame } from './frame.tsx'
import { appPages, navigationItems } from './navigation.ts'
import { useSession } from './session-context.ts'
import { CreateGroup } from './stages/create-group.tsx'
import { StartOrJoin } from './stages/start-or-join.tsx'

/** Before there is a group: start one, join one, or write a note, which needs none. */
export function NoGroupFrame({ vault }: { readonly vault: VaultContext }) {
  const { t, i18n } = useTranslation('common')
  const session = useSession()
  const [, navigate] = useLocation()
  const joining = useLive(session.joining)
  const unopened = useLive(session.unopened)
  const save = useLive(vault.save)
  const ofThisComputer = features.filter((feature) => feature.scope === 'device')

  useEffect(() => {
    // A joining under way is shown again, wherever the window was opened.
    if (joining !== undefined && joining.state.get().step !== 'stopped') navigate('/join', { replace: true })
  }, [joining, navigate])

  const items = [
    { href: '/start', label: t('areas.group'), covers: ['/join'] },
    ...navigationItems(ofThisComputer, (area) => t(`areas.${area}`)),
  ]
  return (
    <Frame
      find={<FindEverywhere pages={appPages(items, t)} features={features} group={undefined} vault={vault} />}
      items={items}
      footer={unopened > 0 ? saveLine(i18n, save) : `${saveLine(i18n, save)} ${t('frame.no-group')}`}
    >
      <GoToJoinByFiles />
      <FileJoiningNotice session={session} />
      <FoundNotes session={session} />
      <Switch>
        {ofThisComputer.map((feature) => (
          <Route key={feature.id} path={`${feature.path}/*?`}>
            <feature.view vault={vault} />
          </Route>
        ))}
        <Route path="/start">
          <StartOrJoin />
        </Route>
        <Route path="/start/new" component={CreateGroup} />
        <Route path="/join/files">
          <JoinByFiles session={session} />
        </Route>
        <Route path="/join">
          <JoinGroup session={session} />
        </Route>
        <Route path="/safety">
          <SyncAndSafety session={session} />
        </Route>
        <Route path="/safety/sent">
          <SentPage session={session} />
        </Route>
        <Route path="/safety/backups">
          <Backups session={session} />
        </Route>
        <Route path="/safety/one-press">
          <OnePress session={session} />
        </Route>
        <Route path="/safety/export">
          <ExportEverything session={session} vault={vault} features={features} />
        </Route>
        <Route path="/safety/restored">
          <Restored />
        </Route>
        <Route path="/safety/recovery/*?">
          <Recovery session={session} />
        </Route>
        <Route path="/safety/broken" component={Broken} />
        <Route path="/safety/stolen">
          <Stolen session={session} inGroup={false} />
        </Route>
        <Route path="/groups/removed" component={GroupRemoved} />
        <Route path="/groups/wipe">
          <WipeComputer session={session} />
        </Route>
        <Route path="/help">
          <Help />
        </Route>
        <Route>
          <Redirect to="/start" replace />
        </Route>
      </Switch>
    </Frame>
  )
}

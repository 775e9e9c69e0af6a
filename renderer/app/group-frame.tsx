import { type ReactNode, useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import type { GroupContext, VaultContext } from '../../shared/model/contexts.ts'
import {
  type AppFeature,
  features,
  FileJoiningNotice,
  FindEverywhere,
  GoToFiles,
  GroupNotes,
  GroupRemoved,
  Help,
  InvitationNotice,
  JoinByFiles,
  Backups,
  Broken,
  OnePress,
  ExportEverything,
  FoundNotes,
  Recovery,
  Restored,
  RehearsalNote,
  Stolen,
  RemoveGroup,
  SentPage,
  SyncAndSafety,
  UpdateFiles,
  WipeComputer,
} from '../features/index.ts'
import { LastPlaceContext, syncLine, useLive, useNow } from '../ui/index.ts'
import { Frame } from './frame.tsx'
import { GroupSwitcher } from './group-switcher.tsx'
import { JoinHere, JoiningNotice } from './join-here.tsx'
import { LostPage } from './lost-page.tsx'
import { appPages, navigationItems } from './navigation.ts'
import { Resumed } from './resumed.tsx'
import { useSession } from './session-context.ts'
import { SWITCHED, usePlaceKept } from './use-place-kept.ts'
import { CreateGroup } from './stages/create-group.tsx'
import { StartOrJoin } from './stages/start-or-join.tsx'
import { Welcome } from './stages/welcome.tsx'

interface Props {
  readonly group: GroupContext
  readonly vault: VaultContext
}

function render(feature: AppFeature, { group, vault }: Props): ReactNode {
  // A feature of this computer is never handed anything that could send.
  if (feature.scope === 'device') return <feature.view vault={vault} />
  return <feature.view group={group} />
}

export function GroupFrame({ group, vault }: Props) {
  const { t, i18n } = useTranslation('common')
  const session = useSession()
  const now = useNow()
  const [, navigate] = useLocation()
  const others = useCallback(
    () => session.openGroups().filter(({ circle }) => circle.id !== group.circle.id),
    [session, group],
  )
  const status = useLive(group.sync)
  const place = usePlaceKept(group.circle.local, vault.local)
  const items = navigationItems(features, (area) => t(`areas.${area}`))
  return (
    <Frame
      name={useLive(group.circle.name)}
      groups={<GroupSwitcher />}
      find={
        <FindEverywhere
          pages={appPages(items, t)}
          features={features}
          group={group}
          vault={vault}
          others={others}
          onElsewhere={(id, path) => {
            // As in GroupSwitcher; then on to what was found, before the other group goes to its own last place.
            navigate(SWITCHED)
            session.switchTo(id)
            navigate(path)
          }}
        />
      }
      items={items}
      footer={syncLine(i18n, status, now)}
    >
      <GoToFiles />
      <FoundNotes session={session} />
      <GroupNotes group={group} />
      <InvitationNotice group={group} />
      <JoiningNotice />
      <FileJoiningNotice session={session} />
      {place.resumed === undefined ? null : <Resumed title={place.resumed.title} />}
      <Route path="/today">
        <div className="t-above-page">
          <RehearsalNote session={session} />
        </div>
      </Route>
      <LastPlaceContext value={place.work}>
        <Switch>
          {features.map((feature) => (
            <Route key={feature.id} path={`${feature.path}/*?`}>
              {render(feature, { group, vault })}
            </Route>
          ))}
          <Route path="/safety">
            <SyncAndSafety session={session} group={group} />
          </Route>
          <Route path="/safety/sent">
            <SentPage session={session} group={group} />
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
            <Stolen session={session} inGroup />
          </Route>
          <Route path="/safety/files/*?">
            <UpdateFiles group={group} />
          </Route>
          <Route path="/help">
            <Help />
          </Route>
          <Route path="/welcome">
            <Welcome group={group} />
          </Route>
          <Route path="/start">
            <StartOrJoin another />
          </Route>
          <Route path="/start/new" component={CreateGroup} />
          <Route path="/join/files">
            <JoinByFiles session={session} />
          </Route>
          <Route path="/join">
            <JoinHere group={group} />
          </Route>
          <Route path="/groups/remove/:id">
            {/* Of another group than the one on the screen: an address that was left over. */}
            {({ id }) =>
              id === group.circle.id ? (
                <RemoveGroup session={session} group={group} />
              ) : (
                <Redirect to="/groups/removed" replace />
              )
            }
          </Route>
          <Route path="/groups/removed" component={GroupRemoved} />
          <Route path="/groups/wipe">
            <WipeComputer session={session} />
          </Route>
          <Route path="/">{place.ready ? <Redirect to="/today" replace /> : null}</Route>
          <Route path={SWITCHED}>{place.ready ? <Redirect to="/today" replace /> : null}</Route>
          <Route>
            <LostPage />
          </Route>
        </Switch>
      </LastPlaceContext>
    </Frame>
  )
}

import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Redirect, Route, Switch } from 'wouter'
import type { GroupContext, VaultContext } from '../../shared/model/contexts.ts'
import {
  type AppFeature,
  features,
  GroupNotes,
  Help,
  InvitationNotice,
  JoinGroup,
  SyncAndSafety,
} from '../features/index.ts'
import { LastPlaceContext, syncLine, useLive, useNow } from '../ui/index.ts'
import { Frame } from './frame.tsx'
import { LostPage } from './lost-page.tsx'
import { navigationItems } from './navigation.ts'
import { Resumed } from './resumed.tsx'
import { useSession } from './session-context.ts'
import { usePlaceKept } from './use-place-kept.ts'
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
  const status = useLive(group.sync)
  const joining = useLive(session.joining)
  const standing = useLive(group.circle.standing)
  const isIn = standing.state === 'member' || standing.state === 'closed'
  const place = usePlaceKept(group.circle.local, vault.local)
  return (
    <Frame
      name={useLive(group.circle.name)}
      items={navigationItems(features, (area) => t(`areas.${area}`))}
      footer={syncLine(i18n, status, now)}
    >
      <GroupNotes group={group} />
      <InvitationNotice group={group} />
      {place.resumed === undefined ? null : <Resumed title={place.resumed.title} />}
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
          <Route path="/help">
            <Help />
          </Route>
          <Route path="/welcome">
            <Welcome group={group} />
          </Route>
          <Route path="/start/*?">
            <Redirect to="/welcome" replace />
          </Route>
          <Route path="/join">
            {/* The end of joining is shown once; an address left over from it leads nowhere. Who is out may be let in again. */}
            {joining === undefined && isIn ? (
              <Redirect to="/today" replace />
            ) : (
              <JoinGroup session={session} group={group} />
            )}
          </Route>
          <Route path="/">{place.ready ? <Redirect to="/today" replace /> : null}</Route>
          <Route>
            <LostPage />
          </Route>
        </Switch>
      </LastPlaceContext>
    </Frame>
  )
}

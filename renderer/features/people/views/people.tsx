import { Route, Switch } from 'wouter'
import type { GroupContext } from '../../../../shared/model/contexts.ts'
import { InviteFlow } from './invite-flow.tsx'
import { PeopleList } from './people-list.tsx'

export const People = ({ group }: { readonly group: GroupContext }) => (
  <Switch>
    <Route path="/people/invite">
      <InviteFlow group={group} />
    </Route>
    <Route>
      <PeopleList group={group} />
    </Route>
  </Switch>
)

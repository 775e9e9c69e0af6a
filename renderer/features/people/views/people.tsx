import { Route, Switch } from 'wouter'
import type { CircleContext, GroupContext } from '../../../../shared/model/contexts.ts'
import { useLive } from '../../../ui/index.ts'
import { AddPerson } from './add-person.tsx'
import { InviteByFiles } from './by-files/invite-by-files.tsx'
import { CircleDecision } from './circle-decisions.tsx'
import { CirclePage } from './circle-page.tsx'
import { Gone } from './decision.tsx'
import { InviteFlow } from './invite-flow.tsx'
import { MakeCircle } from './make-circle.tsx'
import { MyComputers } from './my-computers.tsx'
import { PeopleList } from './people-list.tsx'
import { PersonPage } from './person-page.tsx'
import { RenameCircle } from './rename-circle.tsx'
import { TakeOut } from './take-out.tsx'
import { TakeOutComputer } from './take-out-computer.tsx'

interface Props {
  readonly group: GroupContext
}

export const People = ({ group }: Props) => (
  <Switch>
    <Route path="/people/invite">
      <InviteFlow key="person" group={group} newcomer="person" />
    </Route>
    <Route path="/people/invite/files/:id">{({ id }) => <InviteByFiles key={id} group={group} id={id} />}</Route>
    <Route path="/people/computers">
      <MyComputers group={group} />
    </Route>
    <Route path="/people/computers/add">
      <InviteFlow key="computer" group={group} newcomer="computer" />
    </Route>
    <Route path="/people/computer/:id/out">{({ id }) => <TakeOutComputer key={id} group={group} id={id} />}</Route>
    <Route path="/people/circles/new">
      <MakeCircle group={group} />
    </Route>
    <Route path="/people/group/*?">{(rest) => <About circle={group.circle} rest={rest['*'] ?? ''} />}</Route>
    <Route path="/people/circle/:id/*?">
      {({ id, '*': rest }) => <OneCircle key={id} group={group} id={id} rest={rest ?? ''} />}
    </Route>
    <Route>
      <PeopleList group={group} />
    </Route>
  </Switch>
)

function OneCircle({ group, id, rest }: Props & { readonly id: string; readonly rest: string }) {
  const circles = useLive(group.circles)
  const circle = circles.find((one) => one.id === id)
  if (circle === undefined) return <Gone />
  return rest === '' ? <CirclePage group={group} circle={circle} /> : <About circle={circle} rest={rest} />
}

/** The pages of one circle, or of the group, below its own. */
function About({ circle, rest }: { readonly circle: CircleContext; readonly rest: string }) {
  const [what = '', id = '', then = ''] = rest.split('/')
  switch (what) {
    case 'rename':
      return <RenameCircle circle={circle} />
    case 'add':
      return <AddPerson circle={circle} />
    case 'leave':
    case 'end':
    case 'reopen':
    case 'locks':
      return <CircleDecision key={what} circle={circle} what={what} />
    case 'person':
      return then === 'out' ? (
        <TakeOut key={id} circle={circle} id={id} />
      ) : (
        <PersonPage key={id} circle={circle} id={id} />
      )
    default:
      return <Gone />
  }
}

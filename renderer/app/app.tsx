import { CatchFiles, FilesWait } from '../features/index.ts'
import { useLive } from '../ui/index.ts'
import { GroupFrame } from './group-frame.tsx'
import { NoGroupFrame } from './no-group-frame.tsx'
import { PlainLayout } from './plain-layout.tsx'
import { useSession } from './session-context.ts'
import { Blocked } from './stages/blocked.tsx'
import { FirstRun } from './stages/first-run.tsx'
import { Starting } from './stages/starting.tsx'
import { Unlock } from './stages/unlock.tsx'
import { useAutoLock } from './use-auto-lock.ts'

/** Files may be dropped onto the window at any stage; they wait for the group that opens them. */
export function App() {
  return (
    <>
      <CatchFiles session={useSession()} />
      <Stage />
    </>
  )
}

function Stage() {
  const session = useSession()
  const state = useLive(session.state)
  useAutoLock(session)
  if (state.stage === 'no-group') return <NoGroupFrame vault={state.vault} />
  if (state.stage === 'group') return <GroupFrame key={state.group.circle.id} vault={state.vault} group={state.group} />
  return (
    <PlainLayout>
      {state.stage === 'starting' ? <Starting /> : null}
      {state.stage === 'blocked' ? <Blocked state={state} /> : null}
      {state.stage === 'first-run' ? <FilesWait until="first-run" /> : null}
      {state.stage === 'first-run' ? <FirstRun lost={state.lost} /> : null}
      {state.stage === 'locked' ? <FilesWait until="locked" /> : null}
      {state.stage === 'locked' ? <Unlock name={state.name} /> : null}
    </PlainLayout>
  )
}

import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { describeThrown } from '../../shared/base/errors.ts'
import type { LocalValues } from '../../shared/model/contexts.ts'
import { features } from '../features/index.ts'
import { createLive } from '../../shared/base/live.ts'
import { useHeading, useLive } from '../ui/index.ts'
import { isWork, type LastRoute, laterOf, type Place, readLastRoute, writeLastRoute } from './last-route.ts'

/** The address between two groups; the one that opens there goes on to its own last place. */
export const SWITCHED = '/switched'

const isBelow = (path: string, start: string): boolean => path === start || path.startsWith(`${start}/`)

/** A place among the things of this computer is remembered in the vault: its title may be private. */
const belongsToVault = (path: string): boolean =>
  features.some((feature) => feature.scope === 'device' && isBelow(path, feature.path))

const worthKeeping = (path: string): boolean => features.some((feature) => isBelow(path, feature.path))

/** Locking may come first; the place before is as good. */
function keep(local: LocalValues, route: LastRoute): void {
  writeLastRoute(local, route).catch((thrown: unknown) => console.warn('place not kept:', describeThrown(thrown)))
}

export interface PlaceKept {
  /** False until it is known where the app should open. */
  readonly ready: boolean
  /** Set while the screen shown is the one that was reopened. */
  readonly resumed: Place | undefined
  /** The last thing of the group's that was open. Never a private note: Today may be on a shared screen. */
  readonly work: Place | undefined
}

/** Remembers where the person is, and on a fresh start goes back there. */
export function usePlaceKept(group: LocalValues, vault: LocalValues): PlaceKept {
  const [location, navigate] = useLocation()
  const heading = useHeading()
  const [ready, setReady] = useState(false)
  const [resumed, setResumed] = useState<Place>()
  const [work] = useState(() => createLive<Place | undefined>(undefined))
  const switched = useRef(location === SWITCHED)
  const fresh = useRef(location === '/' || location === SWITCHED)
  const asked = useRef(false)

  useEffect(() => {
    if (asked.current) return
    asked.current = true
    const reopen = async () => {
      const ofGroup = await readLastRoute(group)
      work.set(ofGroup?.work)
      // Whoever chooses a group wants what was open there, not the note they wrote in between.
      const last = switched.current ? ofGroup : laterOf(ofGroup, await readLastRoute(vault))
      if (fresh.current && last !== undefined && last.path !== '/today') {
        setResumed(last)
        navigate(last.path, { replace: true })
      }
      setReady(true)
    }
    void reopen()
  }, [group, navigate, vault, work])

  useEffect(() => {
    if (!ready || heading.path !== location || !worthKeeping(location)) return
    if (heading.over) {
      if (work.get()?.path === location) work.set(undefined)
      return keep(group, { path: '/today', title: '', at: Date.now(), work: work.get() })
    }
    const place: Place = { path: location, title: heading.title, at: Date.now() }
    if (belongsToVault(location)) keep(vault, place)
    else {
      if (isWork(location)) work.set(place)
      keep(group, { ...place, work: work.get() })
    }
  }, [group, heading, location, ready, vault, work])

  return { ready, resumed: resumed?.path === location ? resumed : undefined, work: useLive(work) }
}

import { useEffect, useMemo } from 'react'
import { createFinder, type Finder } from '../model/finder.ts'
import { onListed, type Searched, sourcesOf, type Whose } from '../model/sources.ts'

/** What somebody else does comes in bursts. */
const SETTLE = 300

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

/** Lives as long as what it searches is open; does nothing until `isOpen`, and follows what changes while it is. */
export function useFinder(searched: Searched, isOpen: boolean, here: string): Finder<Whose> {
  const { features, group, vault, others } = searched
  const finder = useMemo(
    () => createFinder({ sources: () => sourcesOf({ features, group, vault, others }), pause }),
    [features, group, vault, others],
  )

  useEffect(() => () => finder.forget(), [finder])

  useEffect(() => {
    if (!isOpen) return undefined
    finder.look(here)
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = onListed({ features, group, vault, others }, () => {
      timer ??= setTimeout(() => {
        timer = undefined
        finder.look()
      }, SETTLE)
    })
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [features, finder, group, here, isOpen, others, vault])

  return finder
}

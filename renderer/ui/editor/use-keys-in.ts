import { type RefObject, useEffect, useRef } from 'react'

/** Calls back for each key pressed somewhere in an element. */
export function useKeysIn(element: RefObject<HTMLElement | null>, onKey: (event: KeyboardEvent) => void): void {
  const latest = useRef(onKey)
  useEffect(() => {
    latest.current = onKey
  })
  useEffect(() => {
    const heard = (event: KeyboardEvent): void => {
      if (event.target instanceof Node && element.current?.contains(event.target) === true) latest.current(event)
    }
    document.addEventListener('keydown', heard)
    return () => document.removeEventListener('keydown', heard)
  }, [element])
}

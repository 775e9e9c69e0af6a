import { useCallback, useState } from 'react'
import type { chosenPicture } from './picture-view.ts'

interface Incoming {
  readonly file: File
  /** Another one each time, also for the same file. */
  readonly turn: number
}

let turns = 0

/** Pictures that wait for somebody to say what they show, one after the other; and the one that is being changed. */
export function usePictures() {
  const [waiting, setWaiting] = useState<readonly Incoming[]>([])
  const [chosen, setChosen] = useState<ReturnType<typeof chosenPicture>>()
  const [isBusy, setBusy] = useState(false)
  const addPictures = useCallback(
    (files: readonly File[]): void =>
      setWaiting((before) => [...before, ...files.map((file) => ({ file, turn: (turns += 1) }))]),
    [],
  )
  const nextPicture = useCallback((): void => setWaiting((before) => before.slice(1)), [])
  return { incoming: waiting[0], addPictures, nextPicture, chosen, setChosen, isBusy, setBusy }
}

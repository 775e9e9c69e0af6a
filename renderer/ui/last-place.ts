import { createContext, useContext } from 'react'

export interface LastPlace {
  readonly path: string
  readonly title: string
  /** Display time. */
  readonly at: number
}

/** Where the person was before; given by the frame, shown by Today. */
export const LastPlaceContext = createContext<LastPlace | undefined>(undefined)

export const useLastPlace = (): LastPlace | undefined => useContext(LastPlaceContext)

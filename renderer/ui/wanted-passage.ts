import { createContext, useContext } from 'react'
import { createLive, type Live } from '../../shared/base/live.ts'

/** Words of a text that somebody wants to be taken to, as they were found there. */
export interface Passage {
  /** Where the text is shown. */
  readonly path: string
  readonly sentence: string
  /** One of its words. */
  readonly word: string
}

export type WantedPassage = Live<Passage | undefined> & { set(value: Passage | undefined): void }

/** In memory and never in an address: a browser writes those to its history on the disk, in clear. */
export const WantedPassageContext = createContext<WantedPassage>(createLive<Passage | undefined>(undefined))

export const useWantedPassage = (): WantedPassage => useContext(WantedPassageContext)

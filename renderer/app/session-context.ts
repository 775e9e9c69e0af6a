import { createContext, useContext } from 'react'
import type { AppSession } from '../../shared/model/contexts.ts'

export const SessionContext = createContext<AppSession | undefined>(undefined)

export function useSession(): AppSession {
  const session = useContext(SessionContext)
  if (session === undefined) throw new Error('rendered outside mountApp')
  return session
}

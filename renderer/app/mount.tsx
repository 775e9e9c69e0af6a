import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nextProvider } from 'react-i18next'
import { Router } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import type { AppSession } from '../../shared/model/contexts.ts'
import { UiProvider } from '../ui/index.ts'
import './app.css'
import { App } from './app.tsx'
import { CrashScreen } from './crash-screen.tsx'
import { createI18n } from './i18n.ts'
import { SessionContext } from './session-context.ts'

/** Shows the whole app inside `element`. Call once. */
export function mountApp(element: HTMLElement, session: AppSession): void {
  const i18n = createI18n()
  document.documentElement.lang = i18n.language
  createRoot(element).render(
    <StrictMode>
      <I18nextProvider i18n={i18n}>
        <UiProvider>
          <Router hook={useHashLocation}>
            <SessionContext value={session}>
              <CrashScreen>
                <App />
              </CrashScreen>
            </SessionContext>
          </Router>
        </UiProvider>
      </I18nextProvider>
    </StrictMode>,
  )
}

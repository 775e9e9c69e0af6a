import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { createLive } from '../../shared/base/live.ts'
import { type ReadingScope, WhoCanRead } from './small-parts.tsx'
import { useLive } from './use-live.ts'

const currentHeading = createLive({ path: '', title: '', over: false })

/** The heading of the screen now shown, and its address; for remembering where somebody was. */
export const useHeading = (): { readonly path: string; readonly title: string; readonly over: boolean } =>
  useLive(currentHeading)

const AREAS = ['today', 'papers', 'people', 'notes'] as const

/**
 * The area alone: a browser writes the titles of windows to its history on the disk, in clear, and a page's own title can be the
 * name of a paper, of a person or of a private note.
 */
function useWindowTitle(location: string): string {
  const { t } = useTranslation('common')
  const area = AREAS.find((name) => location === `/${name}` || location.startsWith(`/${name}/`))
  if (area !== undefined) return t('window-title', { title: t(`areas.${area}`) })
  if (location.startsWith('/safety')) return t('window-title', { title: t('frame.safety') })
  return location.startsWith('/help') ? t('window-title', { title: t('frame.help') }) : t('app')
}

export interface PageProps {
  /** The h1. */
  readonly title: string
  readonly scope?: ReadingScope
  readonly lead?: ReactNode
  /** Beside the heading: a menu, a main button. */
  readonly actions?: ReactNode
  /** 'wide' for tables and papers. */
  readonly width?: 'text' | 'wide'
  /** Changes when the screen becomes another one without a change of address (a step of a wizard): focus goes to the h1. */
  readonly step?: string
  /** The end of something: nobody is led back to it later. */
  readonly over?: boolean
  /** Where focus goes on arrival: the heading, or the first field where typing is all there is to do. */
  readonly focus?: 'heading' | 'field'
  readonly children: ReactNode
}

/** Made anew for each screen, so that arriving is mounting. */
function Heading({ title, focus }: { readonly title: string; readonly focus: 'heading' | 'field' }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    window.scrollTo(0, 0)
    const field = heading.current?.closest('article')?.querySelector<HTMLElement>('input, textarea')
    const target = focus === 'field' ? field : heading.current
    target?.focus({ preventScroll: true })
  }, [focus])
  return (
    <h1 tabIndex={-1} ref={heading}>
      {title}
    </h1>
  )
}

/** One screen: window title (never more than the area), heading that takes focus on arrival, who can read it, content. */
export function Page(props: PageProps) {
  const { title, scope, lead, actions, width = 'text', step = '', over = false, focus = 'heading', children } = props
  const [location] = useLocation()
  const windowTitle = useWindowTitle(location)
  useEffect(() => {
    document.title = windowTitle
    currentHeading.set({ path: location, title, over })
  }, [location, over, title, windowTitle])
  return (
    <article className="t-page" data-width={width}>
      <header className="t-page-head">
        <div className="t-page-title">
          <Heading key={`${location} ${step}`} title={title} focus={focus} />
          {actions === undefined ? null : <div className="t-page-actions">{actions}</div>}
        </div>
        {scope === undefined ? null : <WhoCanRead scope={scope} />}
        {lead === undefined ? null : <div className="t-lead">{lead}</div>}
      </header>
      {children}
    </article>
  )
}

import { type MouseEvent, type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'

export interface FieldProblem {
  /** `id` of the field. */
  readonly field: string
  readonly message: string
}

// A plain '#field' would be taken for a route.
const goTo = (field: string) => (event: MouseEvent) => {
  event.preventDefault()
  document.getElementById(field)?.focus()
}

/**
 * What stands in the way, with links to the fields. Takes focus whenever `problems` becomes another array, so make a new one
 * at each attempt to send the form and leave it alone in between.
 */
export function ErrorSummary({ problems }: { readonly problems: readonly FieldProblem[] }) {
  const { t } = useTranslation('common')
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (problems.length > 0) box.current?.focus()
  }, [problems])
  if (problems.length === 0) return null
  return (
    <div className="t-notice" data-tone="problem" role="alert" tabIndex={-1} ref={box}>
      <h2 className="t-notice-title">{t('problem.title')}</h2>
      <ul>
        {problems.map(({ field, message }) => (
          <li key={field}>
            <a className="t-link" href={`#${field}`} onClick={goTo(field)}>
              {message}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}

export interface NoticeProps {
  readonly tone?: 'info' | 'good' | 'care' | 'problem'
  /** What happened. */
  readonly title: ReactNode
  /** What is safe. */
  readonly safe?: ReactNode
  /** What to do now. */
  readonly children?: ReactNode
  readonly actions?: ReactNode
  /** 'now' interrupts a screen reader, 'soon' waits for a pause; leave out what is there when the screen opens. */
  readonly announce?: 'now' | 'soon'
}

/** What happened, what is safe, what to do: in this order. */
export function Notice({ tone = 'info', title, safe, children, actions, announce }: NoticeProps) {
  const role = announce === 'now' ? 'alert' : announce === 'soon' ? 'status' : undefined
  return (
    <div className="t-notice" data-tone={tone} role={role}>
      <p className="t-notice-title">{title}</p>
      {safe === undefined ? null : <p>{safe}</p>}
      {typeof children === 'string' ? <p>{children}</p> : children}
      {actions === undefined ? null : <div className="t-row">{actions}</div>}
    </div>
  )
}

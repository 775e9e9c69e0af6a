import type { MouseEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'

export const VisuallyHidden = ({ children }: { readonly children: ReactNode }) => (
  <span className="t-visually-hidden">{children}</span>
)

/** A link inside the app; `href` is a path such as '/papers'. */
export const TextLink = ({ href, children }: { readonly href: string; readonly children: ReactNode }) => (
  <Link href={href} className="t-link">
    {children}
  </Link>
)

// A plain '#main' would be taken for a route.
function skipToMain(event: MouseEvent): void {
  event.preventDefault()
  document.querySelector<HTMLElement>('#main h1')?.focus()
}

export function SkipLink() {
  const { t } = useTranslation('common')
  return (
    <a className="t-skip" href="#main" onClick={skipToMain}>
      {t('skip')}
    </a>
  )
}

export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="t-section">
      <h2>{title}</h2>
      {children}
    </section>
  )
}

/** Things side by side where there is room, one under the other where there is not. */
export const Row = ({ children }: { readonly children: ReactNode }) => <div className="t-row">{children}</div>
export const Stack = ({ children }: { readonly children: ReactNode }) => <div className="t-stack">{children}</div>
export const Card = ({ children }: { readonly children: ReactNode }) => <div className="t-card">{children}</div>

export function EmptyState(props: {
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
}) {
  return (
    <div className="t-empty">
      <p className="t-empty-title">{props.title}</p>
      {props.children}
      {props.action}
    </div>
  )
}

export type ReadingScope =
  | {
      readonly kind: 'group' | 'circle'
      readonly name: string
      readonly people: number
      /** This person is none of them: they have what they had, and read nothing new. */
      readonly withoutMe?: boolean
    }
  | { readonly kind: 'computer' }

/** Who can read what is on this screen, in words. Every screen has one. */
export function WhoCanRead({ scope }: { readonly scope: ReadingScope }) {
  const { t } = useTranslation('common')
  const text =
    scope.kind === 'computer'
      ? t('scope.computer')
      : scope.withoutMe === true
        ? t('scope.others', { name: scope.name, count: scope.people })
        : t('scope.circle', { name: scope.name, count: scope.people })
  return (
    <p className="t-scope" data-scope={scope.kind}>
      {text}
    </p>
  )
}

/** "Step 2 of 3" with what each step is, so that nobody starts without knowing how far it is. */
export function Steps({ steps, current }: { readonly steps: readonly string[]; readonly current: number }) {
  const { t } = useTranslation('common')
  return (
    <div className="t-steps">
      <p className="t-steps-line">{t('steps.now', { now: current + 1, all: steps.length })}</p>
      <ol>
        {steps.map((step, index) => (
          <li key={step} aria-current={index === current ? 'step' : undefined} data-done={index < current || undefined}>
            {step}
          </li>
        ))}
      </ol>
    </div>
  )
}

/** Words two people read to each other: large, numbered, in the same order on both screens. */
export function WordsToCompare({ words, label }: { readonly words: readonly string[]; readonly label: string }) {
  return (
    <ol className="t-words" aria-label={label}>
      {words.map((word, index) => (
        // eslint-disable-next-line react/no-array-index-key -- the place is part of what is compared
        <li key={`${index} ${word}`}>{word}</li>
      ))}
    </ol>
  )
}

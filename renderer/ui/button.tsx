import { Button as MantineButton } from '@mantine/core'
import type { ReactNode, Ref } from 'react'
import { Link } from 'wouter'

type Look = 'primary' | 'secondary' | 'quiet' | 'danger'

export interface ButtonProps {
  readonly children: ReactNode
  readonly onPress?: () => void
  readonly look?: Look
  readonly type?: 'button' | 'submit'
  /** Under way: keeps its place, its words and the focus, and does nothing more. */
  readonly busy?: boolean
  readonly disabled?: boolean
  readonly ref?: Ref<HTMLButtonElement>
  /** A fuller name where the words shown would be the same on several buttons; begins with them. */
  readonly label?: string
  /** Id of the text that says more. */
  readonly describedBy?: string
}

export function Button(props: ButtonProps) {
  const {
    ref,
    children,
    onPress,
    look = 'secondary',
    type = 'button',
    busy = false,
    disabled = false,
    label,
    describedBy,
  } = props
  return (
    <MantineButton
      ref={ref}
      type={type}
      size="lg"
      variant={look === 'primary' ? 'filled' : 'default'}
      className="t-button"
      data-look={look}
      disabled={disabled}
      aria-disabled={busy || undefined}
      aria-label={label}
      aria-describedby={describedBy}
      data-busy={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault()
        else onPress?.()
      }}
    >
      {children}
    </MantineButton>
  )
}

export interface ButtonLinkProps {
  readonly href: string
  readonly look?: Look
  readonly children: ReactNode
  /** As a button's. */
  readonly label?: string
}

/** Goes somewhere and changes nothing. */
export const ButtonLink = ({ href, look = 'secondary', children, label }: ButtonLinkProps) => (
  <Link href={href} className="t-button t-button-link" data-look={look} aria-label={label}>
    {children}
  </Link>
)

import {
  Button as AriaButton,
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  MenuTrigger,
  Popover,
  Toolbar as AriaToolbar,
} from 'react-aria-components'
import type { ReactNode } from 'react'

export interface MenuEntry {
  readonly id: string
  readonly label: string
  readonly onAction: () => void
  readonly disabled?: boolean
  readonly danger?: boolean
  /** How far in it stands, for a list with levels. */
  readonly depth?: number
}

export interface MenuProps {
  /** The button's words. */
  readonly label: ReactNode
  readonly entries: readonly MenuEntry[]
  /** When the words alone do not say what it is for: 'More for Terms of reference'. Must begin with the words shown. */
  readonly fullLabel?: string
}

export function Menu({ label, entries, fullLabel }: MenuProps) {
  const labelled = fullLabel === undefined ? {} : { 'aria-label': fullLabel }
  return (
    <MenuTrigger>
      <AriaButton className="t-button" data-look="secondary" {...labelled}>
        {label} <span aria-hidden="true">▾</span>
      </AriaButton>
      <Popover className="t-popover" placement="bottom end">
        <AriaMenu className="t-menu">
          {entries.map((entry) => (
            <AriaMenuItem
              key={entry.id}
              id={entry.id}
              className="t-menu-item"
              data-depth={entry.depth}
              data-danger={entry.danger === true || undefined}
              isDisabled={entry.disabled ?? false}
              onAction={entry.onAction}
            >
              {entry.label}
            </AriaMenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  )
}

export interface ToolbarProps {
  readonly label: string
  /** Id of what the buttons act on. */
  readonly controls?: string
  readonly children: ReactNode
}

/** One Tab stop, arrows inside. */
export const Toolbar = ({ label, controls, children }: ToolbarProps) => (
  <AriaToolbar
    aria-label={label}
    className="t-toolbar"
    {...(controls === undefined ? {} : { 'aria-controls': controls })}
  >
    {children}
  </AriaToolbar>
)

export interface ToolbarButtonProps {
  /** Read out, and shown unless `children` shows something else. */
  readonly label: string
  /** For what can be on or off, such as bold; left out for plain actions. */
  readonly pressed?: boolean
  readonly disabled?: boolean
  readonly onPress: () => void
  readonly children?: ReactNode
}

/** A native button, so that pressing it with a pointer can leave the selection in the editor alone. */
export function ToolbarButton({ label, pressed, disabled = false, onPress, children }: ToolbarButtonProps) {
  return (
    <button
      type="button"
      className="t-toolbar-button"
      aria-label={children === undefined ? undefined : label}
      title={children === undefined ? undefined : label}
      aria-pressed={pressed}
      aria-disabled={disabled || undefined}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => {
        if (!disabled) onPress()
      }}
    >
      {children ?? label}
    </button>
  )
}

export const ToolbarGroup = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <fieldset className="t-toolbar-group">
    <legend className="t-visually-hidden">{label}</legend>
    {children}
  </fieldset>
)

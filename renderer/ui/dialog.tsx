import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button.tsx'

export interface DialogProps {
  readonly title: string
  readonly open: boolean
  /** Asked for by Escape or the close button; nothing typed may be lost by it. */
  readonly onClose: () => void
  readonly children: ReactNode
  /** Buttons, the safest first. */
  readonly actions?: ReactNode
}

/** The browser's own modal dialog: it keeps focus inside, gives it back, and closes with Escape. */
export function Dialog(props: DialogProps) {
  return props.open ? <OpenDialog {...props} /> : null
}

/** What has the focus; where that is a line of a menu, which goes, the menu's button. */
function findOpener(): Element | null {
  const focused = document.activeElement
  const menu = focused?.closest('[role=menu]')
  return menu == null ? focused : document.getElementById(menu.getAttribute('aria-labelledby') ?? '')
}

function OpenDialog({ title, onClose, children, actions }: DialogProps) {
  const { t } = useTranslation('common')
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  // While rendering: an effect would come after a menu has gone.
  const [opener] = useState(findOpener)
  useEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => {
      element?.close()
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
      else if (document.activeElement === document.body) document.querySelector<HTMLElement>('#main h1')?.focus()
    }
  }, [opener])
  return (
    <dialog
      ref={dialog}
      className="t-dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <h2 id={titleId}>{title}</h2>
      {typeof children === 'string' ? <p>{children}</p> : children}
      <div className="t-row">{actions ?? <Button onPress={onClose}>{t('close')}</Button>}</div>
    </dialog>
  )
}

export interface FormDialogProps extends Omit<DialogProps, 'open' | 'actions'> {
  /** What the button does, as a verb: 'Save the name'. Enter in a field does it, too. */
  readonly save: string
  readonly cancel: string
  /** Another way out, between the two. */
  readonly other?: ReactNode
  readonly onSave: () => void
}

/** A few fields, and what is done with them. */
export function FormDialog({ title, save, cancel, other, onSave, onClose, children }: FormDialogProps) {
  const form = useId()
  return (
    <Dialog
      open
      title={title}
      onClose={onClose}
      actions={
        <>
          <button type="submit" form={form} className="t-button" data-look="primary">
            {save}
          </button>
          {other}
          <Button onPress={onClose}>{cancel}</Button>
        </>
      }
    >
      <form
        id={form}
        className="t-stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          onSave()
        }}
      >
        {children}
      </form>
    </Dialog>
  )
}

export interface ConfirmDialogProps {
  readonly title: string
  readonly open: boolean
  readonly children: ReactNode
  /** What the button does, as a verb: 'Cancel the invitation'. */
  readonly confirm: string
  /** What leaving things as they are means: 'Keep the invitation'. */
  readonly keep: string
  readonly danger?: boolean
  readonly busy?: boolean
  readonly onConfirm: () => void
  readonly onKeep: () => void
}

/** Asks before something that cannot be undone; the safe answer comes first and has the focus. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <Dialog
      title={props.title}
      open={props.open}
      onClose={props.onKeep}
      actions={
        <>
          <Button onPress={props.onKeep}>{props.keep}</Button>
          <Button
            look={props.danger === true ? 'danger' : 'primary'}
            busy={props.busy ?? false}
            onPress={props.onConfirm}
          >
            {props.confirm}
          </Button>
        </>
      }
    >
      {props.children}
    </Dialog>
  )
}

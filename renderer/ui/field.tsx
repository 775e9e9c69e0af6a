import { Checkbox, Input, NativeSelect, Switch, Textarea, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { passphraseStrength } from './passphrase-strength.ts'

interface Labelled {
  /** Also where the error summary's link leads. */
  readonly id: string
  readonly label: ReactNode
  readonly hint?: ReactNode
  /** What is wrong and how to put it right; undefined while all is well. */
  readonly problem?: string | undefined
}

interface TextFieldProps extends Labelled {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly autoComplete?: string
}

export interface FieldProps extends TextFieldProps {
  readonly type?: 'text' | 'url' | 'search' | 'date'
  /** More than one line. */
  readonly lines?: number
  readonly maxLength?: number
  readonly spellCheck?: boolean
  readonly autoCapitalize?: 'off' | 'words' | 'sentences'
}

const order: ('label' | 'description' | 'error' | 'input')[] = ['label', 'description', 'error', 'input']

/** A text field with its label, hint and problem above it, all read out together. */
export function Field(props: FieldProps) {
  // Off unless asked for: a browser keeps what it fills in again on the disk, in clear.
  const { label, hint, problem, onChange, lines, type = 'text', autoComplete = 'off', ...rest } = props
  const shared = {
    ...rest,
    autoComplete,
    label,
    description: hint,
    error: problem,
    size: 'lg',
    inputWrapperOrder: order,
  } as const
  return lines === undefined ? (
    <TextInput {...shared} type={type} className="t-field" onChange={(event) => onChange(event.currentTarget.value)} />
  ) : (
    <Textarea {...shared} rows={lines} className="t-field" onChange={(event) => onChange(event.currentTarget.value)} />
  )
}

export interface PassphraseFieldProps extends TextFieldProps {
  /** Says in words how hard it is to guess; for choosing one, not for typing it again. */
  readonly showStrength?: boolean
  /** Offers to fill in a good one. */
  readonly suggest?: () => string
}

/** Pasting and password managers are welcome. */
export function PassphraseField(props: PassphraseFieldProps) {
  const {
    label,
    hint,
    problem,
    onChange,
    showStrength = false,
    suggest,
    autoComplete = 'current-password',
    ...rest
  } = props
  const { t } = useTranslation('common')
  const [shown, setShown] = useState(false)
  const strength = passphraseStrength(props.value)
  return (
    <div className="t-field">
      <div className="t-passphrase">
        <TextInput
          {...rest}
          label={label}
          description={hint}
          error={problem}
          size="lg"
          inputWrapperOrder={order}
          type={shown ? 'text' : 'password'}
          autoComplete={autoComplete}
          spellCheck={false}
          autoCapitalize="off"
          onChange={(event) => onChange(event.currentTarget.value)}
        />
        <button
          type="button"
          className="t-button t-passphrase-show"
          data-look="secondary"
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          {t('passphrase.show')}
        </button>
      </div>
      {suggest === undefined ? null : (
        <button
          type="button"
          className="t-button t-suggest"
          data-look="secondary"
          onClick={() => {
            onChange(suggest())
            setShown(true)
          }}
        >
          {t('passphrase.suggest')}
        </button>
      )}
      {showStrength ? (
        <output className="t-strength" htmlFor={props.id}>
          {t(`passphrase.strength.${strength}`)}
        </output>
      ) : null}
    </div>
  )
}

interface Option {
  readonly value: string
  readonly label: string
}

export interface ChoiceProps extends Labelled {
  readonly value: string
  readonly options: readonly (Option | { readonly group: string; readonly items: readonly Option[] })[]
  readonly onChange: (value: string) => void
}

/** One of a few, in the system's own list: it works in every window and by voice. */
export function Choice({ id, label, hint, problem, value, options, onChange }: ChoiceProps) {
  return (
    <NativeSelect
      id={id}
      label={label}
      description={hint}
      error={problem}
      value={value}
      data={options.map((option) => ('group' in option ? { ...option, items: [...option.items] } : option))}
      size="lg"
      className="t-field"
      inputWrapperOrder={order}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

export interface ChoiceListProps<Value extends string> {
  /** Also where the error summary's link leads. */
  readonly id: string
  readonly label: string
  readonly value: Value
  readonly options: readonly { readonly value: Value; readonly label: string; readonly hint?: string }[]
  readonly onChange: (value: Value) => void
}

/** One of a few, all to be seen at once with what each means. */
export function ChoiceList<Value extends string>({ id, label, value, options, onChange }: ChoiceListProps<Value>) {
  return (
    <fieldset className="t-choice-list" id={id}>
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={id}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span>
            {option.label}
            {option.hint === undefined ? null : <span className="t-choice-hint">{option.hint}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  )
}

export interface ToggleProps extends Labelled {
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly disabled?: boolean
}

/** Takes effect at once. */
export const Toggle = ({ id, label, hint, problem, checked, onChange, disabled = false }: ToggleProps) => (
  <Switch
    id={id}
    label={label}
    description={hint}
    error={problem}
    checked={checked}
    disabled={disabled}
    size="lg"
    className="t-toggle"
    onChange={(event) => onChange(event.currentTarget.checked)}
  />
)

/** Takes effect when the form is sent. */
export const Tick = ({ id, label, hint, problem, checked, onChange, disabled = false }: ToggleProps) => (
  <Checkbox
    id={id}
    label={label}
    description={hint}
    error={problem}
    checked={checked}
    disabled={disabled}
    size="lg"
    className="t-tick"
    onChange={(event) => onChange(event.currentTarget.checked)}
  />
)

/** Label, hint and problem around something of one's own. */
export const FieldFrame = ({ id, label, hint, problem, children }: Labelled & { readonly children: ReactNode }) => (
  <Input.Wrapper
    id={id}
    label={label}
    description={hint}
    error={problem}
    size="lg"
    className="t-field"
    inputWrapperOrder={order}
  >
    {children}
  </Input.Wrapper>
)

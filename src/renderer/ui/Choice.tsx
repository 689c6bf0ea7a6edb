import { Switch as RadixSwitch, ToggleGroup } from 'radix-ui'
import { useId } from 'react'
import type { ReactNode } from 'react'
import { Hint } from './Button.js'

export interface Option<T extends string> {
  readonly value: T
  readonly label: string
  readonly hint?: string
  readonly icon?: ReactNode
  readonly disabled?: boolean
}

/** One of a few: a row of joined buttons, exactly one of them down. */
export function Segmented<T extends string>({
  label,
  value,
  options,
  onChange,
  hideLabel = false,
}: {
  readonly label: string
  /** Null where none of the options is the case. */
  readonly value: T | null
  readonly options: readonly Option<T>[]
  readonly onChange: (value: T) => void
  readonly hideLabel?: boolean
}) {
  const id = useId()
  return (
    <div className="field">
      <span id={id} className={hideLabel ? 'hidden' : 'field-label'}>
        {label}
      </span>
      <ToggleGroup.Root
        type="single"
        className="segmented"
        aria-labelledby={id}
        value={value ?? ''}
        onValueChange={(next) => {
          if (next !== '') onChange(next as T)
        }}
      >
        {options.map((option) => {
          const item = (
            <ToggleGroup.Item
              key={option.value}
              value={option.value}
              className="segmented-item"
              disabled={option.disabled ?? false}
            >
              {option.icon}
              {option.label}
            </ToggleGroup.Item>
          )
          return option.hint === undefined ? (
            item
          ) : (
            <Hint key={option.value} label={option.hint}>
              {item}
            </Hint>
          )
        })}
      </ToggleGroup.Root>
    </div>
  )
}

/** On or off, at once. */
export function Switch({
  label,
  checked,
  onChange,
}: {
  readonly label: string
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}) {
  const id = useId()
  return (
    <div className="switch-row">
      <label htmlFor={id} className="field-label">
        {label}
      </label>
      <RadixSwitch.Root id={id} className="switch" checked={checked} onCheckedChange={onChange}>
        <RadixSwitch.Thumb className="switch-thumb" />
      </RadixSwitch.Root>
    </div>
  )
}

/** One of many: the system's own list, which every screen reader and keyboard knows. */
export function Select<T extends string>({
  label,
  value,
  options,
  onChange,
  hideLabel = false,
}: {
  readonly label: string
  readonly value: T
  readonly options: readonly Option<T>[]
  readonly onChange: (value: T) => void
  readonly hideLabel?: boolean
}) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id} className={hideLabel ? 'hidden' : 'field-label'}>
        {label}
      </label>
      <select
        id={id}
        className="select"
        value={value}
        onChange={(event) => onChange(event.target.value as T)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  )
}

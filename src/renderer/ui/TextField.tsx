import { useEffect, useId, useRef, useState } from 'react'
import type { ReactNode } from 'react'

export function TextField({
  label,
  value,
  onChange,
  hint,
  mono = false,
  after,
  selectOnOpen = false,
}: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly hint?: string
  readonly mono?: boolean
  /** A control at the end of the field, such as a button that chooses a file. */
  readonly after?: ReactNode
  /** For the first field of a dialog: the dialog's own focus handling does the rest. */
  readonly selectOnOpen?: boolean
}) {
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (selectOnOpen) field.current?.select()
  }, [selectOnOpen])
  return (
    <div className="field">
      <label htmlFor={id} className="field-label">
        {label}
      </label>
      <div className="field-row">
        <input
          ref={field}
          id={id}
          className={mono ? 'input mono' : 'input'}
          value={value}
          spellCheck={false}
          autoComplete="off"
          aria-describedby={hint === undefined ? undefined : `${id}-hint`}
          onChange={(event) => onChange(event.target.value)}
        />
        {after}
      </div>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
    </div>
  )
}

/** A name that is text until it is edited: Enter or leaving the field keeps it, Escape does not. */
export function EditableName({
  label,
  value,
  maxLength,
  className = '',
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly maxLength: number
  readonly className?: string
  readonly onChange: (value: string) => void
}) {
  const [draft, setDraft] = useState<string | null>(null)
  const finish = (): void => {
    const name = draft?.trim() ?? ''
    setDraft(null)
    if (name !== '' && name !== value) onChange(name)
  }
  return (
    <input
      className={`name-field ${className}`}
      aria-label={label}
      value={draft ?? value}
      maxLength={maxLength}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => setDraft(event.target.value)}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur()
        if (event.key === 'Escape') {
          event.stopPropagation()
          setDraft(null)
        }
      }}
    />
  )
}

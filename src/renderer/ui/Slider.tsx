import { Slider as Radix } from 'radix-ui'
import { useId, useRef } from 'react'

let gestures = 0

/**
 * A labelled slider with its value beside it. Every change carries the same `gesture` until
 * the thumb is let go, so that a drag is one step to undo.
 */
export function Slider({
  label,
  value,
  min,
  max,
  step = 1,
  text,
  disabled = false,
  hideLabel = false,
  onChange,
}: {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly step?: number
  /** The value in words, shown and read aloud. */
  readonly text: string
  readonly disabled?: boolean
  readonly hideLabel?: boolean
  readonly onChange: (value: number, gesture: string) => void
}) {
  const id = useId()
  const gesture = useRef<string | null>(null)
  return (
    <div className={hideLabel ? 'slider slider-bare' : 'slider'}>
      <span id={id} className={hideLabel ? 'hidden' : 'slider-label'}>
        {label}
      </span>
      <Radix.Root
        className="slider-root"
        value={[value]}
        min={min}
        max={max}
        step={step}
        disabled={disabled}
        onValueChange={([next]) => {
          gesture.current ??= `slider-${(gestures += 1)}`
          if (next !== undefined) onChange(next, gesture.current)
        }}
        onValueCommit={() => {
          gesture.current = null
        }}
      >
        <Radix.Track className="slider-track">
          <Radix.Range className="slider-range" />
        </Radix.Track>
        <Radix.Thumb className="slider-thumb" aria-labelledby={id} aria-valuetext={text} />
      </Radix.Root>
      {!hideLabel && <output className="slider-value">{text}</output>}
    </div>
  )
}

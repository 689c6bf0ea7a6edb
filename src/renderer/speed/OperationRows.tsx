import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { FASTEST, SLOWEST } from '../../shared/retime/operations.js'
import type { RetimeOperation } from '../../shared/retime/operations.js'
import { IconButton } from '../ui/Button.js'
import { useFormat } from '../ui/format.js'
import { Slider } from '../ui/Slider.js'
import { SpeedCurve } from './SpeedCurve.js'
import { isSpanning } from './draft.js'

/** What will be done, each with its values to change and a way to take it out. */
export function OperationRows({
  operations,
  frames,
  rate,
  onChange,
}: {
  readonly operations: readonly RetimeOperation[]
  readonly frames: number
  /** Frames a second. */
  readonly rate: number
  readonly onChange: (operations: readonly RetimeOperation[]) => void
}) {
  const { t } = useTranslation()
  const format = useFormat()
  if (operations.length === 0) return null
  const seconds = (frame: number): string =>
    t('duration.seconds', { seconds: format.number(frame / rate, 2) })
  return (
    <ul className="speed-rows" aria-label={t('speed.list')}>
      {operations.map((operation, at) => {
        const name = t(`speed.kind.${operation.kind}`)
        const replace = (next: RetimeOperation): void =>
          onChange(operations.map((one) => (one === operation ? next : one)))
        const part =
          isSpanning(operation) && (operation.from > 0 || operation.to < frames)
            ? t('remove.rangeValue', {
                from: seconds(operation.from),
                to: seconds(operation.to),
              })
            : null
        return (
          <li key={`${operation.kind}-${at}`} className="speed-row">
            <div className="speed-row-head">
              <span className="speed-row-name">{name}</span>
              {part !== null && <span className="hint tabular">{part}</span>}
              {operation.kind === 'freeze' && (
                <span className="hint tabular">
                  {t('speed.freezeAt', { time: seconds(operation.at) })}
                </span>
              )}
              <IconButton
                label={t('edit.remove', { name })}
                onClick={() => onChange(operations.filter((one) => one !== operation))}
              >
                <X />
              </IconButton>
            </div>
            <Values operation={operation} rate={rate} seconds={seconds} onChange={replace} />
          </li>
        )
      })}
    </ul>
  )
}

function Values({
  operation,
  rate,
  seconds,
  onChange,
}: {
  readonly operation: RetimeOperation
  readonly rate: number
  readonly seconds: (frame: number) => string
  readonly onChange: (operation: RetimeOperation) => void
}): ReactNode {
  const { t } = useTranslation()
  switch (operation.kind) {
    case 'speed':
      return (
        <FactorSlider
          label={t('speed.factor')}
          value={operation.factor}
          onChange={(factor) => onChange({ ...operation, factor })}
        />
      )
    case 'ramp':
      return (
        <>
          <SpeedCurve {...operation} />
          <FactorSlider
            label={t('speed.start')}
            value={operation.start}
            onChange={(start) => onChange({ ...operation, start })}
          />
          <FactorSlider
            label={t('speed.end')}
            value={operation.end}
            onChange={(end) => onChange({ ...operation, end })}
          />
        </>
      )
    case 'freeze':
      return (
        <Slider
          label={t('speed.freezeFor')}
          value={Math.round((operation.frames / rate) * 10) / 10}
          min={0.1}
          max={10}
          step={0.1}
          text={seconds(operation.frames)}
          onChange={(value) =>
            onChange({ ...operation, frames: Math.max(1, Math.round(value * rate)) })
          }
        />
      )
    case 'reverse':
    case 'ping-pong':
      return null
  }
}

/** Steps of the slider for twice the speed: half and double lie as far from normal. */
const STEPS = 12

/** A speed, on a scale on which half and double are equally far from normal. */
function FactorSlider({
  label,
  value,
  onChange,
}: {
  readonly label: string
  readonly value: number
  readonly onChange: (factor: number) => void
}) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <Slider
      label={label}
      value={Math.round(Math.log2(value) * STEPS)}
      min={Math.ceil(Math.log2(SLOWEST) * STEPS)}
      max={Math.floor(Math.log2(FASTEST) * STEPS)}
      text={t('speed.times', { value: format.number(value, 2) })}
      onChange={(step) => onChange(Math.round(2 ** (step / STEPS) * 1000) / 1000)}
    />
  )
}

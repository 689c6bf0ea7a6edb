import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { EditOperation } from '../../shared/edit/operations.js'
import { isAdjust } from '../../shared/edit/resolve.js'
import { IconButton } from '../ui/Button.js'
import { Switch } from '../ui/Choice.js'
import { useFormat } from '../ui/format.js'
import { Slider } from '../ui/Slider.js'
import { peakOf, withPeak } from './operations.js'

/** What was understood, each with its slider. */
export function OperationList({
  operations,
  onChange,
}: {
  readonly operations: readonly EditOperation[]
  readonly onChange: (operations: readonly EditOperation[], gesture?: string) => void
}) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <ul className="edit-operations" aria-label={t('edit.list')}>
      {operations.map((operation, at) => {
        const name =
          operation.kind === 'tone'
            ? t(`edit.toneOf.${operation.tones}`)
            : t(`edit.kind.${operation.kind}`)
        const value = Math.round(peakOf(operation) * 100)
        const band = 'only' in operation && operation.only !== null ? operation.only : null
        const limits = 'limits' in operation ? operation.limits : undefined
        const to = 'to' in operation ? operation.to : null
        return (
          <li key={`${operation.kind}-${at}`} className="edit-operation">
            <div className="edit-operation-line">
              <Slider
                label={name}
                value={value}
                min={isAdjust(operation.kind) ? -100 : 0}
                max={100}
                text={t('edit.percent', { value: format.number(value) })}
                onChange={(next, gesture) =>
                  onChange(
                    operations.map((one) => (one === operation ? withPeak(one, next / 100) : one)),
                    gesture,
                  )
                }
              />
              <IconButton
                label={t('edit.remove', { name })}
                onClick={() => onChange(operations.filter((one) => one !== operation))}
              >
                <X />
              </IconButton>
            </div>
            {operation.kind === 'match' && operation.map.zones !== undefined && (
              <Switch
                label={t('edit.byLight')}
                checked={operation.byLight === true}
                onChange={(byLight) =>
                  onChange(
                    operations.map((one) => (one === operation ? { ...operation, byLight } : one)),
                  )
                }
              />
            )}
            {(operation.keys.length > 1 ||
              band !== null ||
              limits !== undefined ||
              to !== null) && (
              <p className="hint edit-operation-notes">
                {band !== null && (
                  <>
                    <Swatch hue={band.hue} chroma={0.13} lightness={0.68} />
                    {t('edit.onlyBand')}
                  </>
                )}
                {limits !== undefined && limits.tones !== null && (
                  <span>{t(`edit.onlyTones.${limits.tones}`)}</span>
                )}
                {limits !== undefined && limits.except.length > 0 && (
                  <>
                    {t('edit.except')}
                    {limits.except.map(({ hue }) => (
                      <Swatch key={hue} hue={hue} chroma={0.13} lightness={0.68} />
                    ))}
                  </>
                )}
                {limits?.neutrals !== undefined && limits.neutrals.length > 0 && (
                  <span>
                    {limits.except.length === 0 && `${t('edit.except')} `}
                    {limits.neutrals.map((name) => t(`edit.neutral.${name}`)).join(', ')}
                  </span>
                )}
                {to !== null && (
                  <>
                    {' → '}
                    <Swatch {...to} />
                  </>
                )}
                {operation.keys.length > 1 && <span>{t('edit.animated')}</span>}
              </p>
            )}
          </li>
        )
      })}
    </ul>
  )
}

function Swatch({
  hue,
  chroma,
  lightness,
}: {
  readonly hue: number
  readonly chroma: number
  readonly lightness: number
}) {
  const background = `oklch(${lightness} ${chroma} ${hue})`
  return <span className="edit-swatch" style={{ background }} aria-hidden />
}

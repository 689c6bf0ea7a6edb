import { useTranslation } from 'react-i18next'
import { confidenceBar } from '../timeline/drawSegments.js'
import { useFormat } from '../ui/format.js'

/** In the colours of the strip on the timeline. */
const COLOURS = {
  'confidence-high': 'var(--confidence-high)',
  'confidence-mid': 'var(--confidence-mid)',
  'confidence-low': 'var(--confidence-low)',
} as const

/** How sure a take is on the whole. */
export function TakeSureness({ confidence }: { readonly confidence: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { colour } = confidenceBar(confidence, COLOURS)
  return (
    <p className="hint" title={t('takes.confidenceHint')}>
      <span className="meter" aria-hidden>
        <span
          className="meter-fill"
          style={{ width: format.cssPercent(confidence), background: colour }}
        />
      </span>
      {t('takes.confidence', { value: format.number(confidence * 100) })}
    </p>
  )
}

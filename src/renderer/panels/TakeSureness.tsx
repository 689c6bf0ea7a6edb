import { useTranslation } from 'react-i18next'
import type { SegmentRec } from '../../shared/document/model.js'
import { confidenceBar } from '../timeline/drawSegments.js'
import { useFormat } from '../ui/format.js'

/** In the colours of the strip on the timeline. */
const COLOURS = {
  'confidence-high': 'var(--confidence-high)',
  'confidence-mid': 'var(--confidence-mid)',
  'confidence-low': 'var(--confidence-low)',
} as const

/** How sure a take is on the whole, and what can be done where that is little. */
export function TakeSureness({
  confidence,
  verb,
}: {
  readonly confidence: number
  readonly verb: SegmentRec['verb']
}) {
  const { t } = useTranslation()
  const format = useFormat()
  const { colour } = confidenceBar(confidence, COLOURS)
  return (
    <>
      <p className="hint" title={t('takes.confidenceHint')}>
        <span className="meter" aria-hidden>
          <span
            className="meter-fill"
            style={{ width: format.cssPercent(confidence), background: colour }}
          />
        </span>
        {t('takes.confidence', { value: format.number(confidence * 100) })}
      </p>
      {verb === 'remove' && colour === COLOURS['confidence-low'] && (
        <p className="hint">{t('takes.unsure')}</p>
      )}
    </>
  )
}

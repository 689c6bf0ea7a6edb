import { useTranslation } from 'react-i18next'
import type { ErrorData } from '../../shared/contract/errors.js'

/** What the viewer says where it has no picture: nothing imported yet, preview in the making, or the reason. */
export function ViewerMessage({
  isEmpty,
  preparing,
  problem,
}: {
  readonly isEmpty: boolean
  readonly preparing: boolean
  readonly problem: ErrorData | null
}) {
  const { t } = useTranslation()
  if (isEmpty) {
    return (
      <div className="viewer-message">
        <p>{t('viewer.empty')}</p>
        <p className="viewer-hint">{t('viewer.emptyHint')}</p>
      </div>
    )
  }
  if (preparing) {
    return (
      <div className="viewer-message" role="status">
        <p>{t('viewer.preparing')}</p>
      </div>
    )
  }
  if (problem === null) return null
  const missing = problem.code === 'media-unsupported'
  return (
    <div className="viewer-message" role="alert">
      <p>{missing ? t('viewer.noDecoder') : t('viewer.unreadable')}</p>
      <p className="viewer-hint">
        {missing ? t('viewer.noDecoderHint') : t('viewer.unreadableHint')}
      </p>
    </div>
  )
}

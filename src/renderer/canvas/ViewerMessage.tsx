import { useTranslation } from 'react-i18next'
import type { PictureStatus } from './pictureStatus.js'

/** What the viewer says where it has no picture: nothing imported yet, preview in the making, or the reason. */
export function ViewerMessage({
  isEmpty,
  status,
}: {
  readonly isEmpty: boolean
  readonly status: PictureStatus
}) {
  const { t } = useTranslation()
  const { problem, preparing, hasPicture } = status
  if (isEmpty) {
    return (
      <div className="viewer-message">
        <p>{t('viewer.empty')}</p>
        <p className="viewer-hint">{t('viewer.emptyHint')}</p>
      </div>
    )
  }
  if (preparing) {
    // Over a picture that will do until then, a word at its edge is enough.
    if (hasPicture) {
      return (
        <p className="viewer-note" role="status">
          {t('viewer.preparing')}
        </p>
      )
    }
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

import { useTranslation } from 'react-i18next'
import { recordOf } from '../../shared/document/model.js'
import { usePair } from '../compare/comparing.js'
import { pictureAt } from '../player/timelineMap.js'
import { useEditor } from '../state/editor.js'
import { isKind, useJobs } from '../state/jobs.js'
import { useProject } from '../state/project.js'
import { errorText } from '../ui/errorText.js'
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
  return <Unreadable hasNoDecoder={problem.code === 'media-unsupported'} />
}

/** Why there is no picture: what stopped the making of its preview, where something did. */
function Unreadable({ hasNoDecoder }: { readonly hasNoDecoder: boolean }) {
  const { t, i18n } = useTranslation()
  const doc = useProject((state) => state.doc)
  const pair = usePair()
  const assetId = useEditor(({ playhead }) =>
    doc === null ? undefined : (pair?.right.id ?? pictureAt(doc, playhead)?.asset.id),
  )
  const error = useJobs(
    ({ jobs }) =>
      jobs.findLast(
        (job) =>
          isKind(job, 'prepare') && job.status === 'failed' && job.input.recordId === assetId,
      )?.error,
  )
  const name = doc === null ? '' : (recordOf(doc, 'asset', assetId)?.name ?? '')
  const isGone = error?.code === 'not-found' || error?.code === 'file-missing'
  const told = error === undefined ? null : errorText(error, i18n.language, t)
  const [title, hint] = isGone
    ? [t('viewer.missing', { name }), t('viewer.missingHint')]
    : hasNoDecoder
      ? [t('viewer.noDecoder'), t('viewer.noDecoderHint')]
      : told !== null
        ? [told.title, told.hint]
        : [t('viewer.unreadable'), t('viewer.unreadableHint')]
  return (
    <div className="viewer-message" role="alert">
      <p>{title}</p>
      <p className="viewer-hint">{hint}</p>
    </div>
  )
}

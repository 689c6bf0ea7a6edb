import { Blend, WandSparkles } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RemoveSegmentRec, TakeRec } from '../../shared/document/model.js'
import { isFoundDoubted } from '../../shared/doubt.js'
import { runInHand } from '../state/actions.js'
import { takesOf } from '../state/editing.js'
import { useProject } from '../state/project.js'
import { useTakeFacts } from '../state/takeFiles.js'
import { Button } from '../ui/Button.js'

/** Under a removal whose newest take is soft because what was found was doubted: the other way. */
export function DoubtSuggestion({ segment }: { readonly segment: RemoveSegmentRec }) {
  const newest = useProject(({ doc }) =>
    doc === null ? undefined : takesOf(doc, segment.id).at(-1),
  )
  if (newest === undefined || segment.params.doubtful === 'found') return null
  return <Suggestion segment={segment} take={newest} />
}

function Suggestion({
  segment,
  take,
}: {
  readonly segment: RemoveSegmentRec
  readonly take: TakeRec
}) {
  const { t } = useTranslation()
  const dispatch = useProject((state) => state.dispatch)
  const { confidence, params } = useTakeFacts(take, take.id)
  if (confidence === null || params?.doubtful === 'found' || !isFoundDoubted(confidence)) {
    return null
  }
  const show = async (): Promise<void> => {
    const changes = { params: { doubtful: 'found' as const } }
    await dispatch([{ type: 'segment.update', id: segment.id, changes }])
    await runInHand()
  }
  return (
    <div className="stopped" role="group" aria-label={t('remove.doubted')}>
      <p className="stopped-title">
        <Blend aria-hidden />
        {t('remove.doubted')}
      </p>
      <p className="hint">{t('remove.doubtedHint')}</p>
      <Button className="wide" icon={<WandSparkles aria-hidden />} onClick={() => void show()}>
        {t('remove.showFound')}
      </Button>
    </div>
  )
}

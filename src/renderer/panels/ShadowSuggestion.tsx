import { Check, Sun, WandSparkles, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RemoveSegmentRec } from '../../shared/document/model.js'
import { runInHand } from '../state/actions.js'
import { isKind, isLive, useJobs } from '../state/jobs.js'
import { useProject } from '../state/project.js'
import {
  acceptShadow,
  currentSuggestion,
  dismissShadow,
  lookForShadow,
  stopLooking,
  useShadow,
} from '../state/shadow.js'
import { Button, Hint } from '../ui/Button.js'
import { JobLine } from './JobProgress.js'

/** Under a removal that has been run: the shadow that its mask leaves out, to be added with one click. */
export function ShadowSuggestion({ segment }: { readonly segment: RemoveSegmentRec }) {
  const { t } = useTranslation()
  useProject((state) => state.doc)
  useShadow((state) => state.suggestion)
  const isAdded = useShadow((state) => state.addedTo === segment.id)
  const job = useJobs((state) =>
    state.jobs.findLast(
      (one) => isKind(one, 'shadow') && isLive(one) && one.input.segmentId === segment.id,
    ),
  )
  const suggestion = currentSuggestion()
  if (job !== undefined) {
    return (
      <div className="job-progress" role="group" aria-label={t('shadow.group')}>
        <p className="stopped-title">
          <Sun aria-hidden />
          {t('shadow.looking')}
        </p>
        <JobLine job={job} />
        <Button
          className="wide"
          icon={<X aria-hidden />}
          onClick={() => void stopLooking(segment.id)}
        >
          {t('shadow.stop')}
        </Button>
      </div>
    )
  }
  if (isAdded) {
    return (
      <div className="stopped" role="group" aria-label={t('shadow.group')}>
        <p className="stopped-title" role="status">
          <Check aria-hidden />
          {t('shadow.added')}
        </p>
        <Button
          className="wide"
          icon={<WandSparkles aria-hidden />}
          onClick={() => {
            dismissShadow()
            void runInHand()
          }}
        >
          {t('remove.runAgain')}
        </Button>
      </div>
    )
  }
  if (suggestion === null) {
    return (
      <Button
        className="wide"
        icon={<Sun aria-hidden />}
        onClick={() => void lookForShadow(segment.id)}
      >
        {t('shadow.look')}
      </Button>
    )
  }
  const isFound = Object.keys(suggestion.found.keyframes).length > 0
  if (!isFound) {
    return (
      <p className="hint" role="status">
        {t('shadow.none')}
      </p>
    )
  }
  return (
    <div className="stopped" role="group" aria-label={t('shadow.group')}>
      <p className="stopped-title" role="status">
        <Sun aria-hidden />
        {t('shadow.found')}
      </p>
      <p className="hint">{t('shadow.foundHint')}</p>
      <div className="stopped-actions">
        <Hint label={t('shortcuts.shadow')} shortcut="Shift+S" side="left">
          <Button icon={<Check aria-hidden />} onClick={() => void acceptShadow()}>
            {t('shadow.add')}
          </Button>
        </Hint>
        <Button variant="quiet" icon={<X aria-hidden />} onClick={dismissShadow}>
          {t('shadow.dismiss')}
        </Button>
      </div>
    </div>
  )
}

import { Check, ScanSearch, WandSparkles, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RemoveSegmentRec } from '../../shared/document/model.js'
import { runInHand } from '../state/actions.js'
import { isKind, isLive, useJobs } from '../state/jobs.js'
import { useProject } from '../state/project.js'
import {
  acceptLeftovers,
  chooseLeftover,
  currentSuggestion,
  dismissLeftovers,
  kindsOf,
  lookForLeftovers,
  stopLooking,
  useLeftovers,
} from '../state/leftovers.js'
import { Button, Hint } from '../ui/Button.js'
import { Switch } from '../ui/Choice.js'
import { JobLine } from './JobProgress.js'

/**
 * Under a removal that has been run: what its mask leaves out, a shadow or parts of the object, to be
 * added with one click.
 */
export function LeftoverSuggestion({ segment }: { readonly segment: RemoveSegmentRec }) {
  const { t } = useTranslation()
  useProject((state) => state.doc)
  useLeftovers((state) => state.suggestion)
  const isAdded = useLeftovers((state) => state.addedTo === segment.id)
  const job = useJobs((state) =>
    state.jobs.findLast(
      (one) => isKind(one, 'leftovers') && isLive(one) && one.input.segmentId === segment.id,
    ),
  )
  const suggestion = currentSuggestion()
  if (job !== undefined) {
    return (
      <div className="job-progress" role="group" aria-label={t('leftovers.group')}>
        <p className="stopped-title">
          <ScanSearch aria-hidden />
          {t('leftovers.looking')}
        </p>
        <JobLine job={job} />
        <Button
          className="wide"
          icon={<X aria-hidden />}
          onClick={() => void stopLooking(segment.id)}
        >
          {t('leftovers.stop')}
        </Button>
      </div>
    )
  }
  if (isAdded) {
    return (
      <div className="stopped" role="group" aria-label={t('leftovers.group')}>
        <p className="stopped-title" role="status">
          <Check aria-hidden />
          {t('leftovers.added')}
        </p>
        <Button
          className="wide"
          icon={<WandSparkles aria-hidden />}
          onClick={() => {
            dismissLeftovers()
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
        icon={<ScanSearch aria-hidden />}
        onClick={() => void lookForLeftovers(segment.id)}
      >
        {t('leftovers.look')}
      </Button>
    )
  }
  const { found, chosen } = suggestion
  const kinds = kindsOf(found)
  const [only] = kinds
  if (only === undefined) {
    return (
      <p className="hint" role="status">
        {t('leftovers.none')}
      </p>
    )
  }
  return (
    <div className="stopped" role="group" aria-label={t('leftovers.group')}>
      <p className="stopped-title" role="status">
        <ScanSearch aria-hidden />
        {t(`leftovers.found.${kinds.length > 1 ? 'both' : only}`)}
      </p>
      <p className="hint">{t('leftovers.foundHint')}</p>
      {kinds.length > 1 &&
        kinds.map((kind) => (
          <Switch
            key={kind}
            label={t(`leftovers.kind.${kind}`, {
              count: Object.keys(found[kind]).length,
              looked: found.looked,
            })}
            checked={chosen.includes(kind)}
            onChange={(isWanted) => chooseLeftover(kind, isWanted)}
          />
        ))}
      <div className="stopped-actions">
        <Hint label={t('shortcuts.leftovers')} shortcut="Shift+S" side="left">
          <Button
            icon={<Check aria-hidden />}
            disabled={chosen.length === 0}
            onClick={() => void acceptLeftovers()}
          >
            {t('leftovers.add')}
          </Button>
        </Hint>
        <Button variant="quiet" icon={<X aria-hidden />} onClick={dismissLeftovers}>
          {t('leftovers.dismiss')}
        </Button>
      </div>
    </div>
  )
}

import { Plus, Trash2, WandSparkles, Zap } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { StillMask } from '../edit/StillMask.js'
import type { MaskRec, RemoveParams, RemoveSegmentRec } from '../../shared/document/model.js'
import { runInHand } from '../state/actions.js'
import { startRemoval } from '../state/startVerb.js'
import type { Focus } from '../state/editing.js'
import { runDraft } from '../state/draft.js'
import { useRunForecast } from '../state/forecast.js'
import { isKind, isLive, useJobs } from '../state/jobs.js'
import { useProject } from '../state/project.js'
import { Button, Hint, IconButton } from '../ui/Button.js'
import { Segmented, Switch } from '../ui/Choice.js'
import { Section } from '../ui/Section.js'
import { Slider } from '../ui/Slider.js'
import { DoubtSuggestion } from './DoubtSuggestion.js'
import { ForecastView } from './ForecastView.js'
import { JobProgress } from './JobProgress.js'
import { RangeChoice } from './RangeChoice.js'
import { SeedField } from './SeedField.js'
import { LeftoverSuggestion } from './LeftoverSuggestion.js'
import { StoppedWork } from './StoppedWork.js'

export type RemoveFocus = Focus & { readonly segment: RemoveSegmentRec; readonly mask: MaskRec }

/** The verb Remove: over which frames, at what cost, and its progress. */
export function RemovePanel({ focus }: { readonly focus: RemoveFocus }) {
  const { t } = useTranslation()
  const dispatch = useProject((state) => state.dispatch)
  const { segment, mask } = focus
  const job = useJobs((state) =>
    state.jobs.findLast(
      (one) => isKind(one, 'remove') && isLive(one) && one.input.segmentId === segment.id,
    ),
  )
  const hasTake = useProject((state) =>
    Object.values(state.doc?.records ?? {}).some(
      (record) => record.type === 'take' && record.segmentId === segment.id,
    ),
  )
  const painted = Object.keys(mask.keyframes).length > 0 || mask.inverted
  const forecast = useRunForecast(segment, mask, painted && job === undefined)
  // Then the way to go on is told above.
  const goesOn = forecast.status === 'known' && forecast.forecast.goesOn !== undefined
  return (
    <Section
      title={t('remove.title')}
      actions={
        <>
          <IconButton label={t('inspector.removeAnother')} onClick={() => void startRemoval()}>
            <Plus />
          </IconButton>
          <IconButton
            label={t('remove.delete')}
            onClick={() => void dispatch([{ type: 'segment.remove', id: segment.id }])}
          >
            <Trash2 />
          </IconButton>
        </>
      }
    >
      {job ? (
        <JobProgress job={job} />
      ) : (
        <>
          <StoppedWork segment={segment} forecast={forecast} />
          <RangeChoice
            focus={focus}
            onChange={(changes) =>
              void dispatch([{ type: 'segment.update', id: segment.id, changes }])
            }
          />
          <StillMask focus={focus} covers />
          {painted ? (
            <ForecastView state={forecast} />
          ) : (
            <p className="callout">{t('remove.paintFirst')}</p>
          )}
          <DraftButton focus={focus} disabled={!painted} />
          {!goesOn && (
            <Hint label={t('shortcuts.run')} shortcut="Mod+Enter" side="left">
              <Button
                variant="primary"
                className="wide tall"
                icon={<WandSparkles aria-hidden />}
                disabled={!painted}
                onClick={() => void runInHand()}
              >
                {hasTake ? t('remove.runAgain') : t('remove.run')}
              </Button>
            </Hint>
          )}
          {hasTake && <DoubtSuggestion segment={segment} />}
          {hasTake && <LeftoverSuggestion segment={segment} />}
          <FineTuning segment={segment} />
        </>
      )}
    </Section>
  )
}

function DraftButton({
  focus,
  disabled,
}: {
  readonly focus: RemoveFocus
  readonly disabled: boolean
}) {
  const { t } = useTranslation()
  const running = useJobs((state) =>
    state.jobs.some(
      (one) => isKind(one, 'draft') && isLive(one) && one.input.segmentId === focus.segment.id,
    ),
  )
  return (
    <Button
      className="wide"
      icon={<Zap aria-hidden />}
      disabled={disabled || running}
      onClick={() => void runDraft()}
    >
      {running ? t('draft.running') : t('draft.run')}
    </Button>
  )
}

function FineTuning({ segment }: { readonly segment: RemoveSegmentRec }) {
  const { t } = useTranslation()
  const dispatch = useProject((state) => state.dispatch)
  const { params } = segment
  const change = (changes: Partial<RemoveParams>, gesture?: string): void => {
    void dispatch(
      [{ type: 'segment.update', id: segment.id, changes: { params: changes } }],
      gesture === undefined ? {} : { gesture },
    )
  }
  return (
    <details className="fine">
      <summary>{t('remove.settings')}</summary>
      <Switch
        label={t('remove.dilateAutomatic')}
        checked={params.dilate === null}
        onChange={(automatic) => change({ dilate: automatic ? null : 12 })}
      />
      {params.dilate !== null && (
        <Slider
          label={t('remove.dilate')}
          value={params.dilate}
          min={0}
          max={60}
          text={t('common.pixels', { value: params.dilate })}
          onChange={(dilate, gesture) => change({ dilate }, gesture)}
        />
      )}
      <Slider
        label={t('remove.edge')}
        value={params.feather}
        min={0}
        max={30}
        text={t('common.pixels', { value: params.feather })}
        onChange={(feather, gesture) => change({ feather }, gesture)}
      />
      <Segmented
        label={t('remove.doubtful')}
        value={params.doubtful ?? 'soft'}
        options={[
          { value: 'soft', label: t('remove.soft'), hint: t('remove.softHint') },
          { value: 'found', label: t('remove.found'), hint: t('remove.foundHint') },
        ]}
        onChange={(doubtful) => change({ doubtful })}
      />
      <SeedField value={params.seed} onChange={(seed) => change({ seed }, `seed-${segment.id}`)} />
    </details>
  )
}

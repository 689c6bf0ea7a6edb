import { Brush, StepForward, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { StyliseSegmentRec } from '../../shared/document/model.js'
import { STROKES, needsNetwork, needsPicture } from '../../shared/style.js'
import type { StyliseParams } from '../../shared/style.js'
import { Region } from '../edit/Region.js'
import { NoPack } from '../generate/NoPack.js'
import { ForecastView } from '../panels/ForecastView.js'
import { JobProgress } from '../panels/JobProgress.js'
import { RangeChoice } from '../panels/RangeChoice.js'
import { StoppedWork } from '../panels/StoppedWork.js'
import { runInHand } from '../state/actions.js'
import type { StyleFocus } from '../state/focus.js'
import { useForecast } from '../state/forecast.js'
import type { ForecastState } from '../state/forecast.js'
import { isKind, isLive, useJobs } from '../state/jobs.js'
import { useProject } from '../state/project.js'
import { Button, Hint, IconButton } from '../ui/Button.js'
import { Segmented, Switch } from '../ui/Choice.js'
import { useFormat } from '../ui/format.js'
import { Section } from '../ui/Section.js'
import { Slider } from '../ui/Slider.js'
import { KeyFrames } from './KeyFrames.js'
import { StyleGallery } from './StyleGallery.js'
import { StyleWays } from './StyleWays.js'
import { switchStyle } from './switchStyle.js'
import { useStylePack } from './useStylePack.js'
import './style.css'

/** The verb Style: a picture to paint by, how much of it, where, and its progress. */
export function StylePanel({ focus }: { readonly focus: StyleFocus }) {
  const { t } = useTranslation()
  const dispatch = useProject((state) => state.dispatch)
  const { segment } = focus
  const { params } = segment
  const pack = useStylePack()
  const job = useJobs((state) =>
    state.jobs.findLast(
      (one) => isKind(one, 'stylise') && isLive(one) && one.input.segmentId === segment.id,
    ),
  )
  const hasTake = useProject((state) =>
    Object.values(state.doc?.records ?? {}).some(
      (record) => record.type === 'take' && record.segmentId === segment.id,
    ),
  )
  const forecast = useStyleForecast(segment)
  // A photo has one frame: nothing to carry paint to.
  const isClip = focus.asset.info.kind === 'video'
  const keyed = params.mode === 'keyframe'
  const lacksPack = pack === null && needsNetwork(params)
  const ready =
    !lacksPack &&
    params.strength > 0 &&
    (needsPicture(params) ? params.style !== null : params.painted.length > 0)
  const goesOn = forecast.status === 'known' ? forecast.forecast.goesOn : undefined
  const change = (changes: Partial<StyliseParams>, gesture?: string): void => {
    void dispatch(
      [{ type: 'segment.update', id: segment.id, changes: { params: changes } }],
      gesture === undefined ? {} : { gesture },
    )
  }
  return (
    <Section
      title={t('style.title')}
      actions={
        <IconButton
          label={t('edit.delete')}
          onClick={() => void dispatch([{ type: 'segment.remove', id: segment.id }])}
        >
          <Trash2 />
        </IconButton>
      }
    >
      {job ? (
        <JobProgress job={job} />
      ) : (
        <>
          {(isClip || keyed) && (
            <StyleWays
              value={params.mode}
              onChange={(to) =>
                to === 'words' ? void switchStyle(segment, to) : change({ mode: to })
              }
            />
          )}
          {lacksPack && <NoPack />}
          {needsNetwork(params) && pack !== null && pack !== 'asking' && !pack.trained && (
            <p className="callout">{t('generate.untrained')}</p>
          )}
          <StoppedWork segment={segment} forecast={forecast} />
          {keyed && <KeyFrames focus={focus} onChange={change} />}
          {needsPicture(params) && (
            <StyleGallery chosen={params.style} onChoose={(style) => change({ style })} />
          )}
          <Look params={params} onChange={change} />
          <Region focus={focus} onFeather={(feather, gesture) => change({ feather }, gesture)} />
          {isClip && (
            <RangeChoice
              focus={focus}
              onChange={(changes) =>
                void dispatch([{ type: 'segment.update', id: segment.id, changes }])
              }
            />
          )}
          {ready && <ForecastView state={forecast} />}
          <Hint label={t('shortcuts.run')} shortcut="Mod+Enter" side="left">
            <Button
              variant="primary"
              className="wide tall"
              icon={goesOn ? <StepForward aria-hidden /> : <Brush aria-hidden />}
              disabled={!ready}
              onClick={() => void runInHand()}
            >
              {goesOn
                ? t('stopped.goOn', { frame: goesOn.done + 1 })
                : hasTake
                  ? t('style.runAgain')
                  : t('style.run')}
            </Button>
          </Hint>
        </>
      )}
    </Section>
  )
}

/** How the picture is used. */
function Look({
  params,
  onChange,
}: {
  readonly params: StyliseParams
  readonly onChange: (changes: Partial<StyliseParams>, gesture?: string) => void
}) {
  const { t } = useTranslation()
  const format = useFormat()
  const percent = (share: number): string =>
    t('edit.percent', { value: format.number(Math.round(share * 100)) })
  return (
    <>
      <Slider
        label={needsPicture(params) ? t('style.strength') : t('style.strengthHand')}
        value={params.strength}
        min={0}
        max={1}
        step={0.05}
        text={percent(params.strength)}
        onChange={(strength, gesture) => onChange({ strength }, gesture)}
      />
      {needsNetwork(params) && (
        <Segmented
          label={t('style.strokes')}
          value={params.strokes}
          options={STROKES.map((value) => ({ value, label: t(`style.stroke.${value}`) }))}
          onChange={(strokes) => onChange({ strokes })}
        />
      )}
      <Switch
        label={t('style.keepColours')}
        checked={params.keepColours}
        onChange={(keepColours) => onChange({ keepColours })}
      />
      {params.mode === 'network' && (
        <Slider
          label={t('style.smoothing')}
          value={params.smoothing}
          min={0}
          max={1}
          step={0.05}
          text={percent(params.smoothing)}
          onChange={(smoothing, gesture) => onChange({ smoothing }, gesture)}
        />
      )}
    </>
  )
}

function useStyleForecast({ id, from, to, maskId, params }: StyliseSegmentRec): ForecastState {
  return useForecast(
    { kind: 'stylise', input: { segmentId: id } },
    // Asked again when anything it depends on changes.
    `${from}-${to}-${maskId ?? ''}-${JSON.stringify(params)}`,
  )
}

import { Gauge, Rewind, Repeat, Snowflake, TrendingDown, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RetimeInput } from '../../shared/contract/job.js'
import { clipSourceRange } from '../../shared/document/timing.js'
import { convertFrame, toNumber } from '../../shared/rational.js'
import { buildTimeMap, isIdentity } from '../../shared/retime/timeMap.js'
import { ForecastView } from '../panels/ForecastView.js'
import { JobProgress } from '../panels/JobProgress.js'
import type { Focus } from '../state/editing.js'
import { useEditor } from '../state/editor.js'
import { useForecast } from '../state/forecast.js'
import { isKind, isLive, useJobs } from '../state/jobs.js'
import { useProject } from '../state/project.js'
import { Button, IconButton } from '../ui/Button.js'
import { Segmented, Switch } from '../ui/Choice.js'
import { useFormat } from '../ui/format.js'
import { Section } from '../ui/Section.js'
import { OperationRows } from './OperationRows.js'
import {
  closeSpeed,
  refitted,
  toggled,
  useSpeed,
  wholeFactor,
  withFactor,
  withRamp,
} from './draft.js'
import { requestOf } from './request.js'
import { StoppedSpeed } from './StoppedSpeed.js'
import './speed.css'

const PRESETS = [0.25, 0.5, 1, 2, 4] as const

/** The verb Speed: how fast and which way, how long that will be, and its progress. */
export function SpeedPanel({ focus }: { readonly focus: Focus }) {
  const { t } = useTranslation()
  const job = useJobs((state) =>
    state.jobs.findLast(
      (one) => isKind(one, 'retime') && isLive(one) && one.input.clipId === focus.clip.id,
    ),
  )
  return (
    <Section
      title={t('speed.title')}
      actions={
        <IconButton label={t('speed.close')} onClick={closeSpeed}>
          <X />
        </IconButton>
      }
    >
      {focus.asset.info.kind === 'image' ? (
        <p className="callout">{t('speed.still')}</p>
      ) : job ? (
        <JobProgress job={job} />
      ) : (
        <>
          <StoppedSpeed clipId={focus.clip.id} />
          <Settings focus={focus} />
        </>
      )}
    </Section>
  )
}

function Settings({ focus }: { readonly focus: Focus }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { clip, asset } = focus
  const draft = useSpeed()
  const { operations, smoothness, keepPitch, change } = draft
  const fps = useProject((state) => state.doc?.meta.fps)
  const marked = useEditor((state) => state.range)
  const start = useJobs((state) => state.start)
  // Each run teaches this computer's speed.
  const ended = useJobs((state) => state.jobs.filter((one) => !isLive(one)).length)
  const whole = { from: clip.start, to: clip.start + clip.length }
  const range = within(draft.range, whole) ?? whole
  const rate = toNumber(asset.info.fps)
  const framesOf = (stretch: typeof whole): number => {
    if (fps === undefined) return 1
    const first = clip.in + convertFrame(stretch.from - clip.start, fps, asset.info.fps)
    const part = { in: first, length: stretch.to - stretch.from }
    const { from, to } = clipSourceRange(part, asset, fps)
    return to - from
  }
  const frames = framesOf(range)
  const map = buildTimeMap(operations, frames)
  const idle = isIdentity(map)
  const input: RetimeInput = {
    clipId: clip.id,
    ...range,
    params: { operations, smoothness, keepPitch },
  }
  const forecast = useForecast(idle ? null : requestOf(input), ended)
  // Then the way to go on is told above.
  const goesOn = forecast.status === 'known' && forecast.forecast.goesOn !== undefined
  if (fps === undefined) return null

  const part = within(marked, whole)
  const chooseRange = (next: typeof whole | null): void =>
    change({
      range: next,
      operations: refitted(operations, frames, framesOf(next ?? whole)),
    })
  const has = (kind: string): boolean => operations.some((one) => one.kind === kind)
  const seconds = (count: number): string =>
    t('duration.seconds', { seconds: format.number(count / rate, 2) })
  return (
    <>
      <p className="hint">{t('speed.hint')}</p>
      <Segmented
        label={t('speed.factor')}
        value={presetOf(wholeFactor(operations, frames))}
        options={PRESETS.map((factor) => ({
          value: String(factor),
          label: t('speed.times', { value: format.number(factor, 2) }),
        }))}
        onChange={(next) => change({ operations: withFactor(operations, frames, Number(next)) })}
      />
      <div className="speed-buttons">
        <Button
          icon={<TrendingDown aria-hidden />}
          aria-pressed={has('ramp')}
          onClick={() =>
            change({
              operations: has('ramp')
                ? withFactor(operations, frames, 1)
                : withRamp(operations, frames),
            })
          }
        >
          {t('speed.kind.ramp')}
        </Button>
        <Button
          icon={<Rewind aria-hidden />}
          aria-pressed={has('reverse')}
          onClick={() => change({ operations: toggled(operations, 'reverse', frames) })}
        >
          {t('speed.kind.reverse')}
        </Button>
        <Button
          icon={<Repeat aria-hidden />}
          aria-pressed={has('ping-pong')}
          onClick={() => change({ operations: toggled(operations, 'ping-pong', frames) })}
        >
          {t('speed.kind.ping-pong')}
        </Button>
        <Button
          icon={<Snowflake aria-hidden />}
          onClick={() => {
            const { playhead } = useEditor.getState()
            const inside = Math.max(range.from, Math.min(range.to - 1, playhead))
            const at = Math.min(frames - 1, convertFrame(inside - range.from, fps, asset.info.fps))
            const hold = { kind: 'freeze', at, frames: Math.max(1, Math.round(rate)) } as const
            change({ operations: [...operations, hold] })
          }}
        >
          {t('speed.freezeHere')}
        </Button>
      </div>
      <OperationRows
        operations={operations}
        frames={frames}
        rate={rate}
        onChange={(next) => change({ operations: next })}
      />
      <Segmented
        label={t('remove.range')}
        value={
          range.from === whole.from && range.to === whole.to
            ? 'whole'
            : part !== null && part.from === range.from && part.to === range.to
              ? 'part'
              : null
        }
        options={[
          { value: 'whole', label: t('remove.wholeClip') },
          {
            value: 'part',
            label: t('remove.inOut'),
            disabled: part === null,
            hint: part === null ? t('remove.inOutHint') : t('remove.inOutUse'),
          },
        ]}
        onChange={(next) => chooseRange(next === 'whole' ? null : part)}
      />
      <Segmented
        label={t('speed.smoothness')}
        value={smoothness}
        options={[
          { value: 'interpolate', label: t('speed.interpolate'), hint: t('speed.interpolateHint') },
          { value: 'repeat', label: t('speed.repeat'), hint: t('speed.repeatHint') },
        ]}
        onChange={(next) => change({ smoothness: next })}
      />
      {asset.info.audio !== null && (
        <Switch
          label={t('speed.keepPitch')}
          checked={keepPitch}
          onChange={(next) => change({ keepPitch: next })}
        />
      )}
      <p className="speed-length tabular" role="status">
        {t('speed.length', { before: seconds(frames), after: seconds(map.frames) })}
        <span className="faint"> {t('common.frames', { count: map.frames })}</span>
      </p>
      {!idle && <p className="hint">{t('speed.replaces')}</p>}
      {!idle && <ForecastView state={forecast} />}
      <Button
        variant="primary"
        className="wide tall"
        icon={<Gauge aria-hidden />}
        disabled={idle || goesOn}
        onClick={() => void start(requestOf(input))}
      >
        {t('speed.run')}
      </Button>
    </>
  )
}

function presetOf(factor: number | null): string | null {
  return PRESETS.some((one) => one === factor) ? String(factor) : null
}

/** The part of a timeline range that lies on a clip; null where none does. */
function within(
  range: { readonly from: number; readonly to: number } | null,
  whole: { readonly from: number; readonly to: number },
): { readonly from: number; readonly to: number } | null {
  if (range === null) return null
  const from = Math.max(range.from, whole.from)
  const to = Math.min(range.to, whole.to)
  return to > from ? { from, to } : null
}

import { ArrowRight, Wind } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AnimateInput, Job } from '../../shared/contract/job.js'
import { ForecastView } from '../panels/ForecastView.js'
import type { Focus } from '../state/editing.js'
import { useForecast } from '../state/forecast.js'
import { isKind, isLive, useJobs } from '../state/jobs.js'
import { animators, refreshPacks, usePacks } from '../state/packs.js'
import { Button } from '../ui/Button.js'
import { Segmented } from '../ui/Choice.js'
import { useFormat } from '../ui/format.js'
import { Section } from '../ui/Section.js'
import { Slider } from '../ui/Slider.js'
import { StillStyleFields, readyStyle } from '../style/StillStyleFields.js'
import type { StillStyleDraft } from '../style/StillStyleFields.js'
import { useStylePack } from '../style/useStylePack.js'
import { randomSeed } from './draft.js'
import { GenerateProgress } from './GenerateProgress.js'
import { NoPack } from './NoPack.js'
import { PackRemark } from './PackRemark.js'
import { PromptField } from './PromptField.js'

interface Draft {
  readonly part: 'painted' | 'whole'
  readonly way: 'direction' | 'words'
  readonly direction: number
  readonly prompt: string
  readonly strength: number
  readonly seconds: number
  /** Null animates the picture as it is. */
  readonly style: StillStyleDraft | null
}

const START: Draft = {
  part: 'painted',
  way: 'direction',
  direction: 0,
  prompt: '',
  strength: 0.6,
  seconds: 5,
  style: null,
}

/** The verb Animate: a still, or the painted part of it, in a seamless loop. */
export function AnimatePanel({ focus }: { readonly focus: Focus }) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState(START)
  const change = (changes: Partial<Draft>): void => setDraft({ ...draft, ...changes })
  const start = useJobs((state) => state.start)
  // Each run teaches this computer's speed.
  const ended = useJobs((state) => state.jobs.filter((one) => !isLive(one)).length)
  const list = usePacks((state) => state.list)
  useEffect(() => void refreshPacks(), [])
  const [pack] = animators(list)
  const job = useJobs((state) =>
    state.jobs.findLast(
      (one): one is Job<'animate'> =>
        isKind(one, 'animate') && isLive(one) && one.input.assetId === focus.asset.id,
    ),
  )
  const { asset, mask } = focus
  const painted =
    mask !== undefined &&
    (mask.inverted || Object.values(mask.keyframes).some((one) => one.length > 0))
  const usesMask = painted && draft.part === 'painted'
  const words = draft.way === 'words'
  const stylePack = useStylePack()
  const style = draft.style === null ? null : readyStyle(draft.style)
  const input: AnimateInput = {
    ...{ assetId: asset.id, clipId: focus.clip.id },
    ...(style === null ? {} : { style }),
    ...(usesMask ? { maskId: mask.id } : {}),
    ...(words ? {} : { direction: draft.direction }),
    ...(words && pack !== undefined ? { packId: pack.id } : {}),
    prompt: words ? draft.prompt.trim() : '',
    ...{ strength: draft.strength, seconds: draft.seconds, seed: 0, place: true },
  }
  const moves = !words || (pack !== undefined && input.prompt !== '')
  const ready = moves && (draft.style === null || (style !== null && stylePack !== null))
  const forecast = useForecast(
    ready ? { kind: 'animate', input } : null,
    `${pack?.sha256 ?? ''} ${ended}`,
  )
  const run = (): void => {
    if (ready) void start({ kind: 'animate', input: { ...input, seed: randomSeed() } })
  }
  if (job !== undefined) {
    return (
      <Section title={t('animate.title')}>
        <GenerateProgress job={job} prompt={job.input.prompt} />
      </Section>
    )
  }
  return (
    <Section title={t('animate.title')}>
      <p className="hint">{t('animate.hint')}</p>
      <Segmented
        label={t('animate.region')}
        value={usesMask ? 'painted' : 'whole'}
        options={[
          {
            value: 'painted',
            label: t('animate.painted'),
            disabled: !painted,
            ...(painted ? {} : { hint: t('animate.paintHint') }),
          },
          { value: 'whole', label: t('animate.whole') },
        ]}
        onChange={(part) => change({ part })}
      />
      <Segmented
        label={t('animate.way')}
        value={draft.way}
        options={[
          { value: 'direction', label: t('animate.byDirection') },
          { value: 'words', label: t('animate.byWords') },
        ]}
        onChange={(way) => change({ way })}
      />
      {!words && (
        <DirectionField value={draft.direction} onChange={(direction) => change({ direction })} />
      )}
      {words && pack === undefined && <NoPack />}
      {words && pack !== undefined && (
        <>
          <PackRemark pack={pack} />
          <PromptField
            pack={pack}
            label={t('animate.prompt')}
            prompt={draft.prompt}
            write={(prompt) => change({ prompt })}
            onRun={run}
          />
        </>
      )}
      <MotionSliders draft={draft} change={change} />
      <StillStyleFields draft={draft.style} onChange={(next) => change({ style: next })} />
      {usesMask && draft.style === null && <p className="hint">{t('animate.exact')}</p>}
      {ready && <ForecastView state={forecast} />}
      <Button
        variant="primary"
        className="wide tall"
        icon={<Wind aria-hidden />}
        disabled={!ready}
        onClick={run}
      >
        {t('animate.run')}
      </Button>
    </Section>
  )
}

function DirectionField({
  value,
  onChange,
}: {
  readonly value: number
  readonly onChange: (value: number) => void
}) {
  const { t } = useTranslation()
  return (
    <div className="direction">
      <ArrowRight aria-hidden style={{ rotate: `${-value}deg` }} />
      <Slider
        label={t('animate.direction')}
        value={value}
        min={0}
        max={345}
        step={15}
        text={t('animate.degrees', { value })}
        onChange={onChange}
      />
    </div>
  )
}

function MotionSliders({
  draft,
  change,
}: {
  readonly draft: Draft
  readonly change: (changes: Partial<Draft>) => void
}) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <>
      <Slider
        label={t('animate.strength')}
        value={draft.strength}
        min={0.1}
        max={1}
        step={0.1}
        text={format.percent(draft.strength)}
        onChange={(strength) => change({ strength })}
      />
      <Slider
        label={t('animate.seconds')}
        value={draft.seconds}
        min={1}
        max={12}
        step={0.5}
        text={t('duration.seconds', { seconds: format.number(draft.seconds, 1) })}
        onChange={(seconds) => change({ seconds })}
      />
    </>
  )
}

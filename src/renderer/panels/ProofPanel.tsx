import { RotateCcw, ShieldCheck, TriangleAlert } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { SegmentRec, TakeRec } from '../../shared/document/model.js'
import { isSeamVisible } from '../../shared/takeProof.js'
import type { TakeProof } from '../../shared/takeProof.js'
import { takesOf } from '../state/editing.js'
import type { Focus } from '../state/editing.js'
import { useEditor } from '../state/editor.js'
import { isKind, isLive, useJobs } from '../state/jobs.js'
import { useProject } from '../state/project.js'
import { useTakeFacts } from '../state/takeFiles.js'
import { Button } from '../ui/Button.js'
import { useFormat } from '../ui/format.js'
import { Section } from '../ui/Section.js'
import { FrameRibbon } from './FrameRibbon.js'
import type { RibbonBar } from './FrameRibbon.js'
import { JobProgress } from './JobProgress.js'
import { takeName } from './takeName.js'

export type ProofFocus = Focus & { readonly segment: SegmentRec }

/** What can be said for a take: nothing changed outside, how its edge looks, what was really filmed. */
export function ProofPanel({ focus }: { readonly focus: ProofFocus }) {
  const doc = useProject((state) => state.doc)
  const auditionTakeId = useEditor((state) => state.auditionTakeId)
  const { segment } = focus
  const takes = doc === null ? [] : takesOf(doc, segment.id)
  const take =
    takes.find(({ id }) => id === auditionTakeId) ??
    takes.find(({ id }) => id === segment.acceptedTakeId) ??
    takes.at(-1)
  return take === undefined ? null : <Proof key={take.id} focus={focus} take={take} />
}

function Proof({ focus, take }: { readonly focus: ProofFocus; readonly take: TakeRec }) {
  const { t } = useTranslation()
  const start = useJobs((state) => state.start)
  const job = useJobs((state) =>
    state.jobs.findLast((one) => isKind(one, 'proof') && one.input.takeId === take.id),
  )
  const live = job !== undefined && isLive(job)
  const isDone = job?.status === 'succeeded' ? job.id : null
  const { confidence, params } = useTakeFacts(take, isDone)
  const proof = confidence?.proof ?? null
  const bars = useMemo(
    () =>
      (confidence?.seen ?? []).map((value, n): RibbonBar => {
        const seam = proof?.seam[n]
        const isSeen = seam !== null && seam !== undefined && isSeamVisible(seam)
        const level = isSeen ? 'low' : value < 0.7 ? 'mid' : 'high'
        return { frame: take.from + n, value, level }
      }),
    [confidence, proof, take],
  )
  return (
    <Section title={t('proof.title', { name: takeName(take, t) })} startOpen={false}>
      {live ? (
        <JobProgress job={job} />
      ) : proof === null ? (
        <>
          <p className="hint">{t('proof.hint')}</p>
          <Button
            className="wide"
            icon={<ShieldCheck aria-hidden />}
            onClick={() => void start({ kind: 'proof', input: { takeId: take.id } })}
          >
            {t('proof.run')}
          </Button>
        </>
      ) : (
        <>
          <Measured proof={proof} />
          {proof.sampled === true && (
            <>
              <p className="hint">
                {t('proof.sampled', { count: proof.outside.frames, total: proof.seam.length })}
              </p>
              <Button
                className="wide"
                icon={<ShieldCheck aria-hidden />}
                onClick={() => void start({ kind: 'proof', input: { takeId: take.id } })}
              >
                {t('proof.all')}
              </Button>
            </>
          )}
        </>
      )}
      {bars.length > 0 && (
        <div className="field">
          <span className="field-label">{t('proof.seen')}</span>
          <FrameRibbon
            focus={focus}
            range={take}
            bars={bars}
            label={t('proof.ribbon')}
            textAt={(time, frame) => {
              const value = confidence?.seen[frame - take.from] ?? 0
              return t('proof.ribbonAt', { time, value: Math.round(value * 100) })
            }}
          />
        </div>
      )}
      {params !== null && (
        <Button
          className="wide"
          icon={<RotateCcw aria-hidden />}
          onClick={() =>
            void start({ kind: 'remove', input: { segmentId: focus.segment.id, params } })
          }
        >
          {t('proof.again')}
        </Button>
      )}
    </Section>
  )
}

function Measured({ proof }: { readonly proof: TakeProof }) {
  const { t } = useTranslation()
  const format = useFormat()
  const frames = proof.seam.filter((one) => one !== null)
  const visible = frames.filter(isSeamVisible).length
  const mean = (values: readonly number[]): string =>
    format.number(
      Math.round((values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length)) * 10) /
        10,
    )
  const { max, samples } = proof.outside
  return (
    <>
      <p className={max === 0 ? 'proof-line proof-good' : 'proof-line proof-bad'} role="status">
        {max === 0 ? <ShieldCheck aria-hidden /> : <TriangleAlert aria-hidden />}
        {max === 0
          ? t('proof.untouched', { samples: format.number(samples) })
          : t('proof.touched', { max })}
      </p>
      <dl className="facts">
        <div>
          <dt>{t('proof.gradient')}</dt>
          <dd>{t('proof.times', { value: mean(frames.map(({ gradient }) => gradient)) })}</dd>
        </div>
        <div>
          <dt>{t('proof.step')}</dt>
          <dd>{t('proof.levels', { value: mean(frames.map(({ step }) => step)) })}</dd>
        </div>
        <div>
          <dt>{t('proof.flicker')}</dt>
          <dd>
            {t('proof.times', {
              value: mean(frames.flatMap(({ flicker }) => (flicker === null ? [] : [flicker]))),
            })}
          </dd>
        </div>
        <div>
          <dt>{t('proof.visible')}</dt>
          <dd>{t('proof.ofFrames', { count: visible, total: frames.length })}</dd>
        </div>
      </dl>
    </>
  )
}

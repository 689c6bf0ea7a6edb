import { Brush, RefreshCw, Replace, Trash2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Job } from '../../shared/contract/job.js'
import type { PackSummary } from '../../shared/contract/pack.js'
import { isStyleInWords } from '../../shared/document/model.js'
import type {
  RegenerateSegmentRec,
  RepaintParams,
  ReplaceSegmentRec,
} from '../../shared/document/model.js'
import { Region } from '../edit/Region.js'
import { StillMask } from '../edit/StillMask.js'
import { ForecastView } from '../panels/ForecastView.js'
import { RangeChoice } from '../panels/RangeChoice.js'
import { runInHand } from '../state/actions.js'
import type { Focus } from '../state/editing.js'
import { useForecast } from '../state/forecast.js'
import { isKind, isLive, useJobs } from '../state/jobs.js'
import { painters, refreshPacks, stylers, usePacks } from '../state/packs.js'
import { useProject } from '../state/project.js'
import { StyleWays } from '../style/StyleWays.js'
import { StyleWords } from '../style/StyleWords.js'
import { switchStyle } from '../style/switchStyle.js'
import { Button, Hint, IconButton } from '../ui/Button.js'
import { useFormat } from '../ui/format.js'
import { Section } from '../ui/Section.js'
import { Slider } from '../ui/Slider.js'
import { GenerateProgress } from './GenerateProgress.js'
import { NoPack } from './NoPack.js'
import { PromptField } from './PromptField.js'
import { RepaintSettings } from './RepaintSettings.js'
import { PackRemark } from './PackRemark.js'
import './generate.css'

type RepaintFocus = Focus & { readonly segment: ReplaceSegmentRec | RegenerateSegmentRec }

/** The verbs Replace and Regenerate: words, how much may change, where and when, and the progress. */
export function RepaintPanel({ focus }: { readonly focus: RepaintFocus }) {
  const { t } = useTranslation()
  const dispatch = useProject((state) => state.dispatch)
  const list = usePacks((state) => state.list)
  useEffect(() => void refreshPacks(), [])
  const { segment } = focus
  const inWords = isStyleInWords(segment)
  const [pack] = inWords ? stylers(list) : painters(list)
  const job = useJobs((state) =>
    state.jobs.findLast(
      (one): one is Job<'replace'> | Job<'regenerate'> =>
        (isKind(one, 'replace') || isKind(one, 'regenerate')) &&
        isLive(one) &&
        one.input.segmentId === segment.id,
    ),
  )
  return (
    <Section
      title={t(inWords ? 'style.title' : `timeline.verb.${segment.verb}`)}
      actions={
        <IconButton
          label={t('repaint.delete')}
          onClick={() => void dispatch([{ type: 'segment.remove', id: segment.id }])}
        >
          <Trash2 />
        </IconButton>
      }
    >
      {job !== undefined && <GenerateProgress job={job} prompt={segment.params.prompt} />}
      {job === undefined && inWords && (
        <StyleWays value="words" onChange={(to) => void switchStyle(segment, to)} />
      )}
      {job === undefined && list !== null && pack === undefined && <NoPack />}
      {job === undefined && pack !== undefined && <RepaintForm focus={focus} pack={pack} />}
    </Section>
  )
}

function RepaintForm({
  focus,
  pack,
}: {
  readonly focus: RepaintFocus
  readonly pack: PackSummary
}) {
  const { t } = useTranslation()
  const format = useFormat()
  const dispatch = useProject((state) => state.dispatch)
  const { segment, mask } = focus
  const { id, params, verb } = segment
  const change = (changes: Partial<RepaintParams>, gesture?: string): Promise<boolean> =>
    dispatch(
      [{ type: 'segment.update', id, changes: { params: changes } }],
      gesture === undefined ? {} : { gesture },
    )
  const words = useWords(params.prompt, (prompt) => change({ prompt }, `repaint-prompt-${id}`))
  const needsPaint =
    segment.maskId !== null &&
    !(mask?.inverted ?? false) &&
    Object.keys(mask?.keyframes ?? {}).length === 0
  const inWords = isStyleInWords(segment)
  const needsWords = verb === 'replace' || inWords
  const ready = !needsPaint && !(needsWords && words.text.trim() === '')
  const run = async (): Promise<void> => {
    await words.save()
    await runInHand()
  }
  const Icon = verb === 'replace' ? Replace : inWords ? Brush : RefreshCw
  const way = inWords ? 'words' : verb
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        if (ready) void run()
      }}
    >
      <PackRemark pack={pack} />
      <PromptField
        pack={pack}
        label={t(`repaint.prompt.${way}`)}
        prompt={words.text}
        write={words.write}
      />
      {inWords && <StyleWords prompt={words.text} write={words.write} />}
      {segment.verb === 'regenerate' && (
        <>
          <Slider
            label={t('repaint.strength')}
            value={params.strength}
            min={0.05}
            max={1}
            step={0.05}
            text={format.percent(params.strength)}
            onChange={(strength, gesture) => void change({ strength }, gesture)}
          />
          <p className="hint">{t(inWords ? 'style.wordsStrengthHint' : 'repaint.strengthHint')}</p>
          <Region
            focus={{ ...focus, segment }}
            onFeather={(feather, gesture) => void change({ feather }, gesture)}
          />
        </>
      )}
      <RangeChoice
        focus={focus}
        onChange={(changes) => void dispatch([{ type: 'segment.update', id, changes }])}
      />
      <StillMask focus={focus} covers />
      {needsPaint && <p className="callout">{t('repaint.paintFirst')}</p>}
      {ready && <RepaintForecast focus={focus} pack={pack} />}
      <Hint label={t('shortcuts.run')} shortcut="Mod+Enter" side="left">
        <Button
          type="submit"
          variant="primary"
          className="wide tall"
          icon={<Icon aria-hidden />}
          disabled={!ready}
        >
          {t(`repaint.run.${way}`)}
        </Button>
      </Hint>
      <p className="hint">
        {t(inWords ? 'style.wordsSmall' : 'repaint.small', {
          width: pack.width,
          height: pack.height,
        })}
      </p>
      <RepaintSettings segment={segment} pack={pack} change={change} />
    </form>
  )
}

function RepaintForecast({
  focus: { segment },
  pack,
}: {
  readonly focus: RepaintFocus
  readonly pack: PackSummary
}) {
  // Each run teaches this computer's speed.
  const ended = useJobs((state) => state.jobs.filter((one) => !isLive(one)).length)
  const { from, to, maskId, params, verb } = segment
  const { strength, steps, guidance } = params
  const forecast = useForecast(
    { kind: verb, input: { segmentId: segment.id } },
    // Asked again when anything it depends on changes.
    [from, to, maskId, strength, steps, guidance, params.prompt === '', pack.sha256, ended].join(),
  )
  return <ForecastView state={forecast} />
}

/** Milliseconds after the last key before the words are kept. */
const KEEP_AFTER = 400

/** Words being written: kept in the document shortly after, and as they are there after an undo. */
function useWords(
  kept: string,
  keep: (text: string) => Promise<boolean>,
): {
  readonly text: string
  readonly write: (text: string) => void
  readonly save: () => Promise<void>
} {
  const [draft, setDraft] = useState<string | null>(null)
  const save = useRef<() => Promise<void>>(() => Promise.resolve())
  useEffect(() => {
    save.current = async () => {
      if (draft !== null && draft !== kept) await keep(draft)
    }
  })
  useEffect(() => {
    const timer = setTimeout(() => void save.current(), KEEP_AFTER)
    return () => clearTimeout(timer)
  }, [draft])
  useEffect(() => setDraft(null), [kept])
  return { text: draft ?? kept, write: setDraft, save: () => save.current() }
}

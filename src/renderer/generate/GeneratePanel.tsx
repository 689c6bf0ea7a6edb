import { Sparkles } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Job } from '../../shared/contract/job.js'
import type { PackSummary } from '../../shared/contract/pack.js'
import { useForecast } from '../state/forecast.js'
import { isKind, isLive, useJobs } from '../state/jobs.js'
import { generators, refreshPacks, usePacks } from '../state/packs.js'
import { Button } from '../ui/Button.js'
import { ErrorNote } from '../ui/ErrorNote.js'
import { ForecastView } from '../panels/ForecastView.js'
import { useDraft, randomSeed, requestOf } from './draft.js'
import { GeneratedList } from './GeneratedList.js'
import { GenerateProgress } from './GenerateProgress.js'
import { GenerateSettings } from './GenerateSettings.js'
import { NoPack } from './NoPack.js'
import { PromptField } from './PromptField.js'
import { PackRemark } from './PackRemark.js'
import './generate.css'

/** The verb Generate: a clip from words. */
export function GeneratePanel() {
  const { t } = useTranslation()
  const list = usePacks((state) => state.list)
  const error = usePacks((state) => state.error)
  const wanted = useDraft((state) => state.packId)
  useEffect(() => void refreshPacks(), [])
  const packs = generators(list)
  const pack = packs.find(({ id }) => id === wanted) ?? packs[0]
  return (
    <div className="scroll generate">
      {error && <ErrorNote error={error} />}
      {list === null && !error && <p className="hint">{t('generate.looking')}</p>}
      {list !== null && pack === undefined && <NoPack />}
      {pack !== undefined && <Generator pack={pack} packs={packs} />}
      <GeneratedList />
    </div>
  )
}

function Generator({
  pack,
  packs,
}: {
  readonly pack: PackSummary
  readonly packs: readonly PackSummary[]
}) {
  const { t } = useTranslation()
  const draft = useDraft()
  const start = useJobs((state) => state.start)
  // Each run teaches this computer's speed.
  const ended = useJobs((state) => state.jobs.filter((one) => !isLive(one)).length)
  const job = useJobs((state) =>
    state.jobs.findLast((one): one is Job<'generate'> => isKind(one, 'generate') && isLive(one)),
  )
  const input = requestOf(draft, pack)
  const empty = input.prompt === ''
  // The seed has no bearing on the cost.
  const forecast = useForecast(
    empty ? null : { kind: 'generate', input: { ...input, seed: 0 } },
    `${pack.sha256} ${ended}`,
  )
  if (job !== undefined) return <GenerateProgress job={job} prompt={job.input.prompt} />
  const run = async (): Promise<void> => {
    const seed = draft.vary ? randomSeed() : draft.seed
    useDraft.setState({ seed })
    await start({ kind: 'generate', input: { ...input, seed } })
  }
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        void run()
      }}
    >
      <PackRemark pack={pack} />
      <PromptField
        pack={pack}
        label={t('generate.prompt')}
        prompt={draft.prompt}
        write={(prompt) => useDraft.setState({ prompt })}
        examples
      />
      <GenerateSettings pack={pack} packs={packs} />
      {!empty && <ForecastView state={forecast} />}
      <Button
        type="submit"
        variant="primary"
        className="wide tall"
        icon={<Sparkles aria-hidden />}
        disabled={empty}
      >
        {t('generate.run')}
      </Button>
    </form>
  )
}

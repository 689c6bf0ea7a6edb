import { useTranslation } from 'react-i18next'
import { isStyleInWords } from '../../shared/document/model.js'
import { MOST_EMPHASIS, USUAL_EMPHASIS } from '../../shared/emphasis.js'
import type { PackSummary } from '../../shared/contract/pack.js'
import type {
  RegenerateSegmentRec,
  RepaintParams,
  ReplaceSegmentRec,
} from '../../shared/document/model.js'
import { Switch } from '../ui/Choice.js'
import { useFormat } from '../ui/format.js'
import { Slider } from '../ui/Slider.js'
import { SeedField } from '../panels/SeedField.js'
import { useDraft } from './draft.js'

/** The largest seed that sampling takes. */
const LARGEST_SEED = 0x7fff_ffff

/** The finer settings of a region or a range made anew, with the pack's own values until they are changed. */
export function RepaintSettings({
  segment,
  pack: { scheduler },
  change,
}: {
  readonly segment: ReplaceSegmentRec | RegenerateSegmentRec
  readonly pack: PackSummary
  readonly change: (changes: Partial<RepaintParams>, gesture?: string) => Promise<boolean>
}) {
  const { t } = useTranslation()
  const format = useFormat()
  const { id, verb, params } = segment
  const emphasis = params.emphasis ?? USUAL_EMPHASIS
  const vary = useDraft((state) => state.vary)
  const steps = params.steps ?? scheduler.steps
  const guidance = params.guidance ?? scheduler.guidanceScale
  return (
    <details className="fine">
      <summary>{t('generate.settings')}</summary>
      <Switch
        label={t('generate.vary')}
        checked={vary}
        onChange={(on) => useDraft.setState({ vary: on })}
      />
      {!vary && (
        <SeedField
          value={params.seed}
          onChange={(seed) => void change({ seed: seed % (LARGEST_SEED + 1) }, `seed-${id}`)}
        />
      )}
      <Slider
        label={t('generate.steps')}
        value={steps}
        min={4}
        max={50}
        text={format.number(steps)}
        onChange={(value, gesture) => void change({ steps: value }, gesture)}
      />
      <Slider
        label={t('generate.guidance')}
        value={guidance}
        min={1}
        max={8}
        step={0.5}
        text={format.number(guidance, 1)}
        onChange={(value, gesture) => void change({ guidance: value }, gesture)}
      />
      <p className="hint">{t('generate.guidanceHint')}</p>
      {!isStyleInWords(segment) && (
        <>
          <Slider
            label={t('generate.emphasis')}
            value={emphasis}
            min={0}
            max={MOST_EMPHASIS}
            step={0.5}
            text={format.number(emphasis, 1)}
            onChange={(value, gesture) => void change({ emphasis: value }, gesture)}
          />
          <p className="hint">{t('generate.emphasisHint')}</p>
        </>
      )}
      {verb === 'replace' && (
        <Slider
          label={t('edit.feather')}
          value={params.feather}
          min={0}
          max={60}
          text={t('common.pixels', { value: params.feather })}
          onChange={(feather, gesture) => void change({ feather }, gesture)}
        />
      )}
    </details>
  )
}

import { BookOpen, Dices } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { MOST_CANDIDATES, USUAL_CANDIDATES } from '../../shared/candidates.js'
import { MOST_EMPHASIS, USUAL_EMPHASIS } from '../../shared/emphasis.js'
import type { PackSummary } from '../../shared/contract/pack.js'
import { useEditor } from '../state/editor.js'
import { usePacks } from '../state/packs.js'
import { IconButton } from '../ui/Button.js'
import { Select, Switch } from '../ui/Choice.js'
import { useFormat } from '../ui/format.js'
import { Slider } from '../ui/Slider.js'
import { TextField } from '../ui/TextField.js'
import { randomSeed, useDraft } from './draft.js'

const SIZES = ['256', '512', '768', '1024'] as const

/** Those to choose from; a clip made on the command line may have had another. */
const sizes = (own: number): readonly string[] =>
  [...new Set([...SIZES, String(own)])].sort((a, b) => Number(a) - Number(b))

const LONGEST_SECONDS = 20
const LARGEST_SEED = 0x7fffffff

/** Length and loop at hand; the rest folded, with the pack's own values until they are changed. */
export function GenerateSettings({
  pack,
  packs,
}: {
  readonly pack: PackSummary
  readonly packs: readonly PackSummary[]
}) {
  const { t } = useTranslation()
  const format = useFormat()
  const draft = useDraft()
  const set = useEditor((state) => state.set)
  const change = useDraft.setState
  const enlarges = usePacks((state) => (state.list?.upscalers.length ?? 0) > 0)
  const { scheduler } = pack
  const seconds = draft.seconds ?? pack.seconds
  const steps = draft.steps ?? scheduler.steps
  const guidance = draft.guidance ?? scheduler.guidanceScale
  const shortest = draft.loop ? pack.seconds : 0.5
  return (
    <>
      <Slider
        label={t('generate.seconds')}
        value={Math.max(seconds, shortest)}
        min={shortest}
        max={LONGEST_SECONDS}
        step={0.5}
        text={t('duration.seconds', { seconds: format.number(Math.max(seconds, shortest), 1) })}
        onChange={(value) => change({ seconds: value })}
      />
      {seconds > pack.seconds && <p className="hint">{t('generate.windows')}</p>}
      <Switch
        label={t('generate.loop')}
        checked={draft.loop}
        onChange={(loop) => change({ loop })}
      />
      {pack.reranks && (
        <>
          <Slider
            label={t('generate.candidates')}
            value={draft.candidates ?? USUAL_CANDIDATES}
            min={1}
            max={MOST_CANDIDATES}
            text={format.number(draft.candidates ?? USUAL_CANDIDATES)}
            onChange={(value) => change({ candidates: value })}
          />
          <p className="hint">{t('generate.candidatesHint')}</p>
        </>
      )}
      <details className="fine">
        <summary>{t('generate.settings')}</summary>
        <div className="field-row pack-row">
          <Select
            label={t('generate.pack')}
            value={pack.id}
            options={packs.map(({ id, name, version }) => ({
              value: id,
              label: `${name} ${version}`,
            }))}
            onChange={(packId) => change({ packId, seconds: null, steps: null, guidance: null })}
          />
          <IconButton label={t('generate.card')} onClick={() => set({ dialog: 'packs' })}>
            <BookOpen />
          </IconButton>
        </div>
        <Slider
          label={t('generate.steps')}
          value={steps}
          min={4}
          max={50}
          text={format.number(steps)}
          onChange={(value) => change({ steps: value })}
        />
        <Slider
          label={t('generate.guidance')}
          value={guidance}
          min={1}
          max={8}
          step={0.5}
          text={format.number(guidance, 1)}
          onChange={(value) => change({ guidance: value })}
        />
        <p className="hint">{t('generate.guidanceHint')}</p>
        <Slider
          label={t('generate.emphasis')}
          value={draft.emphasis ?? USUAL_EMPHASIS}
          min={0}
          max={MOST_EMPHASIS}
          step={0.5}
          text={format.number(draft.emphasis ?? USUAL_EMPHASIS, 1)}
          onChange={(value) => change({ emphasis: value })}
        />
        <p className="hint">{t('generate.emphasisHint')}</p>
        <Select
          label={t('generate.size')}
          value={String(draft.size)}
          options={sizes(draft.size).map((size) => ({
            value: size,
            label: t('common.size', { width: size, height: size }),
          }))}
          onChange={(size) => change({ size: Number(size) })}
        />
        <p className="hint">
          {t(enlarges ? 'generate.sizeHint' : 'generate.sizeHintPlain', {
            width: pack.width,
            height: pack.height,
          })}
        </p>
        <Switch
          label={t('generate.vary')}
          checked={draft.vary}
          onChange={(vary) => change({ vary })}
        />
        {!draft.vary && (
          <TextField
            label={t('generate.seed')}
            value={String(draft.seed)}
            mono
            hint={t('generate.seedHint')}
            onChange={(text) => {
              const seed = Number(text.replace(/\D/g, ''))
              change({ seed: Math.min(LARGEST_SEED, seed) })
            }}
            after={
              <IconButton
                label={t('generate.otherSeed')}
                onClick={() => change({ seed: randomSeed() })}
              >
                <Dices />
              </IconButton>
            }
          />
        )}
      </details>
    </>
  )
}

import { useTranslation } from 'react-i18next'
import { DEFAULT_STYLISE, STROKES } from '../../shared/style.js'
import type { StillStyle, StyleRef } from '../../shared/style.js'
import { NoPack } from '../generate/NoPack.js'
import { Segmented, Switch } from '../ui/Choice.js'
import { useFormat } from '../ui/format.js'
import { Slider } from '../ui/Slider.js'
import { StyleGallery } from './StyleGallery.js'
import { useStylePack } from './useStylePack.js'

/** How a still is to be painted, while it is chosen. */
export type StillStyleDraft = Omit<StillStyle, 'style'> & { readonly style: StyleRef | null }

const { strength, strokes, keepColours } = DEFAULT_STYLISE
const START: StillStyleDraft = { style: null, strength, strokes, keepColours }

/** Null until a picture is chosen and some of it is wanted. */
export function readyStyle({ style, ...how }: StillStyleDraft): StillStyle | null {
  return style === null || how.strength === 0 ? null : { style, ...how }
}

/** A still as it is, or painted by a picture before it moves. */
export function StillStyleFields({
  draft,
  onChange,
}: {
  /** Null leaves the still as it is. */
  readonly draft: StillStyleDraft | null
  readonly onChange: (draft: StillStyleDraft | null) => void
}) {
  const { t } = useTranslation()
  const format = useFormat()
  const pack = useStylePack()
  return (
    <>
      <Segmented
        label={t('animate.look')}
        value={draft === null ? 'asIs' : 'inStyle'}
        options={[
          { value: 'asIs', label: t('animate.asIs') },
          { value: 'inStyle', label: t('animate.inStyle') },
        ]}
        onChange={(next) => onChange(next === 'asIs' ? null : START)}
      />
      {draft !== null && pack === null && <NoPack />}
      {draft !== null && pack !== null && (
        <>
          <StyleGallery chosen={draft.style} onChoose={(style) => onChange({ ...draft, style })} />
          <Slider
            label={t('animate.styleStrength')}
            value={draft.strength}
            min={0}
            max={1}
            step={0.05}
            text={format.percent(draft.strength)}
            onChange={(next) => onChange({ ...draft, strength: next })}
          />
          <Segmented
            label={t('style.strokes')}
            value={draft.strokes}
            options={STROKES.map((value) => ({ value, label: t(`style.stroke.${value}`) }))}
            onChange={(next) => onChange({ ...draft, strokes: next })}
          />
          <Switch
            label={t('style.keepColours')}
            checked={draft.keepColours}
            onChange={(next) => onChange({ ...draft, keepColours: next })}
          />
        </>
      )}
    </>
  )
}

import { useTranslation } from 'react-i18next'
import { BLEND_MODES } from '../../shared/blend.js'
import type { OverlayLook } from '../../shared/blend.js'
import { lookOf } from '../../shared/document/overlays.js'
import type { Focus } from '../state/editing.js'
import { useProject } from '../state/project.js'
import { Segmented, Select } from '../ui/Choice.js'
import { useFormat } from '../ui/format.js'
import { Section } from '../ui/Section.js'
import { Slider } from '../ui/Slider.js'

/** How a clip of an overlay track lies over what is below it. */
export function OverlayPanel({ focus: { clip } }: { readonly focus: Focus }) {
  const { t } = useTranslation()
  const format = useFormat()
  const dispatch = useProject((state) => state.dispatch)
  const look = lookOf(clip)
  const change = (changes: Partial<OverlayLook>, gesture?: string): void => {
    void dispatch(
      [{ type: 'clip.update', id: clip.id, changes: { overlay: { ...look, ...changes } } }],
      gesture === undefined ? {} : { gesture },
    )
  }
  return (
    <Section title={t('overlay.title')}>
      <Select
        label={t('overlay.blend')}
        value={look.blend}
        options={BLEND_MODES.map((mode) => ({ value: mode, label: t(`overlay.mode.${mode}`) }))}
        onChange={(blend) => change({ blend })}
      />
      <p className="hint">{t(`overlay.hint.${look.blend}`)}</p>
      <Slider
        label={t('overlay.opacity')}
        value={look.opacity}
        min={0}
        max={1}
        step={0.05}
        text={format.percent(look.opacity)}
        onChange={(opacity, gesture) => change({ opacity }, gesture)}
      />
      <Segmented
        label={t('overlay.fit')}
        value={look.fit}
        options={[
          { value: 'fill', label: t('overlay.fill') },
          { value: 'inside', label: t('overlay.inside') },
        ]}
        onChange={(fit) => change({ fit })}
      />
      <p className="hint">{t('overlay.paintHint')}</p>
    </Section>
  )
}

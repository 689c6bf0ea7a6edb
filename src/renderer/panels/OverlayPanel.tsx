import { useTranslation } from 'react-i18next'
import { BLEND_MODES } from '../../shared/blend.js'
import type { OverlayLook } from '../../shared/blend.js'
import type { Command } from '../../shared/document/commands.js'
import type { ClipRec } from '../../shared/document/model.js'
import { lookOf } from '../../shared/document/overlays.js'
import { soundCommands, soundOf } from '../../shared/document/placing.js'
import type { Focus } from '../state/editing.js'
import { useProject } from '../state/project.js'
import { Segmented, Select, Switch } from '../ui/Choice.js'
import { useFormat } from '../ui/format.js'
import { Section } from '../ui/Section.js'
import { Slider } from '../ui/Slider.js'

/** How a clip of an overlay track lies over what is below it. */
export function OverlayPanel({ focus: { clip, asset } }: { readonly focus: Focus }) {
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
      {asset.info.audio !== null && <SoundSwitch clip={clip} />}
      <p className="hint">{t('overlay.paintHint')}</p>
    </Section>
  )
}

/** Whether a clip that lies over the film brings its sound: a clip of its own on an audio track. */
function SoundSwitch({ clip }: { readonly clip: ClipRec }) {
  const { t } = useTranslation()
  const doc = useProject((state) => state.doc)
  const dispatch = useProject((state) => state.dispatch)
  const sound = doc === null ? undefined : soundOf(doc, clip)
  return (
    <Switch
      label={t('overlay.sound')}
      checked={sound !== undefined}
      onChange={(wanted) => {
        if (doc === null || wanted === (sound !== undefined)) return
        const commands: readonly Command[] =
          sound === undefined ? soundCommands(doc, clip) : [{ type: 'clip.remove', id: sound.id }]
        void dispatch(commands)
      }}
    />
  )
}

import { Ellipsis, FileDown, FileUp, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MaskRec } from '../../shared/document/model.js'
import { updateMask } from '../state/actions.js'
import { MASK_COLOURS, masksOf } from '../state/editing.js'
import { useEditor } from '../state/editor.js'
import type { MaskFocus } from '../state/focus.js'
import { useProject } from '../state/project.js'
import { IconButton } from '../ui/Button.js'
import { Segmented, Select, Switch } from '../ui/Choice.js'
import { useFormat } from '../ui/format.js'
import { Menu } from '../ui/Menu.js'
import { Section } from '../ui/Section.js'
import { Slider } from '../ui/Slider.js'
import { EditableName } from '../ui/TextField.js'
import { KeyframeList } from './KeyframeList.js'
import { MaskExportDialog } from './MaskExportDialog.js'
import { importMask } from './maskFiles.js'
import { TrackControls } from './TrackControls.js'

/** Everything about the mask in hand: brush, edge, key frames, overlay, files. */
export function MaskPanel({ focus }: { readonly focus: MaskFocus }) {
  const { t } = useTranslation()
  const [exporting, setExporting] = useState(false)
  const dispatch = useProject((state) => state.dispatch)
  const { mask } = focus
  return (
    <Section
      title={t('mask.title')}
      actions={
        <Menu
          align="end"
          trigger={
            <IconButton label={t('mask.more')}>
              <Ellipsis />
            </IconButton>
          }
          entries={[
            {
              label: t('mask.import'),
              icon: <FileDown />,
              onSelect: () => void importMask(focus),
            },
            {
              label: t('mask.export'),
              icon: <FileUp />,
              onSelect: () => setExporting(true),
            },
            'line',
            {
              label: t('mask.delete'),
              icon: <Trash2 />,
              danger: true,
              onSelect: () => void dispatch([{ type: 'mask.remove', id: mask.id }]),
            },
          ]}
        />
      }
    >
      <MaskChoice focus={focus} />
      <KeyframeList focus={focus} />
      <TrackControls focus={focus} />
      <MaskShapeSettings mask={mask} size={focus.asset.info} />
      <Segmented
        label={t('mask.between')}
        value={mask.between}
        options={[
          { value: 'hold', label: t('mask.hold'), hint: t('mask.holdHint') },
          {
            value: 'interpolate',
            label: t('mask.interpolate'),
            hint: t('mask.interpolateHint'),
          },
        ]}
        onChange={(between) => updateMask(mask.id, { between })}
      />
      <MaskOverlay mask={mask} />
      {exporting && <MaskExportDialog focus={focus} onClose={() => setExporting(false)} />}
    </Section>
  )
}

function MaskChoice({ focus }: { readonly focus: MaskFocus }) {
  const { t } = useTranslation()
  const doc = useProject((state) => state.doc)
  const dispatch = useProject((state) => state.dispatch)
  const set = useEditor((state) => state.set)
  const masks = doc === null ? [] : masksOf(doc, focus.asset.id)
  const { mask, segment } = focus
  const use = (maskId: string): void => {
    set({ selectedMaskId: maskId })
    if (segment) {
      void dispatch([{ type: 'segment.update', id: segment.id, changes: { maskId } }])
    }
  }
  return (
    <>
      {masks.length > 1 && (
        <Select
          label={t('mask.list')}
          value={mask.id}
          options={masks.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={use}
        />
      )}
      <EditableName
        className="boxed"
        label={t('mask.rename')}
        value={mask.name}
        maxLength={120}
        onChange={(name) => updateMask(mask.id, { name })}
      />
    </>
  )
}

function MaskShapeSettings({
  mask,
  size,
}: {
  readonly mask: MaskRec
  readonly size: { readonly width: number; readonly height: number }
}) {
  const { t } = useTranslation()
  const brushSize = useEditor((state) => state.brushSize)
  const set = useEditor((state) => state.set)
  const pixels = (value: number): string => t('common.pixels', { value })
  // Half the shorter side covers anything a brush is for; wider ranges make small sizes hard to hit.
  const largest = Math.max(64, Math.round(Math.min(size.width, size.height) / 2))
  return (
    <>
      <Slider
        label={t('mask.brushSize')}
        value={Math.min(brushSize, largest)}
        min={1}
        max={largest}
        text={pixels(brushSize)}
        onChange={(value) => set({ brushSize: value })}
      />
      <Slider
        label={t('mask.feather')}
        value={mask.feather}
        min={0}
        max={50}
        text={pixels(mask.feather)}
        onChange={(feather, gesture) => updateMask(mask.id, { feather }, gesture)}
      />
      <Slider
        label={t('mask.grow')}
        value={mask.grow}
        min={-50}
        max={50}
        text={pixels(mask.grow)}
        onChange={(grow, gesture) => updateMask(mask.id, { grow }, gesture)}
      />
      <Switch
        label={t('mask.invert')}
        checked={mask.inverted}
        onChange={(inverted) => updateMask(mask.id, { inverted })}
      />
    </>
  )
}

function MaskOverlay({ mask }: { readonly mask: MaskRec }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { colour, opacity } = mask.overlay
  return (
    <>
      <div className="switch-row" role="radiogroup" aria-label={t('mask.colour')}>
        <span className="field-label" aria-hidden>
          {t('mask.overlay')}
        </span>
        <span className="swatches">
          {MASK_COLOURS.map((one) => (
            <label key={one} className="swatch" style={{ background: one }}>
              <input
                type="radio"
                className="hidden"
                name={`colour-${mask.id}`}
                aria-label={t(`mask.colours.${one}`)}
                checked={colour === one}
                onChange={() => updateMask(mask.id, { overlay: { colour: one, opacity } })}
              />
            </label>
          ))}
        </span>
      </div>
      <Slider
        label={t('mask.opacity')}
        value={Math.round(opacity * 100)}
        min={10}
        max={100}
        text={format.percent(opacity)}
        onChange={(value, gesture) =>
          updateMask(mask.id, { overlay: { colour, opacity: value / 100 } }, gesture)
        }
      />
    </>
  )
}

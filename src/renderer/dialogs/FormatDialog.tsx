import { useTranslation } from 'react-i18next'
import type { FilmFormat } from '../../shared/document/format.js'
import { recordsOf } from '../../shared/document/model.js'
import { toNumber } from '../../shared/rational.js'
import type { Rational } from '../../shared/rational.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import { Select } from '../ui/Choice.js'
import { ModalDialog } from '../ui/Dialog.js'
import { useFormat } from '../ui/format.js'

type Size = Pick<FilmFormat, 'width' | 'height'>

const SIZES: readonly Size[] = [
  { width: 3840, height: 2160 },
  { width: 1920, height: 1080 },
  { width: 1280, height: 720 },
  { width: 1080, height: 1920 },
  { width: 1080, height: 1080 },
]
const RATES: readonly Rational[] = [
  { num: 24_000, den: 1001 },
  { num: 24, den: 1 },
  { num: 25, den: 1 },
  { num: 30_000, den: 1001 },
  { num: 30, den: 1 },
  { num: 50, den: 1 },
  { num: 60, den: 1 },
]

/** Size and rate of the timeline: those of its media, and what is usual. */
export function FormatDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const doc = useProject((state) => state.doc)
  if (doc === null) return null
  const { meta } = doc
  const filmed = recordsOf(doc, 'asset').map(({ info }) => info)
  const videos = filmed.filter(({ kind }) => kind === 'video')
  const sizes = distinct([meta, ...filmed, ...SIZES], sizeKey)
  const rates = distinct([meta.fps, ...videos.map(({ fps }) => fps), ...RATES], rateKey)
  return (
    <ModalDialog title={t('format.title')} width="small" onClose={onClose}>
      <Select
        label={t('format.size')}
        value={sizeKey(meta)}
        options={[...sizes]
          .sort(([, a], [, b]) => b.width * b.height - a.width * a.height)
          .map(([value, { width, height }]) => ({
            value,
            label: t('common.size', { width, height }),
          }))}
        onChange={(key) => {
          const size = sizes.get(key)
          if (size) choose({ fps: meta.fps, width: size.width, height: size.height })
        }}
      />
      <Select
        label={t('format.rate')}
        value={rateKey(meta.fps)}
        options={[...rates]
          .sort(([, a], [, b]) => toNumber(a) - toNumber(b))
          .map(([value, rate]) => ({ value, label: format.fps(rate) }))}
        onChange={(key) => {
          const fps = rates.get(key)
          if (fps) choose({ fps, width: meta.width, height: meta.height })
        }}
      />
      <p className="hint">{t('format.hint')}</p>
    </ModalDialog>
  )
}

const sizeKey = ({ width, height }: Size): string => `${width}x${height}`
const rateKey = (rate: Rational): string => toNumber(rate).toFixed(3)

function distinct<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T> {
  const found = new Map<string, T>()
  for (const value of values) if (!found.has(keyOf(value))) found.set(keyOf(value), value)
  return found
}

/** The playhead and the marked range stay at their place in time too. */
function choose(format: FilmFormat): void {
  const { doc, dispatch } = useProject.getState()
  if (doc === null) return
  const ratio = toNumber(format.fps) / toNumber(doc.meta.fps)
  void dispatch([{ type: 'project.setFormat', format }]).then((accepted) => {
    if (!accepted || ratio === 1) return
    const { playhead, range, set } = useEditor.getState()
    const at = (frame: number): number => Math.round(frame * ratio)
    set({
      playhead: at(playhead),
      range:
        range === null
          ? null
          : { from: at(range.from), to: Math.max(at(range.from) + 1, at(range.to)) },
    })
  })
}

import { ArrowLeftRight, Check, ListPlus, Locate, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { placeAsset } from '../state/actions.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import { Button, IconButton } from '../ui/Button.js'
import { Select } from '../ui/Choice.js'
import { endPair, keepSide, nameOf, setSide, showClip } from './comparing.js'
import { clipsOf } from './keep.js'
import { madeClips } from './pair.js'
import type { Pair, Side } from './pair.js'
import './compare.css'

/** In the place of the inspector: which two clips are on screen, and what becomes of them. */
export function PairPanel({ pair }: { readonly pair: Pair }) {
  const { t } = useTranslation()
  return (
    <div className="scroll pair-panel">
      <div className="card-line">
        <h2 className="section-title pair-title">{t('pair.title')}</h2>
        <IconButton label={t('pair.swap')} onClick={() => setSide('left', pair.right.id)}>
          <ArrowLeftRight />
        </IconButton>
        <IconButton label={t('pair.end')} shortcut="Escape" onClick={endPair}>
          <X />
        </IconButton>
      </div>
      <SideCard pair={pair} side="left" />
      <SideCard pair={pair} side="right" />
      <p className="hint">{t('pair.keepHint')}</p>
    </div>
  )
}

function SideCard({ pair, side }: { readonly pair: Pair; readonly side: Side }) {
  const { t } = useTranslation()
  const doc = useProject((state) => state.doc)
  const asset = pair[side]
  const { prompt, seed, pack } = asset.made
  const made = doc === null ? [] : madeClips(doc)
  const clip = doc === null ? undefined : clipsOf(doc, asset.id)[0]
  return (
    <section className="pair-side" aria-label={t(`pair.${side}`)}>
      <Select
        label={t(`pair.${side}`)}
        value={asset.id}
        options={made.map((one) => ({
          value: one.id,
          label: t('pair.name', { name: nameOf(one), seed: one.made.seed }),
        }))}
        onChange={(id) => setSide(side, id)}
      />
      {prompt !== '' && <p className="pair-prompt">{prompt}</p>}
      <p className="card-facts">
        <span>{t('generate.madeSeed', { seed })}</span>
        {pack && (
          <span>
            {pack.id} {pack.version}
          </span>
        )}
      </p>
      <div className="pair-actions">
        <Button
          variant="primary"
          icon={<Check aria-hidden />}
          onClick={() => void keepSide(pair, side)}
        >
          {t('pair.keep')}
        </Button>
        {clip === undefined ? (
          <Button icon={<ListPlus aria-hidden />} onClick={() => placeBeside(asset)}>
            {t('media.place')}
          </Button>
        ) : (
          <Button icon={<Locate aria-hidden />} onClick={() => showClip(clip.id)}>
            {t('generate.show')}
          </Button>
        )}
      </div>
    </section>
  )
}

/** Puts a clip on the timeline and goes on comparing: both may be wanted. */
function placeBeside(asset: Pair['left']): void {
  const { pair, compare, selectedClipId } = useEditor.getState()
  placeAsset(asset)
  useEditor.getState().set({ pair, compare, selectedClipId })
}

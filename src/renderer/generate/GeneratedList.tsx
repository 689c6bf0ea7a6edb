import { Columns2, Locate, RotateCcw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { compareMade, showClip } from '../compare/comparing.js'
import { clipsOf } from '../compare/keep.js'
import { madeClips } from '../compare/pair.js'
import type { Made } from '../compare/pair.js'
import { Filmstrip } from '../panels/Filmstrip.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import { IconButton } from '../ui/Button.js'
import { goOnFrom } from './again.js'

/** What was made in this project, newest first, to look at and to go on from. */
export function GeneratedList() {
  const { t } = useTranslation()
  const doc = useProject((state) => state.doc)
  const made = doc === null ? [] : madeClips(doc)
  if (made.length === 0) return null
  return (
    <section aria-label={t('generate.made')}>
      <h2 className="section-title">{t('generate.made')}</h2>
      <ul className="cards">
        {made.map((asset) => (
          <MadeCard key={asset.id} asset={asset} alone={made.length === 1} />
        ))}
      </ul>
    </section>
  )
}

function MadeCard({
  asset,
  alone,
}: {
  readonly asset: Made
  /** There is no other to compare it with. */
  readonly alone: boolean
}) {
  const { t } = useTranslation()
  const preparing = useProject((state) => state.preparing.includes(asset.id))
  const clipId = useProject(({ doc }) => doc && clipsOf(doc, asset.id)[0]?.id)
  const side = useEditor(({ pair }) =>
    pair?.left === asset.id ? 'left' : pair?.right === asset.id ? 'right' : null,
  )
  const { prompt, seed, pack } = asset.made
  return (
    <li className="card">
      <Filmstrip asset={asset} ready={!preparing} />
      <span className="badge card-badge">{t('takes.ai')}</span>
      <div className="card-line">
        <span className="made-prompt">{prompt}</span>
        {/* What was animated is asked for elsewhere. */}
        {asset.made.task === 'generate' && (
          <IconButton
            label={t('generate.again')}
            onClick={({ currentTarget }) => {
              // Where the words are.
              currentTarget.closest('.scroll')?.scrollTo({ top: 0 })
              void goOnFrom(asset)
            }}
          >
            <RotateCcw />
          </IconButton>
        )}
        {!alone && (
          <IconButton
            label={t('pair.start')}
            pressed={side !== null}
            onClick={() => compareMade(asset.id)}
          >
            <Columns2 />
          </IconButton>
        )}
        {clipId != null && (
          <IconButton label={t('generate.show')} onClick={() => showClip(clipId)}>
            <Locate />
          </IconButton>
        )}
      </div>
      <p className="card-facts">
        {side !== null && <span className="pair-mark">{t(`pair.${side}`)}</span>}
        <span>{t('generate.madeSeed', { seed })}</span>
        {pack && (
          <span>
            {pack.id} {pack.version}
          </span>
        )}
      </p>
    </li>
  )
}

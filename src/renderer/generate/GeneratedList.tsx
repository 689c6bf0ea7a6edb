import { Locate, RotateCcw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { isImagined } from '../../shared/document/made.js'
import { recordsOf } from '../../shared/document/model.js'
import type { AssetRec, MadeBy } from '../../shared/document/model.js'
import { Filmstrip } from '../panels/Filmstrip.js'
import { transport } from '../player/transport.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import { IconButton } from '../ui/Button.js'
import { useDraft } from './draft.js'

type Made = AssetRec & { readonly made: MadeBy }

/** What was made in this project, newest first, to look at and to go on from. */
export function GeneratedList() {
  const { t } = useTranslation()
  const doc = useProject((state) => state.doc)
  const made = doc === null ? [] : recordsOf(doc, 'asset').filter(isImagined).toReversed()
  if (made.length === 0) return null
  return (
    <section aria-label={t('generate.made')}>
      <h2 className="section-title">{t('generate.made')}</h2>
      <ul className="cards">
        {made.map((asset) => (
          <MadeCard key={asset.id} asset={asset} />
        ))}
      </ul>
    </section>
  )
}

function MadeCard({ asset }: { readonly asset: Made }) {
  const { t } = useTranslation()
  const preparing = useProject((state) => state.preparing.includes(asset.id))
  const clip = useProject((state) =>
    state.doc === null
      ? undefined
      : recordsOf(state.doc, 'clip').find(({ assetId }) => assetId === asset.id),
  )
  const set = useEditor((state) => state.set)
  const { prompt, seed, pack } = asset.made
  return (
    <li className="card">
      <Filmstrip asset={asset} ready={!preparing} />
      <span className="badge card-badge">{t('takes.ai')}</span>
      <div className="card-line">
        <span className="made-prompt">{prompt}</span>
        <IconButton
          label={t('generate.again')}
          onClick={() =>
            useDraft.setState({
              prompt,
              seed,
              vary: false,
              ...(pack === null ? {} : { packId: pack.id }),
            })
          }
        >
          <RotateCcw />
        </IconButton>
        {clip && (
          <IconButton
            label={t('generate.show')}
            onClick={() => {
              set({ selectedClipId: clip.id, selectedSegmentId: null })
              transport.goTo(clip.start)
            }}
          >
            <Locate />
          </IconButton>
        )}
      </div>
      <p className="card-facts">
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

import { useTranslation } from 'react-i18next'
import type { View } from '../canvas/view.js'
import { useEditor } from '../state/editor.js'
import { nameOf } from './comparing.js'
import type { Made, Pair } from './pair.js'

/** Which clip is which, on the picture; the words are cut off, the seed never is. */
export function PairLabels({ pair, view }: { readonly pair: Pair; readonly view: View }) {
  const compare = useEditor((state) => state.compare)
  if (compare === 'source' || compare === 'off') {
    const made = compare === 'source' ? pair.left : pair.right
    return (
      <div className="pair-labels" style={{ top: view.y + 8 }}>
        <Label made={made} />
      </div>
    )
  }
  return (
    <div className="pair-labels" style={{ top: compare === 'side' ? 8 : view.y + 8 }}>
      <Label made={pair.left} />
      <Label made={pair.right} />
    </div>
  )
}

function Label({ made }: { readonly made: Made }) {
  const { t } = useTranslation()
  return (
    <div className="pair-half">
      <span className="pair-label">
        <span className="pair-label-name">{nameOf(made)}</span>
        <span>{t('generate.madeSeed', { seed: made.made.seed })}</span>
      </span>
    </div>
  )
}

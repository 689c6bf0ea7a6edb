import { useTranslation } from 'react-i18next'
import type { PackFacts } from '../../shared/contract/pack.js'

/** What to know of a pack before waiting for its result. */
export function PackRemark({ pack }: { readonly pack: PackFacts }) {
  const { t, i18n } = useTranslation()
  if (!pack.trained) return <p className="callout">{t('generate.untrained')}</p>
  if (pack.remark === undefined) return null
  return <p className="callout">{pack.remark[i18n.language.startsWith('it') ? 'it' : 'en']}</p>
}

import { useTranslation } from 'react-i18next'
import { recordsOf } from '../../shared/document/model.js'
import { staleLayers } from '../../shared/document/stale.js'
import { useProject } from '../state/project.js'

/** Before a film goes out: which of its edits no longer fit what lies below them. */
export function StaleRemark() {
  const { t } = useTranslation()
  const count = useProject(({ doc }) =>
    doc === null ? 0 : recordsOf(doc, 'clip').flatMap(({ id }) => staleLayers(doc, id)).length,
  )
  return count === 0 ? null : <p className="callout">{t('export.stale', { count })}</p>
}

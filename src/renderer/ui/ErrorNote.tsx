import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ErrorData } from '../../shared/contract/errors.js'
import { errorText } from './errorText.js'

/** What failed, what to do next, and the technical detail on demand. */
export function ErrorNote({ error }: { readonly error: ErrorData }) {
  const { t, i18n } = useTranslation()
  const { title, hint, detail } = errorText(error, i18n.language, t)
  return (
    <div className="error-note">
      <TriangleAlert aria-hidden />
      <div>
        <p className="error-title">{title}</p>
        <p className="error-hint">{hint}</p>
        {detail !== null && (
          <details>
            <summary>{t('common.details')}</summary>
            <pre className="error-detail">{detail}</pre>
          </details>
        )}
      </div>
    </div>
  )
}

import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ErrorData } from '../../shared/contract/errors.js'
import { errorText } from './errorText.js'

/** More names than these would push the reason off the screen. */
const MOST_NAMES = 4

/** What failed and for what, what to do next, and the technical detail on demand. */
export function ErrorNote({
  error,
  about = [],
}: {
  readonly error: ErrorData
  readonly about?: readonly string[]
}) {
  const { t, i18n } = useTranslation()
  const { title, hint, detail } = errorText(error, i18n.language, t)
  return (
    <div className="error-note">
      <TriangleAlert aria-hidden />
      <div>
        {about.length > 0 && <p className="error-about">{namesOf(about)}</p>}
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

function namesOf(about: readonly string[]): string {
  const more = about.length - MOST_NAMES
  return about.slice(0, MOST_NAMES).join(', ') + (more > 0 ? ` +${more}` : '')
}

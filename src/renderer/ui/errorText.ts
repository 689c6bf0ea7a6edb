import type { TFunction } from 'i18next'
import type { ErrorData } from '../../shared/contract/errors.js'
import { createFormat } from './format.js'

/**
 * An error in the person's language. Core's own English sentence names the file or the
 * number concerned, so English shows it as it is; other languages show the translated
 * cause first and keep the English sentence as detail.
 */
export function errorText(
  error: ErrorData,
  language: string,
  t: TFunction,
): { readonly title: string; readonly hint: string; readonly detail: string | null } {
  const english = language.startsWith('en')
  const detail = [english ? null : error.message, error.detail].filter(Boolean).join('\n')
  const title = english
    ? error.message
    : `${t(`errors.${error.code}`)}${shortage(error, language, t)}`
  const missing = missingFile(error)
  return {
    title: missing === null || title.includes(missing) ? title : `${missing}: ${title}`,
    hint: english ? (error.hint ?? t(`errorHints.${error.code}`)) : t(`errorHints.${error.code}`),
    detail: detail === '' ? null : detail,
  }
}

/** How much room is missing, where that is known. */
function shortage({ missingBytes }: ErrorData, language: string, t: TFunction): string {
  if (missingBytes === undefined) return ''
  return ` ${t('errorMore.missingRoom', { size: createFormat(language, t, []).bytes(missingBytes) })}`
}

/** The name of the file that is not there: which one is what has to be known. */
function missingFile({ code, detail }: ErrorData): string | null {
  if (code !== 'file-missing' && code !== 'not-found') return null
  return /[\\/]([^\\/\n]+)$/.exec(detail ?? '')?.[1] ?? null
}

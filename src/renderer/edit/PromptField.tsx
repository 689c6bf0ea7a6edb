import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { EDIT_LIMITS } from '../../shared/edit/schema.js'
import type { ParsedPrompt } from '../../shared/edit/parsed.js'

/** The words, with those that were not understood marked below and near ones proposed. */
export function PromptField({
  value,
  parsed,
  onChange,
  onRun,
}: {
  readonly value: string
  readonly parsed: ParsedPrompt
  readonly onChange: (prompt: string) => void
  /** Asked for by keys, from within the words. */
  readonly onRun: () => void
}) {
  const { t } = useTranslation()
  const id = useId()
  const { unknown } = parsed
  return (
    <div className="field">
      <label htmlFor={id} className="field-label">
        {t('edit.prompt')}
      </label>
      <textarea
        id={id}
        className="input edit-prompt"
        rows={3}
        value={value}
        maxLength={EDIT_LIMITS.prompt}
        placeholder={t('edit.placeholder')}
        spellCheck={false}
        aria-describedby={`${id}-reading`}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
          event.preventDefault()
          onRun()
        }}
      />
      <div id={`${id}-reading`}>
        {value.trim() === '' ? (
          <p className="hint">{t('edit.empty')}</p>
        ) : (
          <p className="edit-reading" lang={parsed.language}>
            <MarkedPrompt value={value} parsed={parsed} />
          </p>
        )}
      </div>
      {unknown.slice(0, MAX_SHOWN).map((word) => (
        <div key={word.start} className="edit-unknown">
          <span>
            {t(word.reason === null ? 'edit.unknown' : `edit.beyond.${word.reason}`, {
              word: word.text,
            })}
          </span>
          {word.proposals.map((proposal) => (
            <button
              key={proposal}
              type="button"
              className="edit-proposal"
              aria-label={t('edit.replaceBy', { word: proposal })}
              onClick={() =>
                onChange(value.slice(0, word.start) + proposal + value.slice(word.end))
              }
            >
              {proposal}
            </button>
          ))}
        </div>
      ))}
    </div>
  )
}

/** Unknown words listed with proposals; a pasted essay gets no more. */
const MAX_SHOWN = 5

/** The prompt as it was read: what does something, what was not understood. */
function MarkedPrompt({
  value,
  parsed,
}: {
  readonly value: string
  readonly parsed: ParsedPrompt
}) {
  const spans = [
    ...[...parsed.operations, ...parsed.retimes].map(({ span }) => ({
      ...span,
      kind: 'known' as const,
    })),
    ...parsed.unknown.map(({ start, end }) => ({ start, end, kind: 'unknown' as const })),
  ].sort((a, b) => a.start - b.start)
  const parts = []
  let at = 0
  for (const { start, end, kind } of spans) {
    if (start < at) continue
    if (start > at) parts.push(<span key={at}>{value.slice(at, start)}</span>)
    parts.push(
      <mark key={start} className={`edit-mark-${kind}`}>
        {value.slice(start, end)}
      </mark>,
    )
    at = end
  }
  parts.push(<span key={at}>{value.slice(at, at + 500)}</span>)
  return parts
}

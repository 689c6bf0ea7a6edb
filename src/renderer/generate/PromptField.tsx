import { useEffect, useId, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { PackSummary } from '../../shared/contract/pack.js'
import { createTokenizer, nearestWords } from '../../shared/text/tokenizer.js'
import { contentKey, readPackContent, usePacks } from '../state/packs.js'
import type { PackContent } from '../state/packs.js'
import { showError } from '../state/toasts.js'
import { PromptExamples } from './PromptExamples.js'
import { replaceWord } from './draft.js'

/** The prompt, with help: words that the model does not know are named, with the nearest it knows. */
export function PromptField({
  pack,
  label,
  prompt,
  write,
  onRun,
  examples = false,
}: {
  readonly pack: PackSummary
  readonly label: string
  readonly prompt: string
  readonly write: (text: string) => void
  /** Asked for by keys, from within the words; the form around is sent when absent. */
  readonly onRun?: () => void
  /** Proposes whole prompts while there is none. */
  readonly examples?: boolean
}) {
  const { t } = useTranslation()
  const id = useId()
  const content = usePacks((state) => state.contents[contentKey(pack)])
  useEffect(() => {
    readPackContent(pack).catch(showError)
  }, [pack])
  return (
    <div className="field">
      <label htmlFor={id} className="field-label">
        {label}
      </label>
      <textarea
        id={id}
        className="input prompt"
        rows={3}
        value={prompt}
        maxLength={2000}
        placeholder={t('generate.placeholder')}
        aria-describedby={`${id}-words`}
        onChange={(event) => write(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
          event.preventDefault()
          if (onRun === undefined) event.currentTarget.form?.requestSubmit()
          else onRun()
        }}
      />
      <div id={`${id}-words`} aria-live="polite">
        {content !== undefined && <WordHelp content={content} prompt={prompt} write={write} />}
      </div>
      {examples && prompt.trim() === '' && content !== undefined && (
        <PromptExamples shown={content.examples} write={write} />
      )}
    </div>
  )
}

function WordHelp({
  content,
  prompt,
  write,
}: {
  readonly content: PackContent
  readonly prompt: string
  readonly write: (text: string) => void
}) {
  const { t } = useTranslation()
  const tokenizer = useMemo(
    () => (content.tokens === null ? null : createTokenizer(content.vocabulary, content.tokens)),
    [content],
  )
  if (tokenizer === null) return null
  const words = tokenizer.inspect(prompt)
  const unknown = [...new Set(words.filter((one) => !one.known).map(({ word }) => word))]
  const tooLong = words.some(({ cut }) => cut)
  return (
    <>
      {unknown.length > 0 && (
        <ul className="word-help">
          {unknown.map((word) => {
            const near = nearestWords(word, content.vocabulary)
            return (
              <li key={word}>
                <span className="unknown-word">{word}</span>{' '}
                {near.length === 0 ? t('generate.unknown') : t('generate.unknownTry')}
                {near.map((proposal) => (
                  <button
                    key={proposal}
                    type="button"
                    className="proposal"
                    aria-label={t('generate.replace', { word, by: proposal })}
                    onClick={() => write(replaceWord(prompt, word, proposal))}
                  >
                    {proposal}
                  </button>
                ))}
              </li>
            )
          })}
        </ul>
      )}
      {tooLong && <p className="hint">{t('generate.tooLong')}</p>}
    </>
  )
}

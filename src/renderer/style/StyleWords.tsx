import { useTranslation } from 'react-i18next'

const WORDS = ['watercolour', 'cartoon', 'drawing', 'neon', 'bricks', 'mono'] as const

/** Styles that the models of this project learn, to add to a prompt. */
export function StyleWords({
  prompt,
  write,
}: {
  readonly prompt: string
  readonly write: (text: string) => void
}) {
  const { t } = useTranslation()
  const left = WORDS.map((name) => t(`style.word.${name}`)).filter((word) => !prompt.includes(word))
  return (
    <>
      {left.length > 0 && (
        <ul className="examples in-row" aria-label={t('style.words')}>
          {left.map((word) => (
            <li key={word}>
              <button
                type="button"
                className="example"
                onClick={() => write(prompt.trim() === '' ? word : `${prompt.trim()}, ${word}`)}
              >
                {word}
              </button>
            </li>
          ))}
        </ul>
      )}
      <p className="hint">{t('style.wordsHint')}</p>
    </>
  )
}

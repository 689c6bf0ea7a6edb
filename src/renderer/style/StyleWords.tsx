import { useTranslation } from 'react-i18next'
import { Proposals } from '../generate/Proposals.js'

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
        <Proposals
          label={t('style.words')}
          texts={left}
          choose={(word) => write(prompt.trim() === '' ? word : `${prompt.trim()}, ${word}`)}
          inRow
        />
      )}
      <p className="hint">{t('style.wordsHint')}</p>
    </>
  )
}

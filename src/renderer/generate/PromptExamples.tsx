import { useTranslation } from 'react-i18next'
import type { PackExample } from '../../shared/contract/pack.js'
import { Proposals } from './Proposals.js'

const EXAMPLES = ['sunset', 'snow', 'balloon', 'fire', 'boat'] as const

/** Whole prompts to begin with: those that the pack shows its pictures of, or plain ones. */
export function PromptExamples({
  shown,
  write,
}: {
  readonly shown: readonly PackExample[]
  readonly write: (text: string) => void
}) {
  const { t, i18n } = useTranslation()
  if (shown.length === 0) {
    const texts = EXAMPLES.map((name) => t(`generate.example.${name}`))
    return <Proposals label={t('generate.examples')} texts={texts} choose={write} />
  }
  const language = i18n.language.startsWith('it') ? 'it' : 'en'
  return (
    <ul className="examples pictured" aria-label={t('generate.examples')}>
      {shown.map((example) => {
        const prompt = example.prompt[language]
        return (
          <li key={prompt}>
            <button type="button" className="example" onClick={() => write(prompt)}>
              <span className="example-clip" style={filmOf(example)} aria-hidden />
              {prompt}
            </button>
          </li>
        )
      })}
    </ul>
  )
}

/** The frames as a background that moves on by one at a time, while pointed at (generate.css). */
function filmOf({ picture, frames, rate }: PackExample) {
  return {
    backgroundImage: `url(${picture})`,
    backgroundSize: `${frames * 100}% 100%`,
    animationDuration: `${frames / rate}s`,
    animationTimingFunction: `steps(${frames}, jump-none)`,
  }
}

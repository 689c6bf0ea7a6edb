import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useProject } from '../state/project.js'
import { historyLabel } from './historyLabel.js'

/** Every change that can be undone or redone; a click goes there. */
export function HistoryPanel() {
  const { t } = useTranslation()
  const { entries, position } = useProject((state) => state.history)
  const goTo = useProject((state) => state.goTo)
  const current = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    current.current?.scrollIntoView({ block: 'nearest' })
  }, [position, entries.length])

  const rows = [t('history.start'), ...entries.map((entry) => historyLabel(entry.label, t))]
  return (
    <div className="scroll">
      <ol className="history" aria-label={t('history.title')}>
        {rows.map((text, index) => (
          <li key={index}>
            <button
              ref={index === position ? current : null}
              type="button"
              className={index > position ? 'history-row history-undone' : 'history-row'}
              aria-current={index === position ? 'step' : undefined}
              onClick={() => void goTo(index)}
            >
              <span className="history-dot" aria-hidden />
              {text}
            </button>
          </li>
        ))}
      </ol>
      {entries.length === 0 && <p className="hint pad">{t('history.empty')}</p>}
    </div>
  )
}

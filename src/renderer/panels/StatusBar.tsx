import { useTranslation } from 'react-i18next'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import { useFormat } from '../ui/format.js'
import { JobsDock } from './JobsDock.js'

/** The tool in hand and how to use it, the timeline's format, and the jobs. */
export function StatusBar() {
  const { t } = useTranslation()
  const format = useFormat()
  const tool = useEditor((state) => state.tool)
  const meta = useProject((state) => state.doc?.meta)
  return (
    <footer className="status-bar" aria-label={t('panel.status')}>
      <span className="status-hint">{t(`toolHint.${tool}`)}</span>
      {meta && (
        <button
          type="button"
          className="status-format tabular"
          title={t('format.title')}
          onClick={() => useEditor.getState().set({ dialog: 'format' })}
        >
          {t('common.size', { width: meta.width, height: meta.height })}
          {' · '}
          {t('common.fps', { value: format.fps(meta.fps) })}
        </button>
      )}
      <JobsDock />
    </footer>
  )
}

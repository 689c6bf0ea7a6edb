import { Clapperboard, FolderOpen, FolderPlus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { runAction } from '../state/actions.js'
import { useProject } from '../state/project.js'
import { Button } from '../ui/Button.js'

/** In place of the editor: while starting, and when no project is open. */
export function Welcome() {
  const { t } = useTranslation()
  const phase = useProject((state) => state.phase)
  if (phase === 'starting') {
    return (
      <main className="welcome" aria-busy="true">
        <p className="hint" role="status">
          {t('app.starting')}
        </p>
      </main>
    )
  }
  return (
    <main className="welcome">
      <h1 className="welcome-title">{t('welcome.title')}</h1>
      <p className="hint">{t('welcome.body')}</p>
      <div className="button-row">
        <Button
          variant="primary"
          icon={<Clapperboard aria-hidden />}
          onClick={() => runAction('openSample')}
        >
          {t('topBar.openSample')}
        </Button>
        <Button icon={<FolderOpen aria-hidden />} onClick={() => runAction('openProject')}>
          {t('topBar.openProject')}
        </Button>
        <Button icon={<FolderPlus aria-hidden />} onClick={() => runAction('newProject')}>
          {t('topBar.newProject')}
        </Button>
      </div>
    </main>
  )
}

import { useTranslation } from 'react-i18next'
import { Group, Panel, Separator } from 'react-resizable-panels'
import type { ReactNode } from 'react'
import { toErrorData } from '../../shared/contract/errors.js'
import { Viewer } from '../canvas/Viewer.js'
import { TransportBar } from '../player/TransportBar.js'
import { Timeline } from '../timeline/Timeline.js'
import { Button } from '../ui/Button.js'
import { ErrorBoundary } from '../ui/ErrorBoundary.js'
import { ErrorNote } from '../ui/ErrorNote.js'
import { CompareBar } from './CompareBar.js'
import { Inspector } from './Inspector.js'
import { LeftPanel } from './LeftPanel.js'
import { ToolStrip } from './ToolStrip.js'

/** Media left, viewer in the middle, inspector right, timeline below; every edge can be moved. */
export function Workspace() {
  const { t } = useTranslation()
  return (
    <main className="workspace">
      <Group orientation="vertical">
        <Panel minSize="240px">
          <Group orientation="horizontal">
            <Panel defaultSize="248px" minSize="228px" maxSize="420px">
              <Area name="media" label={t('panel.media')}>
                <LeftPanel />
              </Area>
            </Panel>
            <Separator className="edge edge-x" aria-label={t('panel.resizeLeft')} />
            <Panel minSize="360px">
              <Area name="viewer" label={t('panel.viewer')}>
                <div className="viewer-area">
                  <ToolStrip />
                  <div className="viewer-column">
                    <CompareBar />
                    <div className="viewer-stage">
                      <Viewer />
                    </div>
                    <TransportBar />
                  </div>
                </div>
              </Area>
            </Panel>
            <Separator className="edge edge-x" aria-label={t('panel.resizeRight')} />
            <Panel defaultSize="312px" minSize="300px" maxSize="480px">
              <Area name="inspector" label={t('panel.inspector')}>
                <Inspector />
              </Area>
            </Panel>
          </Group>
        </Panel>
        <Separator className="edge edge-y" aria-label={t('panel.resizeTimeline')} />
        <Panel defaultSize="236px" minSize="140px" maxSize="60%">
          <Area name="timeline" label={t('panel.timeline')}>
            <Timeline />
          </Area>
        </Panel>
      </Group>
    </main>
  )
}

/** A panel that could not be drawn. The document is safe in core, so drawing it again is harmless. */
function PanelFailure({ error, onAgain }: { readonly error: Error; readonly onAgain: () => void }) {
  const { t } = useTranslation()
  return (
    <div className="empty" role="alert">
      <ErrorNote error={toErrorData(error)} />
      <Button onClick={onAgain}>{t('jobs.retry')}</Button>
    </div>
  )
}

/** One of the panels that F6 goes through; its name is its landmark. */
function Area({
  name,
  label,
  children,
}: {
  readonly name: string
  readonly label: string
  readonly children: ReactNode
}) {
  return (
    <section className={`area area-${name}`} data-area={name} aria-label={label} tabIndex={-1}>
      <ErrorBoundary fallback={(error, again) => <PanelFailure error={error} onAgain={again} />}>
        {children}
      </ErrorBoundary>
    </section>
  )
}

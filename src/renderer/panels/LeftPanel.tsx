import { Tabs } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { GeneratePanel } from '../generate/GeneratePanel.js'
import { HistoryPanel } from './HistoryPanel.js'
import { MediaPanel } from './MediaPanel.js'

export function LeftPanel() {
  const { t } = useTranslation()
  return (
    <Tabs.Root defaultValue="media" className="tabs">
      <Tabs.List className="tab-list" aria-label={t('panel.left')}>
        <Tabs.Trigger value="media" className="tab">
          {t('panel.media')}
        </Tabs.Trigger>
        <Tabs.Trigger value="generate" className="tab">
          {t('panel.generate')}
        </Tabs.Trigger>
        <Tabs.Trigger value="history" className="tab">
          {t('panel.history')}
        </Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content value="media" className="tab-content">
        <MediaPanel />
      </Tabs.Content>
      <Tabs.Content value="generate" className="tab-content">
        <GeneratePanel />
      </Tabs.Content>
      <Tabs.Content value="history" className="tab-content">
        <HistoryPanel />
      </Tabs.Content>
    </Tabs.Root>
  )
}

import { Tooltip } from 'radix-ui'
import { Dialogs } from './dialogs/Dialogs.js'
import { Banners } from './panels/Banners.js'
import { DropTarget } from './panels/DropTarget.js'
import { StatusBar } from './panels/StatusBar.js'
import { TopBar } from './panels/TopBar.js'
import { Welcome } from './panels/Welcome.js'
import { Workspace } from './panels/Workspace.js'
import { useProject } from './state/project.js'
import { Toasts } from './ui/Toasts.js'

/** The window: composition only. */
export function App() {
  const open = useProject((state) => state.phase === 'open')
  return (
    <Tooltip.Provider delayDuration={500} skipDelayDuration={200}>
      <div className="app">
        <TopBar />
        <Banners />
        {open ? <Workspace /> : <Welcome />}
        <StatusBar />
      </div>
      <DropTarget />
      <Dialogs />
      <Toasts />
    </Tooltip.Provider>
  )
}

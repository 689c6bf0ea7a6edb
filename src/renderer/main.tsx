import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.js'
import { start } from './start.js'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/feedback.css'
import './styles/layout.css'
import './styles/media.css'
import './styles/panels.css'
import './styles/takes.css'
import './styles/dock.css'
import './styles/dialogs.css'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')

await start()
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)

import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { collectAppRequests } from './lib/appRequests.ts'
import { loadSite } from './lib/siteConfig.ts'
import { allowOwnWorker } from './lib/trustedScripts.ts'
import { BrokenScreen } from './screens/BrokenScreen.tsx'

const container = document.getElementById('root')
if (container) {
  allowOwnWorker()
  const root = createRoot(container)
  const requests = collectAppRequests()
  loadSite().then(
    (site) => root.render(<App {...site} requests={requests} />),
    () => root.render(<BrokenScreen />),
  )
}

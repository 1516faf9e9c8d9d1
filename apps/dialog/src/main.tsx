import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { collectAppRequests } from './lib/appRequests.ts'
import { loadConfig } from './lib/siteConfig.ts'
import { BrokenScreen } from './screens/BrokenScreen.tsx'

const container = document.getElementById('root')
if (container) {
  const root = createRoot(container)
  const requests = collectAppRequests()
  loadConfig().then(
    (config) => root.render(<App config={config} requests={requests} />),
    () => root.render(<BrokenScreen />),
  )
}

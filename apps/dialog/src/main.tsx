import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { readRoute } from './flows/route.ts'
import { collectAppRequests } from './lib/appRequests.ts'
import { loadSite } from './lib/siteConfig.ts'
import { allowOwnWorker } from './lib/trustedScripts.ts'
import { BrokenScreen } from './screens/BrokenScreen.tsx'

const isReturnPage = readRoute(window.location.pathname) === 'signIn'
const container = document.getElementById('root')
if (container) {
  allowOwnWorker()
  const root = createRoot(container)
  // Before anything else: what a provider answered does not stay in the page's address.
  const returned = isReturnPage
    ? import('./lib/returnFromProvider.ts').then((it) => it.returnFromProvider())
    : undefined
  const requests = collectAppRequests()
  loadSite().then(
    (site) => root.render(<App {...site} requests={requests} returned={returned} />),
    () => root.render(<BrokenScreen />),
  )
}

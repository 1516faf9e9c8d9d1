import { Page } from '../components/Page.tsx'

/** Shown when the page could not find out which networks it serves. */
export function BrokenScreen() {
  return (
    <Page title="This page can’t start">
      <p className="lead">It could not load its settings. Your account is not affected.</p>
      <div className="actions">
        <a href="/">Try again</a>
      </div>
    </Page>
  )
}

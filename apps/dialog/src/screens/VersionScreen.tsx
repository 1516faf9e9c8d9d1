import { Page } from '../components/Page.tsx'
import { plainText } from '../lib/plainText.ts'

/** Shown when the app speaks another version of the protocol. */
export function VersionScreen({ app }: { app: string }) {
  return (
    <Page title="This app needs another version">
      <p className="lead">
        {plainText(new URL(app).host)} and this page do not speak the same version. Close this window and tell the
        people who run the app.
      </p>
    </Page>
  )
}

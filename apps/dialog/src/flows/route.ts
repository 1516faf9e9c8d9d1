/** The pages of the dialog. */
export type Route = 'home' | 'setUp' | 'codes' | 'recover' | 'guardian' | 'securityKey' | 'join' | 'approvePasskey'

/** Paths that the dialog itself goes to. */
export type Path = '/' | '/set-up' | '/codes' | '/recover' | '/security-key' | '/join' | '/approve-passkey'

const paths: Readonly<Record<string, Route>> = {
  '/': 'home',
  '/set-up': 'setUp',
  '/codes': 'codes',
  '/recover': 'recover',
  '/guardian': 'guardian',
  '/security-key': 'securityKey',
  '/join': 'join',
  '/approve-passkey': 'approvePasskey',
}

/** Returns the page of a path; one that does not exist is the home page. */
export function readRoute(pathname: string): Route {
  const path = pathname.length > 1 ? pathname.replace(/\/$/, '') : pathname
  return Object.hasOwn(paths, path) ? (paths[path] ?? 'home') : 'home'
}

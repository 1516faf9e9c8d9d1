/** The pages of the dialog. */
export type Route = 'home' | 'recover' | 'guardian'

const paths: Readonly<Record<string, Route>> = { '/': 'home', '/recover': 'recover', '/guardian': 'guardian' }

/** Returns the page of a path; one that does not exist is the home page. */
export function readRoute(pathname: string): Route {
  const path = pathname.length > 1 ? pathname.replace(/\/$/, '') : pathname
  return Object.hasOwn(paths, path) ? (paths[path] ?? 'home') : 'home'
}

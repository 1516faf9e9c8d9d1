/** The pages of the dialog, by their paths. */
const routes = {
  '/': 'home',
  '/set-up': 'setUp',
  '/codes': 'codes',
  '/safety': 'safety',
  '/drill': 'drill',
  '/change-guardians': 'changeGuardians',
  '/freeze': 'freeze',
  '/history': 'history',
  '/call-off': 'callOff',
  '/recover': 'recover',
  '/guardian': 'guardian',
  '/security-key': 'securityKey',
  '/join': 'join',
  '/approve-passkey': 'approvePasskey',
} as const

/** A path of the dialog. */
export type Path = keyof typeof routes

/** The page at a path. */
export type Route = (typeof routes)[Path]

/** Returns the page of a path; one that does not exist is the home page. */
export function readRoute(pathname: string): Route {
  const path = pathname.length > 1 ? pathname.replace(/\/$/, '') : pathname
  return Object.hasOwn(routes, path) ? routes[path as Path] : 'home'
}

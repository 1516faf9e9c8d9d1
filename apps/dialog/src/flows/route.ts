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
  '/sign-in': 'signIn',
} as const

/** A path of the dialog. */
export type Path = keyof typeof routes

/** The page at a path. */
export type Route = (typeof routes)[Path]

/** Returns the page of a path; one that does not exist is the home page. */
export function readRoute(pathname: string): Route {
  return routes[pathOf(pathname)]
}

/** Returns a path of the dialog; one that it does not have is that of the home page. */
export function pathOf(pathname: string): Path {
  const path = pathname.length > 1 ? pathname.replace(/\/$/, '') : pathname
  return Object.hasOwn(routes, path) ? (path as Path) : '/'
}

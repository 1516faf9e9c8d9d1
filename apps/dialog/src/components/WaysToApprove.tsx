import { use } from 'react'
import type { Way } from '../flows/remains.ts'
import { wayTitle } from '../flows/ways.ts'
import { Button } from './Button.tsx'
import { SignInContext } from './signInSite.ts'

/** The ways to approve that are left, the first one foremost. */
export function WaysToApprove({ ways, onWay }: { ways: readonly Way[]; onWay: (way: Way) => void }) {
  const { providers } = use(SignInContext)
  return ways.map((way) => (
    <Button key={way} kind={way === ways[0] ? 'primary' : 'secondary'} onClick={() => onWay(way)}>
      {wayTitle(way, providers)}
    </Button>
  ))
}

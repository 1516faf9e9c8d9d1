import { use } from 'react'
import type { Way } from '../flows/remains.ts'
import type { SignInWay } from '../flows/signIns.ts'
import { wayTitle } from '../flows/ways.ts'
import { Button } from './Button.tsx'
import { SignInContext } from './signInSite.ts'

/** A sign-in ran out before every network had it: the same recovery goes on with a new one. */
export function SignInAgain({ ways, onWay }: { ways: readonly SignInWay[]; onWay: (way: Way) => void }) {
  const { providers } = use(SignInContext)
  return (
    <div className="notice warning" role="status">
      <strong>Your sign-in has run out before every network had it.</strong>
      <span>
        What is done stays done. Sign in again with the same account, and this recovery goes on where it waits.
      </span>
      <div className="actions">
        {ways.map((way) => (
          <Button key={way} kind="primary" onClick={() => onWay(way)}>
            {wayTitle(way, providers)} again
          </Button>
        ))}
      </div>
    </div>
  )
}

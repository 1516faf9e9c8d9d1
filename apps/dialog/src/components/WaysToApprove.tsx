import type { Way } from '../flows/remains.ts'
import { wayWords } from '../flows/ways.ts'
import { Button } from './Button.tsx'

/** The ways to approve that are left, the first one foremost. */
export function WaysToApprove({ ways, onWay }: { ways: readonly Way[]; onWay: (way: Way) => void }) {
  return ways.map((way) => (
    <Button key={way} kind={way === ways[0] ? 'primary' : 'secondary'} onClick={() => onWay(way)}>
      {wayWords[way]}
    </Button>
  ))
}

import { rampKnots } from '../../shared/retime/speedProfile.js'
import type { RetimeOperation } from '../../shared/retime/operations.js'

const WIDTH = 200
const HEIGHT = 56
const EDGE = 4

/** Speed over the time of a ramp, slow below and fast above. */
export function SpeedCurve({ start, end, easing }: Extract<RetimeOperation, { kind: 'ramp' }>) {
  const knots = rampKnots(1, start, end, easing)
  const top = Math.log2(Math.max(start, end, 2))
  const bottom = Math.log2(Math.min(start, end, 0.5))
  // The knots lie evenly in time.
  const points = knots.map(({ speed }, n) => {
    const x = EDGE + (n / (knots.length - 1)) * (WIDTH - 2 * EDGE)
    const y = EDGE + ((top - Math.log2(speed)) / (top - bottom)) * (HEIGHT - 2 * EDGE)
    return `${x.toFixed(1)},${y.toFixed(1)}`
  })
  const normal = EDGE + (top / (top - bottom)) * (HEIGHT - 2 * EDGE)
  return (
    <svg className="speed-curve" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden>
      <line x1={0} x2={WIDTH} y1={normal} y2={normal} />
      <polyline points={points.join(' ')} />
    </svg>
  )
}

import { Progress as Radix } from 'radix-ui'

/** A bar from 0 to 1; `null` moves to and fro for work of unknown length. */
export function Progress({
  label,
  share,
}: {
  readonly label: string
  readonly share: number | null
}) {
  const percent = share === null ? null : Math.round(Math.min(1, Math.max(0, share)) * 100)
  return (
    <Radix.Root className="progress" aria-label={label} value={percent} max={100}>
      <Radix.Indicator
        className={percent === null ? 'progress-bar progress-unknown' : 'progress-bar'}
        style={percent === null ? undefined : { width: `${percent}%` }}
      />
    </Radix.Root>
  )
}

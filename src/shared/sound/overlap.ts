/**
 * Whether any two spans sound at the same time. A sound by itself is played and written as it is;
 * the sum of several can be louder than each of them.
 */
export function overlap(spans: readonly { readonly from: number; readonly to: number }[]): boolean {
  const sorted = [...spans].sort((a, b) => a.from - b.from)
  let end = -Infinity
  for (const { from, to } of sorted) {
    if (from < end) return true
    end = Math.max(end, to)
  }
  return false
}

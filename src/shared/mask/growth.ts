/** Coverage from which a painted pixel belongs to the object. */
export const PAINTED = 24

/** The default growth of a mask: 12 px at 480 lines. A rim that is missed ruins the whole fill. */
export function defaultGrowth(size: { readonly width: number; readonly height: number }): number {
  return Math.max(2, Math.round((12 * Math.min(size.width, size.height)) / 480))
}

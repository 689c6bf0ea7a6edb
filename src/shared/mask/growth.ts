/** Coverage from which a painted pixel belongs to the object. */
export const PAINTED = 24

/**
 * The least growth at which an object's colour is replaced to its very rim and a chroma sample
 * beyond, where 4:2:0 has bled it: with two pixels a sample and the three around it whose colour
 * comes from it too (see overlayTake), that is 6 px, and 8.5 px across a corner.
 */
const LEAST_FOR_CHROMA = 8

/**
 * The default growth of a mask in px: 12 at 480 lines and in proportion, but at least 8. A rim that
 * is missed ruins the whole fill, and in small pictures leaves a ring of the object's colour.
 */
export function defaultGrowth(size: { readonly width: number; readonly height: number }): number {
  return Math.max(LEAST_FOR_CHROMA, Math.round((12 * Math.min(size.width, size.height)) / 480))
}

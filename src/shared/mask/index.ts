/** Masks as pictures: what engine, core and interface draw is the same to the byte. */
export type { MaskBitmaps, MaskFrame } from './bitmap.js'
export { signedDistance } from './distance.js'
export { bitmapPathsOf, hasMaskAt, keyframesOf } from './keyframes.js'
export { maskAt, rasteriseShapes } from './rasterise.js'

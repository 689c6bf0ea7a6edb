/** Masks as pictures: what engine, core and interface draw is the same to the byte. */
export type { MaskFrame, MaskBitmaps } from './bitmap.js'
export { dilate, erode, signedDistance } from './distance.js'
export { featherEdge } from './feather.js'
export { bitmapPathsOf, hasMaskAt, keyframesOf } from './keyframes.js'
export type { PaintedFrame } from './keyframes.js'
export { maskAt, rasteriseShapes } from './rasterise.js'
export type { Size } from './drawn.js'

import type { Picture } from '../../vision/image.js'
import type { Way } from '../../vision/stylise/carry/way.js'
import { enlargePainted } from '../../vision/stylise/enlarge.js'
import { putTogether } from '../../vision/stylise/layers.js'
import type { Layers } from '../../vision/stylise/layers.js'
import { resizePicture } from '../../vision/stylise/resample.js'
import type { Channels } from '../../vision/stylise/resample.js'
import { blended } from '../../vision/stylise/steady.js'
import type { Network } from './network.js'

/** @param way to what was painted before */
type PaintPicture = (picture: Picture, way: Way | null) => Promise<Float32Array>

export interface OtherPainter {
  /** Null where only hands paint. */
  readonly paint: PaintPicture | null
  /** What comes next does not go on from what was painted before. */
  readonly forget: () => void
}

/**
 * Two paintings of one thing by the network differ in their strokes, and going over from one to the
 * other is seen. So each holds on to the one before as frames do, along the way between them.
 *
 * @param held share of the one before, 0..1, where the way is sure
 */
export function networkPainter(
  network: Pick<Network, 'work' | 'paint'>,
  held: number,
): OtherPainter {
  let before: Layers | null = null
  return {
    forget() {
      before = null
    },
    async paint(picture, way) {
      const small = resizePicture(picture, network.work)
      const fresh = await network.paint(small)
      const layers =
        way === null || before === null ? fresh : blended(fresh, before, cellsOf(way), held)
      before = layers
      return enlargePainted(putTogether(layers), small, picture)
    },
  }
}

function cellsOf({ width, height, move, belief }: Way): Channels {
  const data = new Float32Array(belief.length * 3)
  for (let n = 0; n < belief.length; n++) {
    data[n * 3] = move[n * 2]!
    data[n * 3 + 1] = move[n * 2 + 1]!
    data[n * 3 + 2] = belief[n]!
  }
  return { width, height, channels: 3, data }
}

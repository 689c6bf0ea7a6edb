import type { Box } from '../image.js'

/** Cells over the region's box and over the colours (luma, blue and red difference). */
const PLACES = 8
const LUMA_CELL = 22
const CHROMA_CELL = 12
const LUMA = Math.ceil(255 / LUMA_CELL) + 2
const CHROMA = Math.ceil(255 / CHROMA_CELL) + 2

/** Votes without which a colour says nothing: an unknown one leaves the decision to the shape. */
const DOUBT = 0.7

/**
 * What is known of inside and outside by place and colour together: labelled pixels are splatted
 * into a five-dimensional grid and read back between its cells, as in Märki et al., Bilateral Space
 * Video Segmentation (2016). Local, so that a sleeve may have the colour of a far wall.
 */
export interface Evidence {
  /** Adds a labelled pixel; `weight` counts for both sides. */
  vote(
    x: number,
    y: number,
    red: number,
    green: number,
    blue: number,
    inside: number,
    weight: number,
  ): void
  /**
   * Writes the chance 0..1 that a pixel of this colour, here, is inside, and 0..1 how well the
   * colour is known here at all, to `out`.
   */
  read(
    x: number,
    y: number,
    red: number,
    green: number,
    blue: number,
    out: { chance: number; known: number },
  ): void
  /** 0..1 per place: how well colours tell inside from outside there. Call after all votes. */
  separation(): (x: number, y: number) => number
}

export function createEvidence(box: Box): Evidence {
  const cellX = Math.max(3, box.width / PLACES)
  const cellY = Math.max(3, box.height / PLACES)
  const columns = Math.ceil(box.width / cellX) + 2
  const rows = Math.ceil(box.height / cellY) + 2
  const strideChroma = CHROMA
  const strideLuma = CHROMA * CHROMA
  const stridePlace = LUMA * strideLuma
  const inner = new Float32Array(columns * rows * stridePlace)
  const outer = new Float32Array(inner.length)
  const place = new Int32Array(4)
  const placeWeight = new Float64Array(4)
  const colour = new Int32Array(8)
  const colourWeight = new Float64Array(8)

  function locate(x: number, y: number): void {
    const gx = Math.min(columns - 1.001, Math.max(0, (x - box.x) / cellX))
    const gy = Math.min(rows - 1.001, Math.max(0, (y - box.y) / cellY))
    const ix = Math.floor(gx)
    const iy = Math.floor(gy)
    const fx = gx - ix
    const fy = gy - iy
    const first = (iy * columns + ix) * stridePlace
    place[0] = first
    place[1] = first + stridePlace
    place[2] = first + columns * stridePlace
    place[3] = first + (columns + 1) * stridePlace
    placeWeight[0] = (1 - fx) * (1 - fy)
    placeWeight[1] = fx * (1 - fy)
    placeWeight[2] = (1 - fx) * fy
    placeWeight[3] = fx * fy
  }

  function paint(red: number, green: number, blue: number): void {
    const y = 0.299 * red + 0.587 * green + 0.114 * blue
    const gy = y / LUMA_CELL
    const gb = (128 + 0.564 * (blue - y)) / CHROMA_CELL
    const gr = (128 + 0.713 * (red - y)) / CHROMA_CELL
    const iy = gy | 0
    const ib = gb | 0
    const ir = gr | 0
    const fy = gy - iy
    const fb = gb - ib
    const fr = gr - ir
    const first = iy * strideLuma + ib * strideChroma + ir
    colour[0] = first
    colour[1] = first + 1
    colour[2] = first + strideChroma
    colour[3] = first + strideChroma + 1
    const low = 1 - fy
    colourWeight[0] = low * (1 - fb) * (1 - fr)
    colourWeight[1] = low * (1 - fb) * fr
    colourWeight[2] = low * fb * (1 - fr)
    colourWeight[3] = low * fb * fr
    for (let k = 0; k < 4; k++) {
      colour[k + 4] = colour[k]! + strideLuma
      colourWeight[k + 4] = (colourWeight[k]! / low) * fy
    }
  }

  return {
    vote(x, y, red, green, blue, inside, weight) {
      locate(x, y)
      paint(red, green, blue)
      const into = inside >= 0.5 ? inner : outer
      for (let p = 0; p < 4; p++) {
        const w = placeWeight[p]! * weight
        if (w === 0) continue
        for (let c = 0; c < 8; c++) {
          const at = place[p]! + colour[c]!
          into[at] = into[at]! + w * colourWeight[c]!
        }
      }
    },

    read(x, y, red, green, blue, out) {
      locate(x, y)
      paint(red, green, blue)
      let own = 0
      let other = 0
      for (let p = 0; p < 4; p++) {
        const w = placeWeight[p]!
        if (w === 0) continue
        for (let c = 0; c < 8; c++) {
          const at = place[p]! + colour[c]!
          const share = w * colourWeight[c]!
          own += share * inner[at]!
          other += share * outer[at]!
        }
      }
      const votes = own + other
      out.chance = (own + DOUBT) / (votes + 2 * DOUBT)
      out.known = votes / (votes + 2 * DOUBT)
    },

    separation() {
      const clear = new Float32Array(columns * rows)
      for (let p = 0; p < clear.length; p++) {
        let own = 0
        let other = 0
        let shared = 0
        for (let at = p * stridePlace; at < (p + 1) * stridePlace; at++) {
          own += inner[at]!
          other += outer[at]!
          shared += Math.min(inner[at]!, outer[at]!)
        }
        const least = Math.min(own, other)
        clear[p] = least < 2 ? 1 : 1 - Math.min(1, shared / least)
      }
      return (x, y) => {
        locate(x, y)
        let sum = 0
        for (let k = 0; k < 4; k++) sum += placeWeight[k]! * clear[place[k]! / stridePlace]!
        return sum
      }
    },
  }
}

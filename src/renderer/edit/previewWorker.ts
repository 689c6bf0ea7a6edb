/// <reference lib="webworker" />
import type { MaskRec } from '../../shared/document/model.js'
import type { EditParams } from '../../shared/edit/operations.js'
import { gradeFrame } from '../../shared/grade/frame.js'
import { pointsOf } from '../../shared/grade/lut.js'
import type { GradePlan, Subjects } from '../../shared/grade/plan.js'
import { planGrade } from '../../shared/grade/plan.js'
import { reachOver } from '../../shared/grade/subject.js'
import { dilate } from '../../shared/mask/distance.js'
import { featherEdge } from '../../shared/mask/feather.js'
import { maskAt } from '../../shared/mask/index.js'
import { loadBitmaps } from '../canvas/maskBitmaps.js'
import type { Size } from '../canvas/view.js'

/** Applies edits to single pictures away from the thread that draws the interface. */

export interface PreviewRequest {
  readonly id: number
  readonly params: EditParams
  /** The colours that its recolours paint over. */
  readonly subjects: Subjects
  /** Source frame. */
  readonly frame: number
  /** RGBA of `out`'s size. */
  readonly pixels: ArrayBuffer
  readonly out: Size
  readonly source: Size
  readonly mask: MaskRec | null
  readonly urls: Readonly<Record<string, string>>
}

export interface PreviewAnswer {
  readonly id: number
  /** The picture with the edit applied; null when the edit leaves it as it is. */
  readonly picture: ImageBitmap | null
}

/** The plan of the settings used last: a drag of the playhead keeps its tables. */
let plan: { readonly key: string; readonly at: GradePlan } | null = null

function planOf({ operations }: EditParams, subjects: Subjects): GradePlan {
  const key = JSON.stringify([operations, subjects])
  if (plan?.key !== key) plan = { key, at: planGrade(operations, subjects) }
  return plan.at
}

async function coverageOf(request: PreviewRequest): Promise<Uint8Array | null> {
  const { mask, frame, source, out, urls, params, subjects } = request
  if (mask === null) return null
  const coverage = maskAt(mask, frame, source, out, await loadBitmaps(mask, urls))
  const feather = (params.feather * out.width) / source.width
  const reach = reachOver(params.operations, subjects, out)
  const grown = dilate(coverage, out.width, out.height, reach)
  return featherEdge(grown, out.width, out.height, feather)
}

async function apply(request: PreviewRequest): Promise<PreviewAnswer> {
  const { id, params, subjects, out } = request
  const pixels = new Uint8ClampedArray(request.pixels)
  if (!draw(request, pixels, planOf(params, subjects), await coverageOf(request))) {
    return { id, picture: null }
  }
  return { id, picture: await createImageBitmap(new ImageData(pixels, out.width, out.height)) }
}

/** @returns false when the edit leaves the picture as it is */
function draw(
  { params, frame, out, source }: PreviewRequest,
  pixels: Uint8ClampedArray,
  plan: GradePlan,
  mask: Uint8Array | null,
): boolean {
  // Behind fog colours are others than the picture's own: then the whole table is needed.
  const isFoggy = params.operations.some(({ kind }) => kind === 'fog')
  const grade = plan(frame, isFoggy ? null : pointsOf(pixels, 4))
  if (grade === null) return false
  const above = new Uint8ClampedArray(pixels.length)
  const scale = source.width / out.width
  gradeFrame(
    { data: pixels, channels: 4, ...out, frame, seed: params.seed, scale, mask },
    grade,
    above,
  )
  layOver(pixels, above)
  return true
}

function layOver(below: Uint8ClampedArray, above: Uint8ClampedArray): void {
  for (let at = 0; at < below.length; at += 4) {
    const alpha = above[at + 3] as number
    if (alpha === 0) continue
    for (let c = at; c < at + 3; c++) {
      const under = below[c] as number
      const over = above[c] as number
      below[c] = alpha === 255 ? over : under + ((over - under) * alpha) / 255
    }
  }
}

/** Sets of operations that have been rehearsed. */
const rehearsed = new Set<string>()
/** Pictures after which all that makes one is compiled. */
const REHEARSALS = 3

/**
 * Draws pictures that nobody sees, once the first one is out: the first steps of a slider took twice
 * as long as those that follow, as the code for its operations was not compiled yet. A step that
 * comes meanwhile waits for one picture at most.
 */
function rehearse(request: PreviewRequest): void {
  const { params, subjects, pixels } = request
  const kinds = params.operations.map(({ kind }) => kind).join()
  if (rehearsed.has(kinds)) return
  rehearsed.add(kinds)
  const again = (left: number): void => {
    draw(request, new Uint8ClampedArray(pixels), planGrade(params.operations, subjects), null)
    if (left > 1) setTimeout(() => again(left - 1))
  }
  setTimeout(() => again(REHEARSALS))
}

self.onmessage = (event: MessageEvent<PreviewRequest>) => {
  const { id } = event.data
  apply(event.data)
    .catch((): PreviewAnswer => ({ id, picture: null }))
    .then((answer) =>
      self.postMessage(answer, { transfer: answer.picture === null ? [] : [answer.picture] }),
    )
    .then(() => rehearse(event.data))
    .catch((error: unknown) => reportError(error))
}

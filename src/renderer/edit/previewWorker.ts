/// <reference lib="webworker" />
import type { MaskRec } from '../../shared/document/model.js'
import type { EditParams } from '../../shared/edit/operations.js'
import { gradeFrame } from '../../shared/grade/frame.js'
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
  const { id, params, subjects, frame, out, source } = request
  const grade = planOf(params, subjects)(frame)
  if (grade === null) return { id, picture: null }
  const below = new Uint8ClampedArray(request.pixels)
  const above = new Uint8ClampedArray(below.length)
  gradeFrame(
    {
      ...{ data: below, channels: 4, ...out, frame, seed: params.seed },
      scale: source.width / out.width,
      mask: await coverageOf(request),
    },
    grade,
    above,
  )
  for (let at = 0; at < below.length; at += 4) {
    const alpha = above[at + 3] ?? 0
    if (alpha === 0) continue
    for (let c = at; c < at + 3; c += 1) {
      const under = below[c] ?? 0
      below[c] = under + (((above[c] ?? 0) - under) * alpha) / 255
    }
  }
  return { id, picture: await createImageBitmap(new ImageData(below, out.width, out.height)) }
}

self.onmessage = (event: MessageEvent<PreviewRequest>) => {
  const { id } = event.data
  apply(event.data)
    .catch((): PreviewAnswer => ({ id, picture: null }))
    .then((answer) =>
      self.postMessage(answer, { transfer: answer.picture === null ? [] : [answer.picture] }),
    )
    .catch((error: unknown) => reportError(error))
}

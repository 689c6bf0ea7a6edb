/// <reference lib="webworker" />
import type { MaskRec } from '../../shared/document/model.js'
import type { EditParams } from '../../shared/edit/operations.js'
import { gradeFrame } from '../../shared/grade/frame.js'
import { pointsOf } from '../../shared/grade/lut.js'
import type { LutPoints } from '../../shared/grade/lut.js'
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
  /** Drawn and closed here; null for the one that was sent last. */
  readonly picture: VideoFrame | null
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

/** The picture in hand at the preview's size, before the edit: steps of a slider share it. */
interface Held {
  readonly size: Size
  readonly pixels: Uint8ClampedArray
  /** What a table needs for it; worked out when first asked for. */
  points: LutPoints | null
  /** The picture with its edit, of the newest request only. */
  readonly edited: Uint8ClampedArray<ArrayBuffer>
}

let held: Held | null = null
const canvas = new OffscreenCanvas(1, 1)
const context = canvas.getContext('2d', { willReadFrequently: true })

/** @throws Error when there is nothing to draw */
function hold({ picture, out }: PreviewRequest): Held {
  if (picture !== null) {
    held = null
    if (canvas.width !== out.width || canvas.height !== out.height) {
      canvas.width = out.width
      canvas.height = out.height
    }
    context?.drawImage(picture, 0, 0, out.width, out.height)
    picture.close()
    const pixels = context?.getImageData(0, 0, out.width, out.height).data
    if (pixels !== undefined) {
      held = { size: out, pixels, points: null, edited: new Uint8ClampedArray(pixels.length) }
    }
  }
  if (held === null) throw new Error('There is no picture to edit.')
  return held
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
  const { id, params, subjects } = request
  const picture = hold(request)
  const coverage = await coverageOf(request)
  if (!draw(request, picture, planOf(params, subjects), coverage)) return { id, picture: null }
  const { edited, size } = picture
  return { id, picture: await createImageBitmap(new ImageData(edited, size.width, size.height)) }
}

/**
 * Draws the edit into `picture.edited`.
 *
 * @returns false when the edit leaves the picture as it is
 */
function draw(
  { params, frame, source }: PreviewRequest,
  picture: Held,
  plan: GradePlan,
  mask: Uint8Array | null,
): boolean {
  const { pixels, edited, size } = picture
  // Behind fog colours are others than the picture's own: then the whole table is needed.
  const isFoggy = params.operations.some(({ kind }) => kind === 'fog')
  const grade = plan(frame, isFoggy ? null : (picture.points ??= pointsOf(pixels, 4)))
  if (grade === null) return false
  const scale = source.width / size.width
  gradeFrame(
    { data: pixels, channels: 4, ...size, frame, seed: params.seed, scale, mask },
    grade,
    edited,
  )
  layUnder(edited, pixels)
  return true
}

/** Lays the picture under its edit, in place. */
function layUnder(above: Uint8ClampedArray, below: Uint8ClampedArray): void {
  for (let at = 0; at < above.length; at += 4) {
    const alpha = above[at + 3] as number
    if (alpha === 255) continue
    for (let c = at; c < at + 3; c++) {
      const under = below[c] as number
      above[c] = under + (((above[c] as number) - under) * alpha) / 255
    }
    above[at + 3] = 255
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
function rehearse({ params, subjects, ...request }: PreviewRequest): void {
  const kinds = params.operations.map(({ kind }) => kind).join()
  if (held === null || rehearsed.has(kinds)) return
  rehearsed.add(kinds)
  const picture = { ...held, edited: new Uint8ClampedArray(held.edited.length) }
  const again = (left: number): void => {
    const plan = planGrade(params.operations, subjects)
    draw({ ...request, params, subjects }, picture, plan, null)
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

import { createHash } from 'node:crypto'
import type {
  AssetRec,
  EditSegmentRec,
  MaskRec,
  ProjectDoc,
  RemoveSegmentRec,
  StyliseSegmentRec,
} from '../../../shared/document/model.js'
import { beneathNow } from '../../../shared/document/stale.js'
import { bitmapPathsOf } from '../../../shared/mask/index.js'
import { resolveInside } from '../project/folder.js'
import type { JobResources } from './resources.js'
import { takesBelow } from './takesBelow.js'
import { keyOf, type TakeInputs } from './unfinishedTake.js'

/**
 * Raised whenever the same input gives another picture: what an older method has begun is then not
 * gone on with.
 */
const METHOD: Readonly<Record<TakeInputs['kind'], number>> = {
  remove: 8,
  edit: 2,
  stylise: 3,
}

/** What a take of this segment is made of now. */
export async function inputsOf(
  resources: JobResources,
  on: {
    readonly segment: RemoveSegmentRec | EditSegmentRec | StyliseSegmentRec
    readonly asset: AssetRec
    readonly mask: MaskRec | null
  },
  more: {
    readonly doc: ProjectDoc
    readonly params: object
    /** Digests of what else decides the pixels: a model, a reference picture. */
    readonly digests?: Readonly<Record<string, string>>
  },
): Promise<TakeInputs> {
  const { session, digest, appVersion } = resources
  const { segment, asset, mask } = on
  const { folder } = session
  const range = { from: segment.from, to: segment.to }
  const source = await digest(await resolveInside(folder, asset.path))
  const pictures = await Promise.all(
    bitmapPathsOfAny(mask).map(async (path) => digest(await resolveInside(folder, path))),
  )
  const { doc, params, digests = {} } = more
  const under = takesBelow(doc, segment, '')
  const key = keyOf({
    ...{ appVersion, method: METHOD[segment.verb], verb: segment.verb },
    ...{ source, info: asset.info, range, params, under, digests },
    mask: mask === null ? null : { ...shapeOf(mask), pictures },
  })
  return {
    ...{ key, kind: segment.verb, ...range, beneath: beneathNow(doc, segment, range) },
    recipe: {
      range,
      params,
      inputs: {
        source: { sha256: source, info: asset.info },
        mask: mask === null ? null : { sha256: sha256(JSON.stringify(mask)), mask },
        under,
        ...(more.digests === undefined ? {} : { digests }),
      },
    },
  }
}

/** What of a mask decides which pixels it covers: neither its name nor its colour on screen. */
function shapeOf({ keyframes, between, feather, grow, inverted }: MaskRec): object {
  return { keyframes, between, feather, grow, inverted }
}

function bitmapPathsOfAny(mask: MaskRec | null): readonly string[] {
  return mask === null ? [] : [...bitmapPathsOf(mask)]
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

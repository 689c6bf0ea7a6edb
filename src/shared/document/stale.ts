import { acceptedLayers, layersBelow } from './layers.js'
import type { Layer } from './layers.js'
import { recordOf } from './model.js'
import type { Id, ProjectDoc, SegmentRec, TakeBeneath, TakeRec } from './model.js'

/** Source frames `[from, to)`. */
interface Range {
  readonly from: number
  readonly to: number
}

/** What a take of this segment is made on now, for its recipe: everything below on those frames. */
export function beneathNow(doc: ProjectDoc, segment: SegmentRec, range: Range): TakeBeneath[] {
  return within(asBeneath(layersBelow(doc, segment)), range)
}

/**
 * The accepted takes of a clip that no longer fit what lies below them, from the lowest to the
 * highest: it is another now than when they were made, or does not fit itself what lies below it.
 */
export function staleLayers(doc: ProjectDoc, clipId: Id): Layer[] {
  const stale: Layer[] = []
  acceptedLayers(doc, clipId).forEach((layer, place, all) => {
    const below = all.slice(0, place)
    const restsOnStale = stale.some((one) => one.from < layer.to && one.to > layer.from)
    if (restsOnStale || !fits(layer.take, asBeneath(below), layer)) stale.push(layer)
  })
  return stale
}

/**
 * What has to be made again for one segment to be up to date, from the bottom up: of all stale layers
 * those that it rests on, and itself.
 *
 * @param stale as {@link staleLayers} says
 */
export function staleBelow(stale: readonly Layer[], segmentId: Id): Layer[] {
  const wanted: Layer[] = []
  for (const layer of stale.toReversed()) {
    const isWanted =
      wanted.length === 0
        ? layer.segment.id === segmentId
        : wanted.some((one) => one.from < layer.to && one.to > layer.from)
    if (isWanted) wanted.unshift(layer)
  }
  return wanted
}

/** Whether a take, in use or not, was made on what lies below its segment now. */
export function fitsBeneath(doc: ProjectDoc, take: TakeRec): boolean {
  const segment = recordOf(doc, 'segment', take.segmentId)
  if (segment === undefined) return true
  const shown = { from: Math.max(segment.from, take.from), to: Math.min(segment.to, take.to) }
  return fits(take, asBeneath(layersBelow(doc, segment)), shown)
}

/** Only what is shown counts: a range that was shortened later is still made on the same. */
function fits({ under }: TakeRec, now: readonly TakeBeneath[], shown: Range): boolean {
  return under === undefined || sameStretches(within(under, shown), within(now, shown), shown)
}

function asBeneath(layers: readonly Layer[]): TakeBeneath[] {
  return layers.map(({ take: { path }, from, to }) => ({ path, from, to }))
}

function within(takes: readonly TakeBeneath[], range: Range): TakeBeneath[] {
  return takes.flatMap(({ path, from, to }) => {
    const part = { path, from: Math.max(from, range.from), to: Math.min(to, range.to) }
    return part.to > part.from ? [part] : []
  })
}

/** Frame by frame the same takes in the same order: those beside each other have no order. */
function sameStretches(
  a: readonly TakeBeneath[],
  b: readonly TakeBeneath[],
  { from }: Range,
): boolean {
  const starts = new Set([from, ...[...a, ...b].flatMap((one) => [one.from, one.to])])
  const at = (takes: readonly TakeBeneath[], frame: number): string =>
    takes
      .filter((one) => one.from <= frame && frame < one.to)
      .map(({ path }) => path)
      .join('\n')
  return [...starts].every((frame) => at(a, frame) === at(b, frame))
}

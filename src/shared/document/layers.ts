import { layerOrder } from './layerOrder.js'
import { recordOf, recordsOf } from './model.js'
import type { Id, ProjectDoc, SegmentRec, TakeRec } from './model.js'

/** An accepted take with the source frames `[from, to)` on which it is laid over its clip. */
export interface Layer {
  readonly segment: SegmentRec
  readonly take: TakeRec
  readonly from: number
  readonly to: number
}

/** Source frames `[from, to)` of a clip that show the same several layers on top of each other. */
export interface Stack {
  /** Made of everything that decides its pictures: another stack has another id. */
  readonly id: Id
  readonly clipId: Id
  readonly from: number
  readonly to: number
  /** From the lowest to the highest. */
  readonly layers: readonly Layer[]
}

/** The accepted takes of a clip as they are laid over the source, from the lowest to the highest. */
export function acceptedLayers(doc: ProjectDoc, clipId: Id): Layer[] {
  return layersOf(doc, layerOrder(doc, clipId))
}

/** The accepted takes that lie below a segment, whether or not it has one itself. */
export function layersBelow(doc: ProjectDoc, { id, clipId }: SegmentRec): Layer[] {
  const order = layerOrder(doc, clipId)
  const place = order.findIndex((one) => one.id === id)
  return layersOf(doc, place === -1 ? order : order.slice(0, place))
}

function layersOf(doc: ProjectDoc, segments: readonly SegmentRec[]): Layer[] {
  return segments.flatMap((segment) => {
    const take = recordOf(doc, 'take', segment.acceptedTakeId)
    if (take === undefined) return []
    const from = Math.max(segment.from, take.from)
    const to = Math.min(segment.to, take.to)
    return to > from ? [{ segment, take, from, to }] : []
  })
}

/** Every stretch of a clip on which accepted takes lie on top of each other, in ascending order. */
export function stacksOf(doc: ProjectDoc, clipId: Id): Stack[] {
  const all = acceptedLayers(doc, clipId)
  if (all.length < 2) return []
  const places = [...new Set(all.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b)
  return places.slice(0, -1).flatMap((from, n) => {
    const to = places[n + 1] ?? from
    const layers = all.filter((layer) => layer.from <= from && layer.to >= to)
    return layers.length < 2 ? [] : [{ id: stackId(from, to, layers), clipId, from, to, layers }]
  })
}

/** A stack of the document by its id. */
export function stackOf(doc: ProjectDoc, id: Id): Stack | undefined {
  for (const clip of recordsOf(doc, 'clip')) {
    const found = stacksOf(doc, clip.id).find((stack) => stack.id === id)
    if (found !== undefined) return found
  }
  return undefined
}

function stackId(from: number, to: number, layers: readonly Layer[]): Id {
  const key = [from, to, ...layers.map(({ take }) => take.id)].join(' ')
  return `stack_${hash(key, 0x811c9dc5)}${hash(key, 0x01000193)}`
}

/** 32-bit FNV-1a in base 36. */
function hash(text: string, start: number): string {
  let value = start
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  }
  return (value >>> 0).toString(36).padStart(7, '0')
}

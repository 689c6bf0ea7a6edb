import type { Command } from '../../shared/document/commands.js'
import type { SegmentRec } from '../../shared/document/model.js'
import { newId } from '../../shared/ids.js'
import { DEFAULT_STYLISE } from '../../shared/style.js'
import type { StyliseParams } from '../../shared/style.js'
import { randomSeed } from '../generate/draft.js'
import { DEFAULT_REPAINT_PARAMS, DEFAULT_STRENGTH, takesOf } from '../state/editing.js'
import { begin } from '../state/startVerb.js'

/** How a clip is styled: by a picture, frame by frame or by key frames, or in words. */
export type StyleWay = StyliseParams['mode'] | 'words'

/**
 * Styles in another way, on the same frames and under the same mask. An edit that has made nothing
 * yet makes room for it; one with takes stays.
 */
export async function switchStyle(segment: SegmentRec, to: StyleWay): Promise<void> {
  await begin((doc) => {
    const made = newStyleOf(segment, to)
    const isEmpty = takesOf(doc, segment.id).length === 0
    const add = { type: 'segment.add', segment: made } as const
    const commands: readonly Command[] = isEmpty
      ? [{ type: 'segment.remove', id: segment.id }, add]
      : [add]
    return { commands, segmentId: made.id }
  })
}

function newStyleOf({ from, to, clipId, maskId }: SegmentRec, way: StyleWay): SegmentRec {
  const place = {
    ...({ id: newId('segment'), type: 'segment' } as const),
    ...{ clipId, from, to, maskId, acceptedTakeId: null },
  }
  return way === 'words'
    ? {
        ...{ ...place, verb: 'regenerate' },
        params: {
          ...DEFAULT_REPAINT_PARAMS,
          ...{ prompt: '', seed: randomSeed(), strength: DEFAULT_STRENGTH, detail: 'clip' },
        },
      }
    : { ...place, verb: 'stylise', params: { ...DEFAULT_STYLISE, mode: way } }
}

import type { EditTaskInput } from '../../../shared/contract/edit.js'
import { dilate } from '../../../shared/mask/distance.js'
import { featherEdge } from '../../../shared/mask/feather.js'
import { openMask, type MaskReader } from '../maskFrames.js'
import type { Size } from '../vision/image.js'

/** What is read from a task that a mask may confine. */
type FeatheredInput = Pick<EditTaskInput, 'range' | 'mask'> & {
  readonly params: { readonly feather: number }
}

/**
 * The mask of a task with the task's own soft edge; a held mask is softened once.
 *
 * @param reach pixels by which it grows first
 */
export async function openFeathered(
  { mask, range, params }: FeatheredInput,
  size: Size,
  reach = 0,
): Promise<MaskReader | null> {
  if (mask === null) return null
  const read = await openMask(mask, size, range.from)
  let held: { readonly plain: Uint8Array; readonly soft: Uint8Array } | null = null
  return async (frame) => {
    const plain = await read(frame)
    if (held?.plain !== plain) {
      const { width, height } = size
      const grown = dilate(plain, width, height, reach)
      held = { plain, soft: featherEdge(grown, width, height, params.feather) }
    }
    return held.soft
  }
}

import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'

/** Where the real clips lie, which are not part of the repository. */
export const MEDIA = resolve('../shared/media')

const MASKS = resolve('tests/quality/masks')

const drawnSchema = z.object({
  /** Relative to {@link MEDIA}. */
  clip: z.string(),
  width: z.number(),
  height: z.number(),
  object: z.string(),
  /** Whether the tracker was adjusted while looking at this clip. */
  tuned: z.boolean(),
  /** Hand-drawn outlines in source pixels, by source frame. */
  frames: z.record(z.string(), z.array(z.number())),
})

/** An object that was outlined by hand on some frames of a real clip. */
export type DrawnObject = z.infer<typeof drawnSchema> & { readonly name: string }

/**
 * Objects by name; none where the clips are not there. Those drawn closely enough to measure a
 * tracker by, or, `forRemovals`, those that were drawn for removals alone.
 */
export async function readDrawn(forRemovals = false): Promise<readonly DrawnObject[]> {
  if (!existsSync(MEDIA)) return []
  const folder = forRemovals ? join(MASKS, 'removals') : MASKS
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
  return Promise.all(
    files.map(async (file) => ({
      ...drawnSchema.parse(JSON.parse(await readFile(join(folder, file), 'utf8'))),
      name: file.replace('.json', ''),
    })),
  )
}

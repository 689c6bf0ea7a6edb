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

/** All of them, by name; none where the clips are not there. */
export async function readDrawn(): Promise<readonly DrawnObject[]> {
  if (!existsSync(MEDIA)) return []
  const files = (await readdir(MASKS)).sort()
  return Promise.all(
    files.map(async (file) => ({
      ...drawnSchema.parse(JSON.parse(await readFile(join(MASKS, file), 'utf8'))),
      name: file.replace('.json', ''),
    })),
  )
}

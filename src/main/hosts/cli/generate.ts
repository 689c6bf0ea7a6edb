import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../shared/contract/errors.js'
import type { ExportPreset, GenerateInput } from '../../../shared/contract/job.js'
import { recordOf } from '../../../shared/document/model.js'
import { temporaryFolder } from '../temporaryFolder.js'
import { outPath } from './out.js'
import type { CommandContext } from './session.js'
import { unknownWords } from './words.js'

/** What is read of a generated clip's recipe; the rest is passed on as it is. */
const recipeSchema = z.looseObject({
  upscale: z.union([z.literal('lanczos'), z.object({ id: z.string() })]),
  result: z.looseObject({
    chosen: z
      .looseObject({ seed: z.number(), mirrored: z.boolean(), agreements: z.array(z.number()) })
      .nullable(),
  }),
})

export interface GenerateOptions {
  readonly input: Omit<GenerateInput, 'place'>
  readonly out: string
  readonly preset: ExportPreset
  readonly overwrite: boolean
}

/** Makes a clip in a project of its own that is deleted afterwards, and exports it. */
export async function generate(
  { client, paths, report }: CommandContext,
  { input, preset, overwrite, ...options }: GenerateOptions,
): Promise<boolean> {
  const out = await outPath(report, options.out, overwrite)
  const folder = await temporaryFolder(paths.data, 'generate')
  try {
    const project = join(folder, 'project')
    await client.call('project.create', { folder: project, name: 'generate' })
    const { assetId } = await client.runJob('generate', { ...input, place: true })
    const state = await client.call('project.state', {})
    const made = state === null ? undefined : recordOf(state.doc, 'asset', assetId)?.made
    if (made === undefined) throw new AppError('internal', 'The generated clip is not there.')
    const recipe = recipeSchema.parse(
      JSON.parse(await readFile(join(project, made.recipe), 'utf8')),
    )
    const { frames, bytes } = await client.runJob('export', { preset, path: out, overwrite })
    const unknown = made.pack === null ? [] : await unknownWords(client, made.pack.id, made.prompt)
    report.result({ path: out, preset, frames, bytes, recipe, unknown }, [
      `Wrote ${out} (${frames} frames, ${(bytes / 1e6).toFixed(1)} MB).`,
      `Made by ${made.pack?.id ?? 'no model'} with seed ${made.seed}.`,
      ...choice(recipe.result.chosen),
      ...(await enlargement(recipe.upscale, client)),
      ...unknown,
    ])
    return true
  } finally {
    await client.call('project.close', {})
    await rm(folder, { recursive: true, force: true })
  }
}

/** Says which of several beginnings was made. */
function choice(chosen: z.infer<typeof recipeSchema>['result']['chosen']): readonly string[] {
  if (chosen === null) return []
  const turned = chosen.mirrored ? ', turned round since its mirror image fits better' : ''
  return [
    `The best of ${chosen.agreements.length} beginnings: that of seed ${chosen.seed}${turned}.`,
  ]
}

/** Says which network made the clip larger, or why none did. */
async function enlargement(
  upscale: z.infer<typeof recipeSchema>['upscale'],
  client: CommandContext['client'],
): Promise<readonly string[]> {
  if (upscale !== 'lanczos') return [`Enlarged by ${upscale.id}.`]
  const { upscalers } = await client.call('packs.list', {})
  return upscalers.length > 0
    ? []
    : ['Enlarged without a network: no model pack that enlarges is installed.']
}

import { cp, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { TestProject } from 'vitest/node'

/** Before the first test: what `LUMIERE_PACKS` names (vitest.config.ts), a folder per project. */
export default async function shippedPacks({ name }: TestProject): Promise<void> {
  const folder = resolve('out/test-packs', name)
  await rm(folder, { recursive: true, force: true })
  await cp(resolve('resources/model-packs/lumiere-style'), join(folder, 'lumiere-style'), {
    recursive: true,
  })
}

import { cp, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/** Before the first test: what `LUMIERE_PACKS` names (vitest.config.ts). */
export default async function shippedPacks(): Promise<void> {
  const folder = resolve('out/test-packs')
  await rm(folder, { recursive: true, force: true })
  await cp(resolve('resources/model-packs/lumiere-style'), join(folder, 'lumiere-style'), {
    recursive: true,
  })
}

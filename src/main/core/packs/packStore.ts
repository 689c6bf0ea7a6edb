import { cp, mkdir, readFile, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import type { PackSource, RefusedProvider } from '../../../shared/contract/sources.js'
import { AppError, toErrorData } from '../../../shared/contract/errors.js'
import {
  PACK_FILE,
  isClipsManifest,
  isStyleManifest,
  isUpscaleManifest,
  packFiles,
} from '../../../shared/contract/pack.js'
import type {
  BrokenPack,
  PackExample,
  PackFacts,
  PackList,
  PackSummary,
} from '../../../shared/contract/pack.js'
import { toWriteError, writeAtomic } from '../project/disk.js'
import { readPack, verifyPack } from './readPack.js'
import type { AnyPack, Pack, StylePack, UpscalePack } from './readPack.js'

/** The model packs of this computer: those that came with the app and those that were installed. */
export interface PackStore {
  list(): Promise<PackList>
  /** @throws AppError `pack-missing` */
  summary(id: string): Promise<PackFacts>
  /**
   * The pack of clips with this id, or the best one for a capability: trained before untrained,
   * installed before shipped.
   *
   * @throws AppError `pack-missing` saying how to get one; the pack's own failure when it is named
   */
  find(wanted: Wanted): Promise<Pack>
  /** The same among the packs that paint frames. */
  findStyle(wanted: Wanted): Promise<StylePack>
  /** The same among the packs that enlarge frames; null where there is none, which is no failure. */
  findUpscaler(): Promise<UpscalePack | null>
  /** The same among all packs. */
  findAny(wanted: Wanted): Promise<AnyPack>
  /**
   * Copies a pack in from a folder, verified before it can be seen; takes the place of an
   * installed one with the same id.
   *
   * @throws AppError `pack-invalid`, `pack-damaged`, `pack-too-new`, `disk-full`, `disk-write`
   */
  install(folder: string, signal?: AbortSignal): Promise<PackFacts>
  /** @throws AppError `pack-missing`; `forbidden` for a pack that came with the app */
  remove(id: string): Promise<void>
  /** What the engine needs to load a pack, with what earlier runs taught. */
  source<P extends AnyPack>(
    pack: P,
  ): Promise<{
    readonly folder: string
    readonly manifest: P['manifest']
    readonly slow: PackSource['slow']
  }>
  /** Remembers the providers that a run found slower than the processor. */
  learn(pack: AnyPack, refused: readonly RefusedProvider[]): Promise<void>
  /** The model card, Markdown. */
  card(pack: AnyPack): Promise<string>
  /** What the pack made of some prompts; those whose pictures cannot be read are left out. */
  examples(pack: Pack): Promise<readonly PackExample[]>
  /** The pieces of the pack's vocabulary, in the order of their numbers. */
  vocabulary(pack: Pack): Promise<readonly string[]>
}

interface Wanted {
  readonly id?: string
  readonly capability?: string
}

interface Found<P extends AnyPack = AnyPack> {
  readonly pack: P
  readonly from: PackFacts['from']
}

const isClips = (one: Found): one is Found<Pack> => isClipsManifest(one.pack.manifest)
const isStyle = (one: Found): one is Found<StylePack> => isStyleManifest(one.pack.manifest)
const isUpscaler = (one: Found): one is Found<UpscalePack> => isUpscaleManifest(one.pack.manifest)
const isAny = (_: Found): _ is Found => true

export function createPackStore(options: {
  /** Packs shipped with the app. */
  readonly appFolder: string
  /** Packs of the person. */
  readonly installedFolder: string
  /** Where it is kept which providers are slow here. */
  readonly slowFile: string
}): PackStore {
  const { appFolder, installedFolder, slowFile } = options

  async function scan(): Promise<{ found: Found[]; broken: BrokenPack[] }> {
    const found = new Map<string, Found>()
    const broken: BrokenPack[] = []
    for (const [root, from] of [
      [installedFolder, 'installed'],
      [appFolder, 'app'],
    ] as const) {
      const entries = await readdir(root, { withFileTypes: true }).catch(() => [])
      for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
        // A dot marks what an interrupted installation left.
        if (!entry.isDirectory() || entry.name.startsWith('.')) continue
        const folder = join(root, entry.name)
        try {
          const pack = await readPack(folder)
          if (!found.has(pack.manifest.id)) found.set(pack.manifest.id, { pack, from })
        } catch (error) {
          broken.push({ folder, error: toErrorData(error) })
        }
      }
    }
    return { found: [...found.values()], broken }
  }

  async function findAmong<P extends AnyPack>(
    kind: (one: Found) => one is Found<P>,
    wanted: Wanted,
  ): Promise<P> {
    const { found, broken } = await scan()
    const able = found
      .filter(kind)
      .filter(
        ({ pack: { manifest } }) =>
          (wanted.id === undefined || manifest.id === wanted.id) &&
          (wanted.capability === undefined || manifest.capabilities.includes(wanted.capability)),
      )
    const best = able.find(({ pack }) => pack.manifest.training.steps > 0) ?? able[0]
    if (best !== undefined) return best.pack
    const failure = broken.find(({ folder }) => basename(folder) === wanted.id)
    if (failure !== undefined) throw AppError.from(failure.error)
    throw missing(wanted.id, installedFolder)
  }

  return {
    find: (wanted) => findAmong(isClips, wanted),
    findStyle: (wanted) => findAmong(isStyle, wanted),
    findUpscaler: () =>
      findAmong(isUpscaler, { capability: 'upscale' }).catch((error: unknown) => {
        if (toErrorData(error).code === 'pack-missing') return null
        throw error
      }),
    findAny: (wanted) => findAmong(isAny, wanted),

    async list() {
      const { found, broken } = await scan()
      const packs = found.filter(isClips).map(summaryOf)
      const styles = found.filter(isStyle).map(factsOf)
      const upscalers = found.filter(isUpscaler).map(factsOf)
      return { packs, styles, upscalers, broken, folder: installedFolder }
    },

    async summary(id) {
      const { found } = await scan()
      const one = found.find(({ pack }) => pack.manifest.id === id)
      if (one === undefined) throw missing(id, installedFolder)
      return factsOf(one)
    },

    async install(from, signal) {
      const source = await readPack(resolve(from))
      await verifyPack(source, signal === undefined ? {} : { signal })
      const { id } = source.manifest
      const target = join(installedFolder, id)
      const fresh = join(installedFolder, `.${id}.new`)
      const old = join(installedFolder, `.${id}.old`)
      try {
        await mkdir(installedFolder, { recursive: true })
        for (const folder of [fresh, old]) await rm(folder, { recursive: true, force: true })
        await mkdir(fresh)
        // Only what the manifest names: whatever else lies in that folder is not ours to copy.
        const files = [
          PACK_FILE,
          source.manifest.card,
          ...packFiles(source.manifest).map((one) => one.file),
        ]
        for (const file of new Set(files)) {
          signal?.throwIfAborted()
          await cp(join(source.folder, file), join(fresh, file))
        }
        // A full disk or a pulled stick may leave a copy that only looks whole.
        await verifyPack(await readPack(fresh), signal === undefined ? {} : { signal })
        await rename(target, old).catch(() => undefined)
        await rename(fresh, target)
        await rm(old, { recursive: true, force: true })
      } catch (error) {
        await rm(fresh, { recursive: true, force: true })
        if (signal?.aborted === true) throw error
        throw toWriteError(error, `the model pack ${id}`)
      }
      return factsOf({ pack: await readPack(target), from: 'installed' })
    },

    async remove(id) {
      const { found } = await scan()
      const one = found.find(({ pack }) => pack.manifest.id === id)
      if (one === undefined) throw missing(id, installedFolder)
      if (one.from === 'app') {
        throw new AppError('forbidden', `The model pack ${id} belongs to the app.`, {
          hint: 'Only packs that you installed can be removed.',
        })
      }
      await rm(one.pack.folder, { recursive: true, force: true })
    },

    async source(pack) {
      const slow = (await readSlow(slowFile))[pack.sha256] ?? []
      return { folder: pack.folder, manifest: pack.manifest, slow }
    },

    async learn(pack, refused) {
      const slow = refused.flatMap(({ name, reason, slow: isSlow }) =>
        isSlow === true ? [{ name, reason, slow: true as const }] : [],
      )
      const known = await readSlow(slowFile)
      if (slow.length === (known[pack.sha256] ?? []).length) return
      await mkdir(dirname(slowFile), { recursive: true })
      const all = JSON.stringify({ ...known, [pack.sha256]: slow }, null, 2)
      await writeAtomic(slowFile, all)
    },

    async card({ folder, manifest }) {
      return readFile(join(folder, manifest.card), 'utf8').catch(() => '')
    },

    async examples({ folder, manifest }) {
      const read = (manifest.examples ?? []).map(async ({ prompt, picture, frames, rate }) => {
        const content = await readFile(join(folder, picture.file)).catch(() => null)
        if (content === null || content.length !== picture.bytes) return []
        const url = `data:image/webp;base64,${content.toString('base64')}`
        return [{ prompt, picture: url, frames, rate }]
      })
      return (await Promise.all(read)).flat()
    },

    async vocabulary({ folder, manifest }) {
      const text = await readFile(join(folder, manifest.vocabulary.file), 'utf8')
      return text.split(/\r?\n/).filter((line) => line !== '')
    },
  }
}

const slowSchema = z.record(
  z.string(),
  z.array(z.object({ name: z.string(), reason: z.string(), slow: z.literal(true) })),
)

async function readSlow(file: string): Promise<z.infer<typeof slowSchema>> {
  try {
    return slowSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    // Missing or damaged: every provider is tried anew.
    return {}
  }
}

function summaryOf(found: Found<Pack>): PackSummary {
  const { languages, scheduler, frames, seconds, width, height, components } = found.pack.manifest
  const reranks = components.reranker !== undefined
  return { ...factsOf(found), languages, scheduler, frames, seconds, width, height, reranks }
}

function factsOf({ pack, from }: Found): PackFacts {
  const { folder, manifest, sha256 } = pack
  const { id, version, name, licence, capabilities, remark } = manifest
  return {
    ...{ id, version, sha256, name, licence, folder, from, capabilities },
    bytes: packFiles(manifest).reduce((sum, one) => sum + one.bytes, 0),
    trained: manifest.training.steps > 0,
    ...(remark === undefined ? {} : { remark }),
  }
}

function missing(id: string | undefined, folder: string): AppError {
  return new AppError(
    'pack-missing',
    id === undefined
      ? 'No model pack that can do this is installed.'
      : `No model pack "${id}" that can do this is installed.`,
    {
      hint: `Install one with "lumiere packs install FOLDER", or put its folder into ${folder}.`,
    },
  )
}

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../shared/contract/errors.js'
import {
  PACK_FILE,
  PACK_FORMAT_VERSION,
  manifestSchemas,
  packFiles,
  packHeaderSchema,
} from '../../../shared/contract/pack.js'
import type {
  AnyManifest,
  PackKind,
  PackManifest,
  StyleManifest,
  UpscaleManifest,
} from '../../../shared/contract/pack.js'

/** A pack whose manifest was read and whose files are all there at their sizes. */
export interface AnyPack {
  readonly folder: string
  readonly manifest: AnyManifest
  /** Digest of the manifest file. */
  readonly sha256: string
}

/** One that makes clips. */
export interface Pack extends AnyPack {
  readonly manifest: PackManifest
}

/** One that paints frames. */
export interface StylePack extends AnyPack {
  readonly manifest: StyleManifest
}

/** One that enlarges frames. */
export interface UpscalePack extends AnyPack {
  readonly manifest: UpscaleManifest
}

/** More than any manifest needs; a larger file is something else. */
const MANIFEST_BYTES = 4 * 1024 * 1024

/**
 * Reads a pack's manifest and looks at every file it names, without reading the weights.
 *
 * @throws AppError `pack-invalid`, `pack-too-new`, `pack-damaged`
 */
export async function readPack(folder: string): Promise<AnyPack> {
  const path = join(folder, PACK_FILE)
  const found = await stat(path).catch(() => null)
  if (found === null || !found.isFile() || found.size > MANIFEST_BYTES) {
    throw invalid(folder, `There is no ${PACK_FILE} in it.`)
  }
  const content = await readFile(path)
  let data: unknown
  try {
    data = JSON.parse(content.toString('utf8'))
  } catch (error) {
    throw invalid(folder, error instanceof Error ? error.message : String(error))
  }
  const header = packHeaderSchema.safeParse(data)
  if (!header.success) throw invalid(folder, header.error.message)
  const { formatVersion, kind } = header.data
  if (formatVersion > PACK_FORMAT_VERSION || (kind !== undefined && !isKind(kind))) {
    throw new AppError('pack-too-new', 'This model pack was made for a newer version of the app.', {
      hint: 'Update Lumière Studio, or install an older version of the pack.',
      detail: `format ${formatVersion} ${kind ?? ''}, this app reads ${PACK_FORMAT_VERSION}: ${folder}`,
    })
  }
  const parsed = manifestSchemas[kind ?? 'clips'].safeParse(data)
  if (!parsed.success) throw invalid(folder, parsed.error.message)
  const manifest = parsed.data
  for (const { file, bytes } of packFiles(manifest)) {
    const part = await stat(join(folder, file)).catch(() => null)
    if (part === null || !part.isFile()) throw damaged(manifest, `${file} is missing`)
    if (part.size !== bytes) {
      throw damaged(manifest, `${file} has ${part.size} bytes instead of ${bytes}`)
    }
  }
  return { folder, manifest, sha256: createHash('sha256').update(content).digest('hex') }
}

/**
 * Reads every file and compares digests.
 *
 * @throws AppError `pack-damaged` naming the first file that differs; `cancelled`
 */
export async function verifyPack(
  { folder, manifest }: AnyPack,
  options: { readonly signal?: AbortSignal; readonly onBytes?: (bytes: number) => void } = {},
): Promise<void> {
  let done = 0
  for (const { file, sha256 } of packFiles(manifest)) {
    const hash = createHash('sha256')
    const stream = createReadStream(join(folder, file), { highWaterMark: 1 << 20 })
    for await (const part of stream as AsyncIterable<Uint8Array>) {
      options.signal?.throwIfAborted()
      hash.update(part)
      done += part.byteLength
      options.onBytes?.(done)
    }
    if (hash.digest('hex') !== sha256) throw damaged(manifest, `${file} has other contents`)
  }
}

/** Packs of clips name no kind. */
function isKind(name: string): name is Exclude<PackKind, 'clips'> {
  return name !== 'clips' && Object.hasOwn(manifestSchemas, name)
}

function invalid(folder: string, detail: string): AppError {
  return new AppError('pack-invalid', `${folder} is not a model pack that this app can read.`, {
    hint: `Choose the folder that holds ${PACK_FILE}.`,
    detail,
  })
}

function damaged(manifest: AnyManifest, detail: string): AppError {
  return new AppError('pack-damaged', `The model pack ${manifest.id} is damaged: ${detail}.`, {
    hint: 'Copy or download the pack again, then install it anew.',
    detail,
  })
}

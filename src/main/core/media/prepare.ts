import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Stack } from '../../../shared/document/layers.js'
import type { AssetRec, TakeRec } from '../../../shared/document/model.js'
import {
  assetCache,
  previewIdOf,
  TAKE_FILES,
  takePreview,
  WAVEFORM_RATE,
} from '../../../shared/projectPaths.js'
import type { FilmstripIndex } from '../../../shared/projectPaths.js'
import { readSound } from '../../ffmpeg/audio.js'
import { openWriter, rawInput } from '../../ffmpeg/frameWriter.js'
import { readFrames } from '../../ffmpeg/frames.js'
import { conversion } from '../../ffmpeg/filters.js'
import { frameBytes } from '../../ffmpeg/layout.js'
import type { FrameFormat } from '../../ffmpeg/layout.js'
import { runFfmpeg } from '../../ffmpeg/run.js'
import type { FfmpegTools } from '../../ffmpeg/tools.js'
import { exists, writeWhole } from './files.js'
import type { MediaWork } from './progress.js'
import { PROXY_GOP, proxyFormat, writeProxy } from './proxy.js'
import { nativeFormat, placedTake, sourceWithTakes } from '../../ffmpeg/takeFrames.js'
import type { PlacedTake } from '../../ffmpeg/takeFrames.js'
import { createWaveform } from './waveform.js'

interface AssetWork extends MediaWork {
  readonly tools: FfmpegTools
  readonly projectFolder: string
  readonly asset: AssetRec
}
interface TakeWork extends AssetWork {
  readonly take: TakeRec
}

/**
 * Builds what the page needs of an asset: proxy, filmstrip, waveform (see projectPaths.ts).
 * Skips what is there; each file appears whole or not at all.
 *
 * @throws AppError `file-missing`, `media-damaged`, `disk-full`, `disk-write`, `cancelled`, `ffmpeg-failed`
 */
export async function prepareAsset(work: AssetWork): Promise<void> {
  const { tools, projectFolder, asset, onProgress, signal } = work
  const at = placesOf(projectFolder, asset.id)
  const source = { path: join(projectFolder, asset.path), info: asset.info }
  if (!(await exists(at.proxy))) {
    const format = proxyFormat(asset.info)
    const count = asset.info.frames
    await writeProxy(tools.ffmpeg, at.proxy, {
      frames: readFrames(tools.ffmpeg, source, { from: 0, to: count, ...format, signal }),
      ...{
        count,
        format,
        target: format,
        fps: asset.info.fps,
        sound: source,
        phase: 'proxy',
        onProgress,
        signal,
      },
    })
  }
  if (!(await exists(at.filmstrip)) || !(await exists(at.filmstripIndex)))
    await writeFilmstrip(work)
  if (asset.info.audio !== null && !(await exists(at.waveform))) await writeWaveform(work)
}

/** True when nothing that {@link prepareAsset} makes is missing. */
export async function isPrepared(projectFolder: string, asset: AssetRec): Promise<boolean> {
  const at = placesOf(projectFolder, asset.id)
  const wanted = [at.proxy, at.filmstrip, at.filmstripIndex]
  if (asset.info.audio !== null) wanted.push(at.waveform)
  const there = await Promise.all(wanted.map(exists))
  return there.every(Boolean)
}

/**
 * Builds the proxy of a take laid over its source; frame 0 is the take's first. It has no sound:
 * the asset's proxy has it. Skips it when it is there.
 *
 * @throws as {@link prepareAsset}
 */
export async function preparePreview(work: TakeWork): Promise<void> {
  const { from, to } = work.take
  await writePreview(work, previewIdOf(work.take), { from, to, takes: [placed(work)] })
}

/**
 * Builds the proxy of a stretch of a clip with several takes over it; frame 0 is the stretch's
 * first. Skips it when it is there.
 *
 * @throws as {@link prepareAsset}
 */
export async function prepareStack(work: AssetWork & { readonly stack: Stack }): Promise<void> {
  const { projectFolder, stack } = work
  const { from, to } = stack
  const takes = stack.layers.map((layer) => placedTake(layer, (path) => join(projectFolder, path)))
  await writePreview(work, stack.id, { from, to, takes })
}

async function writePreview(
  work: AssetWork,
  id: string,
  shown: { readonly from: number; readonly to: number; readonly takes: readonly PlacedTake[] },
): Promise<void> {
  const { tools, projectFolder, asset, onProgress, signal } = work
  const path = join(projectFolder, takePreview(id))
  if (await exists(path)) return
  const source = sourceOf(work)
  await writeProxy(tools.ffmpeg, path, {
    frames: sourceWithTakes(tools.ffmpeg, source, { ...shown, signal }),
    ...{ count: shown.to - shown.from, format: nativeFormat(source) },
    target: proxyFormat(asset.info),
    ...{ fps: asset.info.fps, phase: 'preview', onProgress, signal },
  })
}

/** True when the take's preview is there. */
export function isPreviewPrepared(projectFolder: string, take: TakeRec): Promise<boolean> {
  return exists(join(projectFolder, takePreview(previewIdOf(take))))
}

/** Longest side of a take's thumbnail, in pixels. */
const THUMB_SIDE = 320

/** Writes the take's thumb.jpg: its middle frame over the source. */
export async function writeTakeThumb(work: TakeWork): Promise<void> {
  const { tools, projectFolder, asset, take, signal } = work
  const { info } = asset
  const source = sourceOf(work)
  const format = nativeFormat(source)
  const scale = Math.min(1, THUMB_SIDE / Math.max(info.width, info.height))
  const target: FrameFormat = {
    layout: 'yuv444p',
    width: Math.max(1, Math.round(info.width * scale)),
    height: Math.max(1, Math.round(info.height * scale)),
    // JPEG's own.
    colour: { matrix: 'bt601', range: 'pc' },
  }
  const middle = Math.floor((take.from + take.to) / 2)
  const frames = sourceWithTakes(tools.ffmpeg, source, {
    ...{ from: middle, to: middle + 1, takes: [placed(work)], signal },
  })
  await writeWhole(join(projectFolder, take.path, TAKE_FILES.thumb), async (temporary) => {
    const writer = openWriter(tools.ffmpeg, {
      input: rawInput({ ...format, fps: info.fps }),
      output: [
        ...[
          '-vf',
          conversion(format, target),
          '-pix_fmt',
          'yuvj444p',
          '-c:v',
          'mjpeg',
          '-q:v',
          '3',
        ],
        ...ONE_PICTURE,
      ],
      path: temporary,
      doing: 'write the thumbnail',
      frameSize: frameBytes(format.layout, format.width, format.height),
      signal,
    })
    try {
      for await (const frame of frames) await writer.write(frame)
      await writer.finish()
    } catch (error) {
      await writer.abort()
      throw error
    }
  })
}

/** One JPEG as a plain stream: the muxer for numbered pictures does not notice a full disk. */
const ONE_PICTURE = ['-frames:v', '1', '-f', 'mjpeg']

const THUMB_HEIGHT = 68
/** Enough pictures for a timeline as wide as a large screen; more only costs time. */
const MOST_THUMBS = 120

async function writeFilmstrip({
  tools,
  projectFolder,
  asset,
  onProgress,
  signal,
}: AssetWork): Promise<void> {
  const { info } = asset
  const at = placesOf(projectFolder, asset.id)
  const strip = filmstripOf(info)
  const rows = Math.ceil(strip.count / strip.columns)
  // Where the step falls on key frames, no other frame of the proxy needs decoding.
  const keyOnly = strip.frameStep % PROXY_GOP === 0
  const step = keyOnly ? strip.frameStep / PROXY_GOP : strip.frameStep
  const filters = [
    ...(step === 1 ? [] : [`select=not(mod(n\\,${step}))`]),
    `scale=${strip.width}:${strip.height}:flags=area`,
    `tile=${strip.columns}x${rows}`,
  ]
  onProgress?.({ phase: 'thumbnails', done: 0, total: strip.count })
  await writeWhole(at.filmstrip, (temporary) =>
    runFfmpeg(
      tools.ffmpeg,
      {
        doing: 'make the filmstrip',
        inputs: [{ path: at.proxy, options: keyOnly ? ['-skip_frame', 'nokey'] : [] }],
        outputs: [
          {
            path: temporary,
            options: [
              '-an',
              '-vf',
              filters.join(','),
              '-vsync',
              'passthrough',
              '-q:v',
              '4',
              ...ONE_PICTURE,
            ],
          },
        ],
      },
      {
        signal,
        onProgress: ({ seconds }) => {
          const frame = (seconds * info.fps.num) / info.fps.den
          const done = Math.min(strip.count, Math.floor(frame / strip.frameStep))
          onProgress?.({ phase: 'thumbnails', done, total: strip.count })
        },
      },
    ),
  )
  await writeWhole(at.filmstripIndex, (temporary) => writeFile(temporary, JSON.stringify(strip)))
  onProgress?.({ phase: 'thumbnails', done: strip.count, total: strip.count })
}

/** The grid for a clip of this size and length. */
export function filmstripOf(info: AssetRec['info']): FilmstripIndex {
  const wanted = Math.ceil(info.frames / MOST_THUMBS)
  const frameStep = wanted <= PROXY_GOP ? wanted : Math.ceil(wanted / PROXY_GOP) * PROXY_GOP
  const count = Math.ceil(info.frames / frameStep)
  const width = Math.max(2, 2 * Math.round((THUMB_HEIGHT * info.width) / info.height / 2))
  return { columns: Math.min(10, count), count, frameStep, width, height: THUMB_HEIGHT }
}

/** Decoding rate of the waveform: a whole number of samples for each pair of peaks. */
const WAVEFORM_SAMPLES = 480

async function writeWaveform({
  tools,
  projectFolder,
  asset,
  onProgress,
  signal,
}: AssetWork): Promise<void> {
  const { info } = asset
  const pairs = Math.ceil((info.frames * info.fps.den * WAVEFORM_RATE) / info.fps.num)
  const waveform = createWaveform(pairs, WAVEFORM_SAMPLES)
  const blocks = readSound(
    tools.ffmpeg,
    { path: join(projectFolder, asset.path), info },
    {
      ...{ fromSeconds: 0, samples: pairs * WAVEFORM_SAMPLES, channels: 1, signal },
      ...{ sampleRate: WAVEFORM_RATE * WAVEFORM_SAMPLES, block: 100 * WAVEFORM_SAMPLES },
    },
  )
  for await (const block of blocks) {
    waveform.add(block)
    onProgress?.({ phase: 'waveform', done: waveform.done(), total: pairs })
  }
  await writeWhole(placesOf(projectFolder, asset.id).waveform, (temporary) =>
    writeFile(temporary, waveform.bytes),
  )
}

function placesOf(projectFolder: string, assetId: string): ReturnType<typeof assetCache> {
  const cache = assetCache(assetId)
  return {
    folder: join(projectFolder, cache.folder),
    proxy: join(projectFolder, cache.proxy),
    filmstrip: join(projectFolder, cache.filmstrip),
    filmstripIndex: join(projectFolder, cache.filmstripIndex),
    waveform: join(projectFolder, cache.waveform),
  }
}

function sourceOf({ projectFolder, asset }: AssetWork): { path: string; info: AssetRec['info'] } {
  return { path: join(projectFolder, asset.path), info: asset.info }
}

function placed({ projectFolder, take }: TakeWork): { path: string; from: number; to: number } {
  return { path: join(projectFolder, take.path, TAKE_FILES.video), from: take.from, to: take.to }
}

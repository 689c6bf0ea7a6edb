import type { FilmstripIndex, TakeConfidence } from '../../shared/projectPaths.js'
import { TAKE_FILES, assetCache } from '../../shared/projectPaths.js'
import { bridge } from '../bridge/index.js'

export interface Filmstrip {
  readonly index: FilmstripIndex
  readonly picture: ImageBitmap
}

/** Small files that the timeline draws from, read when first needed. */
export interface ProjectFiles {
  filmstrip(assetId: string): Filmstrip | null
  /** Signed bytes min,max,min,max... */
  waveform(assetId: string): Int8Array | null
  confidence(takePath: string): TakeConfidence | null
  /** Asks again for what was not there: it may have been made by now. */
  retry(): void
  close(): void
}

async function answer(path: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(bridge.mediaUrl(path), { signal })
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  return response
}

/** @param changed called when something has arrived and is worth drawing */
export function createProjectFiles(changed: () => void): ProjectFiles {
  const abort = new AbortController()
  const values = new Map<string, unknown>()
  /** Under way, or not there: either way not to be asked for again now. */
  const asked = new Set<string>()

  const read = <T>(key: string, load: (signal: AbortSignal) => Promise<T>): T | null => {
    // Every key has one loader, so what was stored is what it gave.
    if (values.has(key)) return values.get(key) as T
    if (asked.has(key)) return null
    asked.add(key)
    load(abort.signal).then(
      (value) => {
        if (abort.signal.aborted) return
        values.set(key, value)
        changed()
      },
      // Missing pictures are no failure: the cache is being made, and plain clips are drawn until then.
      () => undefined,
    )
    return null
  }

  return {
    filmstrip(assetId) {
      const files = assetCache(assetId)
      return read(files.filmstrip, async (signal): Promise<Filmstrip> => {
        const [index, picture] = await Promise.all([
          answer(files.filmstripIndex, signal).then(
            (response) => response.json() as Promise<FilmstripIndex>,
          ),
          answer(files.filmstrip, signal)
            .then((response) => response.blob())
            .then((blob) => createImageBitmap(blob)),
        ])
        return { index, picture }
      })
    },
    waveform(assetId) {
      const path = assetCache(assetId).waveform
      return read(
        path,
        async (signal) => new Int8Array(await (await answer(path, signal)).arrayBuffer()),
      )
    },
    confidence(takePath) {
      const path = `${takePath}/${TAKE_FILES.confidence}`
      return read(
        path,
        async (signal) => (await (await answer(path, signal)).json()) as TakeConfidence,
      )
    },
    retry() {
      for (const key of asked) if (!values.has(key)) asked.delete(key)
      changed()
    },
    close() {
      abort.abort()
      values.clear()
    },
  }
}

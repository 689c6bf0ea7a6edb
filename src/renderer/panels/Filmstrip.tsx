import { useEffect, useState } from 'react'
import type { AssetRec } from '../../shared/document/model.js'
import { assetCache } from '../../shared/projectPaths.js'
import type { FilmstripIndex } from '../../shared/projectPaths.js'
import { bridge } from '../bridge/index.js'

/** The small pictures of an asset; moving the pointer across shows the clip from start to end. */
export function Filmstrip({
  asset,
  ready,
}: {
  readonly asset: AssetRec
  /** False while the pictures are still being made. */
  readonly ready: boolean
}) {
  const index = useFilmstripIndex(asset.id, ready)
  const [place, setPlace] = useState(0.25)
  if (index === null) return <div className="thumb thumb-empty" />
  const picture = Math.min(index.count - 1, Math.floor(place * index.count))
  const rows = Math.ceil(index.count / index.columns)
  const column = picture % index.columns
  const row = Math.floor(picture / index.columns)
  return (
    <div
      className="thumb"
      onPointerMove={(event) => {
        const box = event.currentTarget.getBoundingClientRect()
        setPlace(Math.min(0.999, Math.max(0, (event.clientX - box.left) / box.width)))
      }}
      onPointerLeave={() => setPlace(0.25)}
    >
      <div
        className="thumb-picture"
        style={{
          aspectRatio: `${index.width} / ${index.height}`,
          backgroundImage: `url("${bridge.mediaUrl(assetCache(asset.id).filmstrip)}")`,
          backgroundSize: `${index.columns * 100}% ${rows * 100}%`,
          backgroundPosition: `${share(column, index.columns)}% ${share(row, rows)}%`,
        }}
      />
    </div>
  )
}

/** CSS counts a background's place in percent of the room left over. */
function share(cell: number, cells: number): number {
  return cells <= 1 ? 0 : (cell / (cells - 1)) * 100
}

function useFilmstripIndex(assetId: string, ready: boolean): FilmstripIndex | null {
  const [index, setIndex] = useState<FilmstripIndex | null>(null)
  useEffect(() => {
    if (!ready) return undefined
    const abort = new AbortController()
    fetch(bridge.mediaUrl(assetCache(assetId).filmstripIndex), { signal: abort.signal })
      .then(async (response) => {
        if (response.ok) setIndex((await response.json()) as FilmstripIndex)
      })
      // A missing cache is rebuilt by core; the grey box stays until then.
      .catch(() => undefined)
    return () => abort.abort()
  }, [assetId, ready])
  return index
}

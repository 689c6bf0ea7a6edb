import { useEffect, useState } from 'react'
import { z } from 'zod'
import type { RemoveParams, TakeRec } from '../../shared/document/model.js'
import { removeParamsSchema } from '../../shared/document/schema/index.js'
import type { TakeConfidence } from '../../shared/projectPaths.js'
import { TAKE_FILES } from '../../shared/projectPaths.js'
import { bridge } from '../bridge/index.js'

const recipeSchema = z.object({ params: removeParamsSchema })

/** The small files of a take that a panel shows; each null until read, or where it is not there. */
export interface TakeFacts {
  readonly confidence: TakeConfidence | null
  /** What the removal was made with. */
  readonly params: RemoveParams | null
}

const NOTHING: TakeFacts = { confidence: null, params: null }

/** @param revision read again when it changes */
export function useTakeFacts(take: TakeRec, revision: unknown): TakeFacts {
  const [facts, setFacts] = useState(NOTHING)
  const { path } = take
  useEffect(() => {
    const abort = new AbortController()
    const read = async (file: string): Promise<unknown> => {
      const response = await fetch(bridge.mediaUrl(`${path}/${file}`), { signal: abort.signal })
      return response.ok ? response.json() : null
    }
    Promise.all([read(TAKE_FILES.confidence), read(TAKE_FILES.recipe)]).then(
      ([confidence, recipe]) => {
        if (abort.signal.aborted) return
        setFacts({
          confidence: confidence as TakeConfidence | null,
          params: recipeSchema.safeParse(recipe).data?.params ?? null,
        })
      },
      () => undefined,
    )
    return () => abort.abort()
  }, [path, revision])
  return facts
}

import { create } from 'zustand'
import type { Output } from '../../shared/contract/api.js'
import { toErrorData } from '../../shared/contract/errors.js'
import type { ErrorData } from '../../shared/contract/errors.js'
import type { PackFacts, PackList, PackSummary } from '../../shared/contract/pack.js'
import { bridge } from '../bridge/index.js'

/** What is inside a pack: its card and its words. */
export type PackContent = Output<'packs.read'>

interface PacksState {
  /** Null until core has answered. */
  readonly list: PackList | null
  readonly error: ErrorData | null
  /** By id and digest, read when somebody looks. */
  readonly contents: Readonly<Record<string, PackContent>>
}

export const usePacks = create<PacksState>()(() => ({ list: null, error: null, contents: {} }))

export async function refreshPacks(): Promise<void> {
  try {
    usePacks.setState({ list: await bridge.call('packs.list', {}), error: null })
  } catch (thrown) {
    usePacks.setState({ error: toErrorData(thrown) })
  }
}

export function contentKey({ id, sha256 }: PackFacts): string {
  return `${id} ${sha256}`
}

/** @throws AppError */
export async function readPackContent(pack: PackFacts): Promise<void> {
  const key = contentKey(pack)
  if (usePacks.getState().contents[key] !== undefined) return
  const content = await bridge.call('packs.read', { id: pack.id })
  usePacks.setState(({ contents }) => ({ contents: { ...contents, [key]: content } }))
}

/** The packs that can make clips from words, trained ones first. */
export function generators(list: PackList | null): readonly PackSummary[] {
  return capable(list, 'generate')
}

/** The packs that can imagine how a still moves, trained ones first. */
export function animators(list: PackList | null): readonly PackSummary[] {
  return capable(list, 'animate')
}

/** The packs that can make part of a clip anew, trained ones first. */
export function painters(list: PackList | null): readonly PackSummary[] {
  return capable(list, 'inpaint')
}

/** The packs that can style a clip in words, trained ones first. */
export function stylers(list: PackList | null): readonly PackSummary[] {
  return capable(list, 'stylize')
}

function capable(list: PackList | null, capability: string): readonly PackSummary[] {
  const able = (list?.packs ?? []).filter((pack) => pack.capabilities.includes(capability))
  return able.toSorted((a, b) => Number(b.trained) - Number(a.trained))
}

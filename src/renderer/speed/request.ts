import type { RetimeInput } from '../../shared/contract/job.js'

/** A change of speed as a request: lists on the wire are not read-only. */
export function requestOf({ params, ...input }: RetimeInput) {
  const operations = [...params.operations]
  return { kind: 'retime' as const, input: { ...input, params: { ...params, operations } } }
}

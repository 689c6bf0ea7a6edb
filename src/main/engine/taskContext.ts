import type { EngineProgress } from '../../shared/contract/engine.js'

/** What a task gets beside its input. */
export interface TaskContext {
  readonly signal: AbortSignal
  /** Aborted when the person says that it is good enough: the task ends early with what it has. */
  readonly finish: AbortSignal
  report(progress: EngineProgress): void
}

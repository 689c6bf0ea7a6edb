import { setImmediate as nextTurn } from 'node:timers/promises'
import type { EngineRequest, EngineTasks } from '../../shared/contract/engine.js'
import { AppError, toErrorData } from '../../shared/contract/errors.js'
import type { ParentPort } from './parent.js'
import type { TaskContext } from './taskContext.js'
import { edit } from './tasks/edit.js'
import { animate } from './tasks/animate.js'
import { draft } from './tasks/draft.js'
import { generate } from './tasks/generate.js'
import { hello } from './tasks/hello.js'
import { match } from './tasks/match.js'
import { packTest } from './tasks/packTest.js'
import { remove } from './tasks/remove.js'
import { repaint } from './tasks/repaint.js'
import { retime } from './tasks/retime.js'
import { leftovers } from './tasks/leftovers.js'
import { stylise } from './tasks/stylise.js'
import { subjects } from './tasks/subjects.js'
import { track } from './tasks/track.js'

export type TaskTable = {
  readonly [K in keyof EngineTasks]: (
    input: EngineTasks[K]['input'],
    context: TaskContext,
  ) => Promise<EngineTasks[K]['result']>
}

const TASKS: TaskTable = {
  ...{ animate, hello, draft, edit, match, remove, repaint, retime, stylise, track, generate },
  packTest,
  leftovers,
  subjects,
}

type RunRequest = Extract<EngineRequest, { type: 'run' }>

/**
 * Answers core's requests, one task at a time in the order they came. A cancelled task stops at
 * its next step and answers `failed` with the code `cancelled`; no failure ends the process.
 */
export function serve(port: ParentPort, tasks: TaskTable = TASKS): void {
  const waiting: RunRequest[] = []
  const aborts = new Map<string, AbortController>()
  const finishes = new Map<string, AbortController>()
  let busy = false

  async function work(): Promise<void> {
    if (busy) return
    busy = true
    for (let request = waiting.shift(); request !== undefined; request = waiting.shift()) {
      await answer(request)
      await nextTurn()
    }
    busy = false
  }

  async function answer(request: RunRequest): Promise<void> {
    const { id } = request
    const signal = aborts.get(id)?.signal ?? AbortSignal.abort()
    const context: TaskContext = {
      signal,
      finish: finishes.get(id)?.signal ?? signal,
      report: (progress) => port.send({ type: 'progress', id, progress }),
    }
    try {
      signal.throwIfAborted()
      const result = await runTask(tasks, request, context)
      port.send({ type: 'done', id, result })
    } catch (error) {
      // An abort surfaces as many things: a killed ffmpeg, a closed pipe.
      const failure = signal.aborted ? new AppError('cancelled', 'Cancelled.') : error
      port.send({ type: 'failed', id, error: toErrorData(failure) })
    } finally {
      aborts.delete(id)
      finishes.delete(id)
    }
  }

  port.onRequest((request) => {
    if (request.type === 'cancel') {
      aborts.get(request.id)?.abort()
      return
    }
    if (request.type === 'finish') {
      finishes.get(request.id)?.abort()
      return
    }
    aborts.set(request.id, new AbortController())
    finishes.set(request.id, new AbortController())
    waiting.push(request)
    void work()
  })
  port.send({ type: 'ready' })
}

function runTask(
  tasks: TaskTable,
  { task, input }: RunRequest,
  context: TaskContext,
): Promise<EngineTasks[keyof EngineTasks]['result']> {
  if (!Object.hasOwn(tasks, task)) {
    return Promise.reject(new AppError('invalid-request', `The engine has no task "${task}".`))
  }
  const run = tasks[task] as (
    input: RunRequest['input'],
    context: TaskContext,
  ) => Promise<EngineTasks[keyof EngineTasks]['result']>
  return run(input, context)
}

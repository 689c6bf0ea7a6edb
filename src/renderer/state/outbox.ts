/**
 * Sends work to core one piece after the other: two requests side by side could arrive in
 * the wrong order over HTTP, and a command applied out of order is another document.
 */
export interface Outbox {
  /** Runs `task` after everything put in before it, and resolves or rejects as it does. */
  add<T>(task: () => Promise<T>): Promise<T>
  /** Resolves when nothing is waiting or under way. */
  idle(): Promise<void>
}

export function createOutbox(): Outbox {
  let tail: Promise<unknown> = Promise.resolve()
  return {
    add(task) {
      const done = tail.then(task)
      tail = done.catch(() => undefined)
      return done
    },
    async idle() {
      let seen: unknown
      while (seen !== tail) {
        seen = tail
        await tail
      }
    },
  }
}

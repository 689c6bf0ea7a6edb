/** How long each phase of a task took. */
export interface Clock {
  time<T>(phase: string, work: () => Promise<T>): Promise<T>
  /** The same for work that does not wait. */
  now<T>(phase: string, work: () => T): T
  add(phase: string, milliseconds: number): void
  /** Milliseconds so far. */
  of(phase: string): number
  seconds(): Record<string, number>
}

export function createClock(): Clock {
  const spent = new Map<string, number>()
  const add = (phase: string, milliseconds: number): void => {
    spent.set(phase, (spent.get(phase) ?? 0) + milliseconds)
  }
  return {
    add,
    of: (phase) => spent.get(phase) ?? 0,
    async time(phase, work) {
      const start = performance.now()
      try {
        return await work()
      } finally {
        add(phase, performance.now() - start)
      }
    },
    now(phase, work) {
      const start = performance.now()
      try {
        return work()
      } finally {
        add(phase, performance.now() - start)
      }
    },
    seconds: () => Object.fromEntries([...spent].map(([phase, ms]) => [phase, ms / 1000])),
  }
}

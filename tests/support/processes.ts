import { readdirSync, readFileSync } from 'node:fs'

/** A process as /proc tells of it. */
export interface Process {
  readonly pid: number
  /** The file name of its program, cut to 15 characters by the system. */
  readonly name: string
}

/** Children, grandchildren and so on of a process. Linux only. */
export function descendantsOf(root: number): Process[] {
  const children = new Map<number, Process[]>()
  for (const { parent, ...one } of processes()) {
    children.set(parent, [...(children.get(parent) ?? []), one])
  }
  const below = (pid: number): Process[] =>
    (children.get(pid) ?? []).flatMap((one) => [one, ...below(one.pid)])
  return below(root)
}

/** False once a process has ended, also while nobody has asked for its exit code. */
export function isAlive(pid: number): boolean {
  return statOf(pid) !== null
}

/** Those of the processes that still run after at most `limitMs`, and how long it took. */
export async function waitUntilGone(
  processes: readonly Process[],
  limitMs: number,
): Promise<{ left: readonly Process[]; tookMs: number }> {
  const started = performance.now()
  for (;;) {
    const left = processes.filter(({ pid }) => isAlive(pid))
    const tookMs = performance.now() - started
    if (left.length === 0 || tookMs > limitMs) return { left, tookMs }
    await new Promise((later) => setTimeout(later, 10))
  }
}

function processes(): (Process & { parent: number })[] {
  return readdirSync('/proc').flatMap((entry) => {
    const stat = /^\d+$/.test(entry) ? statOf(Number(entry)) : null
    return stat === null ? [] : [stat]
  })
}

function statOf(pid: number): (Process & { parent: number }) | null {
  let line: string
  try {
    line = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
  } catch {
    return null
  }
  // The name stands in brackets and may hold brackets itself.
  const end = line.lastIndexOf(')')
  const name = line.slice(line.indexOf('(') + 1, end)
  const [state, parent] = line.slice(end + 2).split(' ')
  return state === 'Z' || state === 'X' ? null : { pid, name, parent: Number(parent) }
}

import { createCutGraph } from './minimumCut.js'

/** A choice of one label per node, and what it costs. */
export interface LabelProblem {
  /** Pairs of neighbouring nodes, two numbers each. */
  readonly pairs: Int32Array
  readonly labels: number
  /** Cost of a label at a node; `FORBIDDEN` or more where it may not be chosen. */
  readonly unary: (node: number, label: number) => number
  /** Cost of two different labels side by side. */
  readonly pairwise: (a: number, b: number, labelA: number, labelB: number) => number
}

export const FORBIDDEN = 1e5

/** Capacities are whole numbers: this many steps to one unit of cost. */
const RESOLUTION = 16

/**
 * Improves a labelling by expansion moves, each the best there is for its label (Boykov, Veksler
 * and Zabih 2001, "Fast Approximate Energy Minimization via Graph Cuts"). Changes `chosen` in place.
 */
export function expandLabels(
  { pairs, labels, unary, pairwise }: LabelProblem,
  chosen: Int32Array,
  rounds: number,
): void {
  const place = new Int32Array(chosen.length)
  for (let round = 0; round < rounds; round++) {
    let changed = false
    for (let label = 0; label < labels; label++) {
      const free: number[] = []
      for (let node = 0; node < chosen.length; node++) {
        place[node] = -1
        if (chosen[node] === label || unary(node, label) >= FORBIDDEN) continue
        place[node] = free.length
        free.push(node)
      }
      if (free.length === 0) continue
      const graph = createCutGraph(free.length, pairs.length / 2)
      free.forEach((node, n) => {
        graph.addTerminal(n, RESOLUTION * (unary(node, label) - unary(node, chosen[node]!)))
      })
      for (let p = 0; p < pairs.length; p += 2) {
        const a = pairs[p]!
        const b = pairs[p + 1]!
        const oldA = chosen[a]!
        const oldB = chosen[b]!
        const i = place[a]!
        const j = place[b]!
        if (i < 0 && j < 0) continue
        const cost = (labelA: number, labelB: number): number =>
          labelA === labelB ? 0 : RESOLUTION * pairwise(a, b, labelA, labelB)
        const stay = cost(oldA, oldB)
        if (i < 0) {
          graph.addTerminal(j, cost(oldA, label) - stay)
          continue
        }
        if (j < 0) {
          graph.addTerminal(i, cost(label, oldB) - stay)
          continue
        }
        // Where the cost is no metric the move is no longer the best, but never harmful enough to matter.
        const onlyA = cost(label, oldB)
        const onlyB = cost(oldA, label)
        graph.addTerminal(i, onlyA - stay)
        graph.addTerminal(j, -onlyA)
        graph.addEdge(i, j, onlyA + onlyB - stay, 0)
      }
      const moved = graph.solve()
      for (let n = 0; n < free.length; n++) {
        if (moved[n] === 0) continue
        chosen[free[n]!] = label
        changed = true
      }
    }
    if (!changed) return
  }
}

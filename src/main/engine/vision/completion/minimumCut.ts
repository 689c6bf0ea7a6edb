/** A graph whose minimum cut is asked for: nodes between a source and a sink. */
export interface CutGraph {
  /** Adds to what it costs to be on the sink's side (positive) or on the source's side (negative). */
  addTerminal(node: number, preference: number): void
  /** Adds what it costs when `a` is on the source's side and `b` on the sink's, and the reverse. */
  addEdge(a: number, b: number, forward: number, backward: number): void
  /** 1 per node on the sink's side. Call once. */
  solve(): Uint8Array
}

const NONE = -1
const TERMINAL = -2
const ORPHAN = -3

/**
 * Minimum cut by augmenting paths on two search trees that are kept between paths (Boykov and
 * Kolmogorov 2004, "An Experimental Comparison of Min-Cut/Max-Flow Algorithms").
 *
 * @param edges how many calls of `addEdge` there is room for
 */
export function createCutGraph(nodes: number, edges: number): CutGraph {
  const first = new Int32Array(nodes).fill(NONE)
  const next = new Int32Array(edges * 2)
  const target = new Int32Array(edges * 2)
  // Whole numbers: with fractions a saturated arc keeps a crumb of capacity and is used for ever.
  const left = new Int32Array(edges * 2)
  const terminal = new Int32Array(nodes)
  let arcs = 0

  // The trees: the arc of each node that leads to its parent, and which tree it is in.
  const parent = new Int32Array(nodes).fill(NONE)
  const inSinkTree = new Uint8Array(nodes)
  const distance = new Int32Array(nodes)
  const stamp = new Int32Array(nodes)
  let time = 0
  const active: number[] = []
  const waiting = new Uint8Array(nodes)
  const orphans: number[] = []

  function activate(node: number): void {
    if (waiting[node] === 1) return
    waiting[node] = 1
    active.push(node)
  }

  /** Grows the tree of a node by its arcs; answers an arc from the source's tree to the sink's. */
  function grow(node: number): number {
    const sink = inSinkTree[node]!
    for (let arc = first[node]!; arc !== NONE; arc = next[arc]!) {
      // In the sink's tree flow runs towards the node.
      if (left[sink === 1 ? arc ^ 1 : arc] === 0) continue
      const other = target[arc]!
      if (parent[other] === NONE) {
        inSinkTree[other] = sink
        parent[other] = arc ^ 1
        stamp[other] = stamp[node]!
        distance[other] = distance[node]! + 1
        activate(other)
      } else if (inSinkTree[other] !== sink) {
        return sink === 1 ? arc ^ 1 : arc
      } else if (stamp[other]! <= stamp[node]! && distance[other]! > distance[node]!) {
        parent[other] = arc ^ 1
        stamp[other] = stamp[node]!
        distance[other] = distance[node]! + 1
      }
    }
    return NONE
  }

  function orphan(node: number): void {
    parent[node] = ORPHAN
    orphans.push(node)
  }

  /** Pushes as much as the path through an arc between the trees bears. */
  function augment(middle: number): void {
    let most = left[middle]!
    const source = rootOf(target[middle ^ 1]!, (arc) => {
      most = Math.min(most, left[arc ^ 1]!)
    })
    const sink = rootOf(target[middle]!, (arc) => {
      most = Math.min(most, left[arc]!)
    })
    most = Math.min(most, terminal[source]!, -terminal[sink]!)
    left[middle] = left[middle]! - most
    left[middle ^ 1] = left[middle ^ 1]! + most
    rootOf(target[middle ^ 1]!, (arc, node) => {
      left[arc] = left[arc]! + most
      left[arc ^ 1] = left[arc ^ 1]! - most
      if (left[arc ^ 1] === 0) orphan(node)
    })
    terminal[source] = terminal[source]! - most
    if (terminal[source] === 0) orphan(source)
    rootOf(target[middle]!, (arc, node) => {
      left[arc ^ 1] = left[arc ^ 1]! + most
      left[arc] = left[arc]! - most
      if (left[arc] === 0) orphan(node)
    })
    terminal[sink] = terminal[sink]! + most
    if (terminal[sink] === 0) orphan(sink)
  }

  /** Walks from a node to the root of its tree. */
  function rootOf(node: number, step: (arc: number, node: number) => void): number {
    let at = node
    for (let arc = parent[at]!; arc !== TERMINAL; arc = parent[at]!) {
      const child = at
      at = target[arc]!
      step(arc, child)
    }
    return at
  }

  /** Steps to the root of a node's tree, or infinity when the way is cut off. */
  function originOf(node: number): number {
    let at = node
    let steps = 0
    for (;;) {
      if (stamp[at] === time) return steps + distance[at]!
      const arc = parent[at]!
      steps++
      if (arc === TERMINAL) {
        stamp[at] = time
        distance[at] = 1
        return steps
      }
      if (arc === ORPHAN || arc === NONE) return Number.POSITIVE_INFINITY
      at = target[arc]!
    }
  }

  /** Finds a new parent for a node that lost its own, or sets it free and orphans its children. */
  function adopt(node: number): void {
    const sink = inSinkTree[node]!
    let best = NONE
    let nearest = Number.POSITIVE_INFINITY
    for (let arc = first[node]!; arc !== NONE; arc = next[arc]!) {
      if (left[sink === 1 ? arc : arc ^ 1] === 0) continue
      const other = target[arc]!
      if (inSinkTree[other] !== sink || parent[other] === NONE) continue
      const steps = originOf(other)
      if (steps === Number.POSITIVE_INFINITY) continue
      if (steps < nearest) {
        nearest = steps
        best = arc
      }
      let mark = steps
      for (let at = other; stamp[at] !== time; at = target[parent[at]!]!) {
        stamp[at] = time
        distance[at] = mark--
      }
    }
    if (best !== NONE) {
      parent[node] = best
      stamp[node] = time
      distance[node] = nearest + 1
      return
    }
    for (let arc = first[node]!; arc !== NONE; arc = next[arc]!) {
      const other = target[arc]!
      const up = parent[other]!
      if (inSinkTree[other] !== sink || up === NONE) continue
      if (left[sink === 1 ? arc : arc ^ 1]! > 0) activate(other)
      if (up >= 0 && target[up] === node) orphan(other)
    }
    parent[node] = NONE
  }

  return {
    addTerminal(node, preference) {
      terminal[node] = terminal[node]! + Math.round(preference)
    },
    addEdge(a, b, forward, backward) {
      for (const [from, to, capacity] of [
        [a, b, forward],
        [b, a, backward],
      ] as const) {
        target[arcs] = to
        left[arcs] = Math.max(0, Math.round(capacity))
        next[arcs] = first[from]!
        first[from] = arcs++
      }
    },
    solve() {
      for (let node = 0; node < nodes; node++) {
        if (terminal[node] === 0) continue
        inSinkTree[node] = terminal[node]! < 0 ? 1 : 0
        parent[node] = TERMINAL
        distance[node] = 1
        activate(node)
      }
      for (let read = 0; read < active.length; read++) {
        const node = active[read]!
        waiting[node] = 0
        while (parent[node] !== NONE) {
          const middle = grow(node)
          time++
          if (middle === NONE) break
          augment(middle)
          for (let lost = orphans.pop(); lost !== undefined; lost = orphans.pop()) adopt(lost)
        }
      }
      return inSinkTree.map((sink, node) => (parent[node] !== NONE && sink === 1 ? 1 : 0))
    },
  }
}

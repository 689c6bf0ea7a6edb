import type { Triple } from './oklab.js'

/** A symmetric 3x3 matrix, or any 3x3 matrix: nine numbers, row by row. */
export type Matrix3 = readonly number[]

const at = (matrix: Matrix3, row: number, column: number): number =>
  matrix[row * 3 + column] as number

export function multiply(a: Matrix3, b: Matrix3): number[] {
  return Array.from({ length: 9 }, (_, n) => {
    const [row, column] = [Math.floor(n / 3), n % 3]
    return [0, 1, 2].reduce((sum, k) => sum + at(a, row, k) * at(b, k, column), 0)
  })
}

/** The matrix times a column of three numbers. */
export function transform(matrix: Matrix3, column: Readonly<Triple>): Triple {
  const row = (n: number): number =>
    at(matrix, n, 0) * column[0] + at(matrix, n, 1) * column[1] + at(matrix, n, 2) * column[2]
  return [row(0), row(1), row(2)]
}

/**
 * Applies a function to the eigenvalues of a symmetric matrix: `Math.sqrt` gives its square root.
 * Jacobi's rotations; a 3x3 matrix needs a few sweeps.
 */
export function mapEigenvalues(matrix: Matrix3, change: (value: number) => number): number[] {
  let diagonal = [...matrix]
  let vectors = [1, 0, 0, 0, 1, 0, 0, 0, 1]
  for (let sweep = 0; sweep < 30; sweep++) {
    const off = at(diagonal, 0, 1) ** 2 + at(diagonal, 0, 2) ** 2 + at(diagonal, 1, 2) ** 2
    if (off < 1e-30) break
    for (const [p, q] of PAIRS) {
      const turn = rotation(diagonal, p, q)
      diagonal = multiply(multiply(transpose(turn), diagonal), turn)
      vectors = multiply(vectors, turn)
    }
  }
  const values = [0, 4, 8].map((n) => change(diagonal[n] as number))
  const scaled = vectors.map((value, n) => value * (values[n % 3] as number))
  return multiply(scaled, transpose(vectors))
}

const PAIRS = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const

/** The rotation of two axes after which their off-diagonal element is 0. */
function rotation(matrix: Matrix3, p: number, q: number): number[] {
  const angle = 0.5 * Math.atan2(2 * at(matrix, p, q), at(matrix, q, q) - at(matrix, p, p))
  const turn = [1, 0, 0, 0, 1, 0, 0, 0, 1]
  turn[p * 3 + p] = Math.cos(angle)
  turn[q * 3 + q] = Math.cos(angle)
  turn[p * 3 + q] = Math.sin(angle)
  turn[q * 3 + p] = -Math.sin(angle)
  return turn
}

function transpose(matrix: Matrix3): number[] {
  return Array.from({ length: 9 }, (_, n) => at(matrix, n % 3, Math.floor(n / 3)))
}

import { mapEigenvalues, multiply } from './symmetric.js'

/** Added to all variances: a spread of 0.003, about a level of 255, is noise and not colour. */
const NOISE = 1e-5

/**
 * The linear Monge-Kantorovich map, S^-1/2 (S^1/2 R S^1/2)^1/2 S^-1/2: gives colours of covariance
 * `source` that of `reference`, moving them as little as possible. Source: Pitié, Kokaram, "The
 * linear Monge-Kantorovitch linear colour mapping for example-based colour transfer", CVMP 2007.
 * Here with noise added to both covariances.
 *
 * @param bounded what becomes of the map's eigenvalues: how much a difference in colour may grow
 */
export function transport(
  source: readonly number[],
  reference: readonly number[],
  bounded: (gain: number) => number,
): number[] {
  const [from, to] = [noisy(source), noisy(reference)]
  const root = mapEigenvalues(from, Math.sqrt)
  const inverse = mapEigenvalues(from, (value) => 1 / Math.sqrt(value))
  const middle = mapEigenvalues(multiply(multiply(root, to), root), Math.sqrt)
  return mapEigenvalues(multiply(multiply(inverse, middle), inverse), bounded)
}

/** The covariance with noise on its diagonal. Rounding may leave a variance just below 0. */
export function noisy(covariance: readonly number[]): number[] {
  const whole = covariance.map((value, n) => (n % 4 === 0 ? value + NOISE : value))
  return mapEigenvalues(whole, (value) => Math.max(NOISE, value))
}

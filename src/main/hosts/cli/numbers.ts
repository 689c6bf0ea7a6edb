import { InvalidArgumentError } from 'commander'
import { KEY_LIMITS } from '../../../shared/style.js'

/** Numbers on the command line: each says what it wants when it gets something else. */
export function degrees(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Math.abs(value) <= 360) return value
  throw new InvalidArgumentError('It must be a number of degrees from -360 to 360.')
}

export function share(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value <= 1) return value
  throw new InvalidArgumentError('It must be a number from 0 to 1.')
}

export function positive(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value
  throw new InvalidArgumentError('It must be a number from 0.')
}

/** A number within limits, both of them allowed. */
export function between(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() !== '' && value >= min && value <= max) return value
    throw new InvalidArgumentError(`It must be a number from ${min} to ${max}.`)
  }
}

export function wholeBetween(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d{1,9}$/.test(text) && value >= min && value <= max) return value
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`)
  }
}

export function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number from 0.')
}

export function keyInterval(text: string): number {
  const { min, max } = KEY_LIMITS.every
  const value = Number(text)
  if (/^\d{1,3}$/.test(text) && value >= min && value <= max) return value
  throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`)
}

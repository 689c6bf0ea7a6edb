import { beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../shared/contract/errors.js'
import { showError, useToasts } from './toasts.js'

const unreadable = (): AppError => new AppError('media-unsupported', 'This cannot be read.')
const abouts = () =>
  useToasts.getState().toasts.map((toast) => (toast.kind === 'error' ? toast.about : null))

describe('messages about errors', () => {
  beforeEach(() => useToasts.setState({ toasts: [] }))

  it('name everything that the same error happened to, in one message', () => {
    showError(unreadable(), 'notes.txt')
    showError(unreadable(), 'fake.mp4')
    showError(unreadable(), 'fake.mp4')
    expect(abouts()).toEqual([['notes.txt', 'fake.mp4']])
  })

  it('are one each for different errors', () => {
    showError(unreadable(), 'notes.txt')
    showError(new AppError('media-unsupported', 'The file is empty.'), 'empty.mp4')
    showError(unreadable())
    expect(abouts()).toEqual([['notes.txt'], ['empty.mp4']])
  })
})

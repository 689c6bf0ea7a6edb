import { beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../shared/contract/errors.js'
import { dismissNotes, showError, showNote, useToasts } from './toasts.js'

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

  it('stay when much went well after them', () => {
    showError(unreadable(), 'notes.txt')
    for (const name of ['a', 'b', 'c', 'd', 'e']) showNote('imported', { name })
    const { toasts } = useToasts.getState()
    expect(toasts).toHaveLength(4)
    expect(toasts[0]).toMatchObject({ kind: 'error', about: ['notes.txt'] })
    expect(toasts.at(-1)).toMatchObject({ values: { name: 'e' } })
  })
  it('outlive the project that the good news beside them was about', () => {
    showNote('imported', { name: 'balloon.mp4' })
    showError(unreadable(), 'notes.txt')
    dismissNotes()
    expect(abouts()).toEqual([['notes.txt']])
  })
})

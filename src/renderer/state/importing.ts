import { create } from 'zustand'
import { bridge } from '../bridge/index.js'
import { fileName } from '../panels/jobText.js'
import { useApp } from './app.js'
import { useJobs } from './jobs.js'
import { showError } from './toasts.js'

/** Files on their way to the host, before their import job exists. Empty in Electron, where a path is enough. */
export interface Upload {
  readonly id: number
  readonly name: string
  /** 0..1 */
  readonly share: number
}

export const useUploads = create<{ readonly uploads: readonly Upload[] }>()(() => ({ uploads: [] }))

let nextUpload = 1

/** Imports files dropped on the window or chosen in the browser, one after the other. */
export async function importFiles(files: readonly File[]): Promise<void> {
  for (const file of files) {
    const path = await hostPath(file)
    if (path !== null) await importPath(path, file.name)
  }
}

/** Asks for media files, by the system's dialog where the host has one. */
export async function importChosen(): Promise<void> {
  if (useApp.getState().info?.nativeDialogs === true) {
    try {
      const { path } = await bridge.call('host.pick', { what: 'media' })
      if (path !== null) await importPath(path)
    } catch (thrown) {
      showError(thrown)
    }
    return
  }
  await importFiles(await chooseFiles('video/*,image/*,.mkv,.mov,.avi,.mts,.m2ts', true))
}

/** A mask picture as a path that core can read; null when nothing was chosen. */
export async function choosePng(): Promise<string | null> {
  if (useApp.getState().info?.nativeDialogs === true) {
    return (await bridge.call('host.pick', { what: 'maskPng' })).path
  }
  const [file] = await chooseFiles('image/png', false)
  return file === undefined ? null : hostPath(file)
}

/** A reference picture as a path that core can read; null when nothing was chosen. */
export async function choosePicture(): Promise<string | null> {
  if (useApp.getState().info?.nativeDialogs === true) {
    return (await bridge.call('host.pick', { what: 'media' })).path
  }
  const [file] = await chooseFiles('image/*', false)
  return file === undefined ? null : hostPath(file)
}

async function importPath(path: string, name?: string): Promise<void> {
  await useJobs
    .getState()
    .start(
      { kind: 'import', input: { path, place: true, ...(name === undefined ? {} : { name }) } },
      name ?? fileName(path),
    )
}

/** A file of the page as a path that core can read, uploaded where it must be; null when that failed. */
export async function hostPath(file: File): Promise<string | null> {
  const id = nextUpload++
  const show = (share: number): void =>
    useUploads.setState(({ uploads }) => ({
      uploads: [...uploads.filter((upload) => upload.id !== id), { id, name: file.name, share }],
    }))
  show(0)
  try {
    return await bridge.pathForFile(file, show)
  } catch (thrown) {
    showError(thrown, file.name)
    return null
  } finally {
    useUploads.setState(({ uploads }) => ({
      uploads: uploads.filter((upload) => upload.id !== id),
    }))
  }
}

/** The browser's own file dialog. Must be called from a click or key press. */
function chooseFiles(accept: string, multiple: boolean): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.accept = accept
    input.multiple = multiple
    input.onchange = () => resolve([...(input.files ?? [])])
    input.oncancel = () => resolve([])
    input.click()
  })
}

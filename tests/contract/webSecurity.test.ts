import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Reply } from '../../src/shared/contract/api.js'
import type { Core } from '../../src/main/core/core.js'
import { startWebHost } from '../../src/main/hosts/web.js'
import type { WebHost } from '../../src/main/hosts/web.js'
import { privateFolder, signIn, testCore } from './transports.js'
import type { WebSession } from './transports.js'

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

describe('the web host under attack', () => {
  let folder: string
  let renderer: string
  let project: string
  let core: Core
  let host: WebHost
  let session: WebSession

  beforeAll(async () => {
    folder = await privateFolder()
    renderer = join(folder, 'renderer')
    project = join(folder, 'project')
    await mkdir(join(renderer, 'assets'), { recursive: true })
    await writeFile(join(renderer, 'index.html'), '<title>the app</title>')
    await writeFile(join(renderer, 'assets', 'app-1a2b.js'), 'run()')
    await writeFile(join(folder, 'secret.txt'), 'TOP SECRET')
    core = testCore(join(folder, 'data'))
    host = await startWebHost({ core, renderer, data: join(folder, 'data'), port: 0 })
    session = await signIn(host.freshUrl())
    await core.call('project.create', { folder: project, name: 'victim' })
    await writeFile(join(project, 'media', 'clip.bin'), '0123456789')
  })
  afterAll(async () => {
    await host.close()
    await core.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** Sends exactly this path and these headers: fetch would tidy both up. */
  function send(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders = {},
    body: string | Buffer = '',
  ): Promise<Answer> {
    return new Promise((done, fail) => {
      const sent = request(
        { host: '127.0.0.1', port: host.port, method, path, headers },
        (answer) => {
          const parts: Buffer[] = []
          answer.on('data', (part: Buffer) => parts.push(part))
          answer.on('end', () => {
            const { statusCode: status = 0, headers: got } = answer
            done({ status, headers: got, text: Buffer.concat(parts).toString() })
          })
        },
      )
      sent.on('error', fail)
      sent.end(body)
    })
  }
  const own = (more: OutgoingHttpHeaders = {}): OutgoingHttpHeaders => ({
    cookie: session.cookie,
    origin: session.base,
    ...more,
  })
  const json = { 'content-type': 'application/json' }

  describe('signing in', () => {
    it('exchanges a token once for a cookie that scripts and other sites cannot use', async () => {
      const path = new URL(host.freshUrl())
      const first = await send('GET', path.pathname + path.search)
      expect(first.status).toBe(303)
      expect(first.headers.location).toBe('/')
      expect(first.headers['set-cookie']?.[0]).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/)
      const again = await send('GET', path.pathname + path.search)
      expect(again.status).toBe(403)
      expect(again.headers['set-cookie']).toBeUndefined()
    })

    it('refuses a wrong token, a wrong cookie and no cookie, on every path', async () => {
      expect((await send('GET', '/?token=wrong')).status).toBe(403)
      expect((await send('GET', '/?token=')).status).toBe(403)
      const name = session.cookie.split('=')[0] ?? ''
      for (const cookie of ['', `${name}=wrong`, 'other=1', `${name}=`]) {
        for (const path of ['/', '/assets/app-1a2b.js', '/media/media/clip.bin', '/events']) {
          expect((await send('GET', path, { cookie })).status, `${path} ${cookie}`).toBe(403)
        }
        const call = await send(
          'POST',
          '/api/app.info',
          { ...json, origin: session.base, cookie },
          '{}',
        )
        expect(call.status).toBe(403)
        const upload = await send('PUT', '/upload?name=a', { origin: session.base, cookie }, 'x')
        expect(upload.status).toBe(403)
      }
    })

    it('lets a signed-in browser come back with a used address, and reload', async () => {
      expect((await send('GET', '/?token=used', own())).status).toBe(303)
      expect((await send('GET', '/', own())).text).toContain('the app')
    })
  })

  describe('foreign senders', () => {
    it('refuses another host name, as DNS rebinding would send', async () => {
      for (const name of [
        'evil.example',
        `evil.example:${host.port}`,
        '127.0.0.1',
        '127.0.0.1:1',
        '[::1]',
      ]) {
        expect((await send('GET', '/', own({ host: name }))).status, name).toBe(403)
      }
    })

    it('refuses another origin, and a change without one', async () => {
      const { port } = host
      const origins = [
        'http://evil.example',
        'null',
        `http://127.0.0.1:${port + 1}`,
        `https://127.0.0.1:${port}`,
      ]
      for (const origin of origins) {
        const answer = await send('POST', '/api/app.info', own({ ...json, origin }), '{}')
        expect(answer.status, origin).toBe(403)
        expect((await send('GET', '/media/media/clip.bin', own({ origin }))).status).toBe(403)
      }
      const bare = await send('POST', '/api/app.info', { ...json, cookie: session.cookie }, '{}')
      expect(bare.status).toBe(403)
    })

    it('refuses pages on other ports of this computer, which share its cookies', async () => {
      const headers = { cookie: session.cookie, 'sec-fetch-mode': 'no-cors' }
      for (const site of ['same-site', 'cross-site']) {
        const path = '/media/media/clip.bin'
        expect((await send('GET', path, { ...headers, 'sec-fetch-site': site })).status).toBe(403)
      }
    })

    it('refuses them on the event socket as well', async () => {
      const address = `ws://127.0.0.1:${host.port}/events`
      const open = (headers: Record<string, string>, url = address): Promise<string> =>
        new Promise((done) => {
          const socket = new WebSocket(url, { headers })
          socket.on('open', () => {
            socket.terminate()
            done('open')
          })
          socket.on('unexpected-response', (_request, answer) => {
            done(String(answer.statusCode))
          })
          socket.on('error', () => undefined)
        })
      const { cookie, base: origin } = session
      expect(await open({ cookie, origin })).toBe('open')
      expect(await open({ cookie, origin: 'http://evil.example' })).toBe('403')
      expect(await open({ cookie })).toBe('403')
      expect(await open({ origin })).toBe('403')
      expect(await open({ cookie, origin, host: 'evil.example' })).toBe('403')
      expect(await open({ cookie, origin }, address.replace('/events', '/other'))).toBe('404')
    })

    it('listens on 127.0.0.1 alone', async () => {
      const outside = Object.values(networkInterfaces())
        .flat()
        .find((one) => one !== undefined && one.family === 'IPv4' && !one.internal)
      if (outside === undefined) return
      const refused = await new Promise((done) => {
        const socket = connect(host.port, outside.address)
        socket.on('connect', () => {
          socket.destroy()
          done(false)
        })
        socket.on('error', () => done(true))
      })
      expect(refused).toBe(true)
    })
  })

  describe('paths', () => {
    const escapes = [
      '../secret.txt',
      '../../secret.txt',
      '..%2fsecret.txt',
      '%2e%2e/secret.txt',
      '%2e%2e%2fsecret.txt',
      '%252e%252e%252fsecret.txt',
      '..%5csecret.txt',
      '..\\secret.txt',
      'media/../../secret.txt',
      'media/..%2f..%2fsecret.txt',
      'assets/%2e%2e/%2e%2e/secret.txt',
      'media/clip.bin%00.txt',
      '%00',
      '/etc/passwd',
      '%2fetc%2fpasswd',
      '//etc/passwd',
      'C:%5cWindows%5cwin.ini',
      'C:/Windows/win.ini',
      'file:///etc/passwd',
      '%',
      '%zz',
      '.',
      '',
    ]

    it.each(escapes)(
      'serves nothing for %j, neither as media nor as a file of the app',
      async (path) => {
        for (const prefix of ['/media/', '/', '/assets/']) {
          if (prefix === '/' && path === '') continue
          const answer = await send('GET', prefix + path, own())
          expect([400, 403, 404], prefix + path).toContain(answer.status)
          expect(answer.text).not.toContain('TOP SECRET')
          expect(answer.text).not.toContain('root:')
        }
      },
    )

    it('serves no absolute path of the disk', async () => {
      const absolute = join(folder, 'secret.txt')
      for (const path of [absolute, encodeURIComponent(absolute)]) {
        const answer = await send('GET', `/media/${path}`, own())
        expect([400, 403, 404]).toContain(answer.status)
      }
    })

    it('follows no link out of the project, nor lists a folder', async () => {
      await symlink(join(folder, 'secret.txt'), join(project, 'media', 'link.txt'))
      await symlink(folder, join(project, 'media', 'up'))
      for (const path of ['media/link.txt', 'media/up/secret.txt']) {
        expect((await send('GET', `/media/${path}`, own())).status, path).toBe(403)
      }
      for (const path of ['media', 'media/', 'cache']) {
        expect((await send('GET', `/media/${path}`, own())).status, path).not.toBe(200)
      }
      expect((await send('GET', '/assets', own())).status).toBe(404)
    })

    it('takes no other method', async () => {
      for (const method of ['DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PUT']) {
        expect((await send(method, '/media/media/clip.bin', own())).status, method).toBe(404)
      }
      expect((await send('GET', '/api/app.info', own())).status).not.toBe(200)
    })
  })

  describe('requests', () => {
    it('answers an unknown method and a wrong input without a status of its own', async () => {
      const unknown = await send('POST', '/api/no.such', own(json), '{}')
      expect(JSON.parse(unknown.text)).toMatchObject({
        ok: false,
        error: { code: 'unknown-method' },
      })
      const wrong = await send('POST', '/api/host.reveal', own(json), '{"path":""}')
      expect(JSON.parse(wrong.text)).toMatchObject({
        ok: false,
        error: { code: 'invalid-request' },
      })
    })

    it('takes JSON only, which a form of another page cannot send', async () => {
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data',
      ]) {
        const answer = await send('POST', '/api/app.info', own({ 'content-type': type }), '{}')
        expect(answer.status, type).toBe(400)
      }
      expect((await send('POST', '/api/app.info', own(json), '{"a":')).status).toBe(400)
      expect((await send('POST', '/api/app.info', own(json), '')).status).toBe(400)
    })

    it('refuses more than 4 MB, announced or not', async () => {
      const large = Buffer.alloc(5 * 2 ** 20, 0x20)
      const announced = await send('POST', '/api/app.info', own(json), large)
      expect(announced.status).toBe(413)
      expect(JSON.parse(announced.text)).toMatchObject({ error: { code: 'request-too-large' } })
      const chunked = await send(
        'POST',
        '/api/app.info',
        own({ ...json, 'transfer-encoding': 'chunked' }),
        large,
      )
      expect(chunked.status).toBe(413)
      expect((await send('POST', '/api/app.info', own(json), '{}')).status).toBe(200)
    })

    it('is not confused by a hostile project file', async () => {
      const hostile = join(folder, 'hostile')
      await mkdir(hostile)
      const write = (text: string): Promise<void> => writeFile(join(hostile, 'project.json'), text)
      const open = async (): Promise<unknown> => {
        const body = JSON.stringify({ folder: hostile })
        const reply = JSON.parse(
          (await send('POST', '/api/project.open', own(json), body)).text,
        ) as Reply<unknown>
        return reply.ok ? 'opened' : reply.error.code
      }
      const good = JSON.parse((await send('GET', '/media/project.json', own())).text) as {
        records?: object
        doc?: { records: object }
      }
      const asset = {
        id: 'asset_aaaaaaaaaaaa',
        type: 'asset',
        name: 'evil',
        path: '../secret.txt',
        bytes: 10,
        info: {
          kind: 'video',
          width: 16,
          height: 16,
          fps: { num: 25, den: 1 },
          frames: 10,
          videoCodec: 'h264',
          pixelFormat: 'yuv420p',
          colour: { matrix: 'bt709', range: 'tv' },
          audio: null,
          notes: [],
        },
      }
      const records = good.doc?.records ?? good.records
      if (records === undefined) throw new Error('The project file has no records to attack.')
      Object.assign(records, { [asset.id]: asset })
      for (const text of [
        JSON.stringify(good),
        JSON.stringify(good).replace('../secret.txt', '/etc/passwd'),
        JSON.stringify(good).replace('../secret.txt', 'media\\\\..\\\\..\\\\secret.txt'),
        '{"__proto__":{"polluted":true}}',
        '[]',
        'null',
        '',
        '\u0000'.repeat(64),
        '['.repeat(100_000),
      ]) {
        await write(text)
        expect(await open(), text.slice(0, 60)).toBe('project-invalid')
        expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
      }
      // With a harmless path the same file opens: it was the path that was refused.
      await write(JSON.stringify(good).replace('../secret.txt', 'media/clip.bin'))
      expect(await open()).toBe('opened')
      await core.call('project.open', { folder: project })
    })

    it('opens no project whose folders are links to elsewhere', async () => {
      const linked = join(folder, 'linked')
      await core.call('project.create', { folder: linked, name: 'linked' })
      await core.call('project.open', { folder: project })
      await rm(join(linked, 'media'), { recursive: true })
      await symlink(folder, join(linked, 'media'))
      const reply = await core.call('project.open', { folder: linked })
      expect(reply).toMatchObject({ ok: false, error: { code: 'project-invalid' } })
    })
  })

  describe('uploads', () => {
    const uploads = async (): Promise<string[]> => {
      const found = await readdir(join(folder, 'data', 'temporary'), {
        recursive: true,
        withFileTypes: true,
      })
      return found.filter((one) => one.isFile()).map((one) => one.name)
    }

    it('stores a file under its own name in a private folder', async () => {
      const name = encodeURIComponent('Città 東京 🎬.mp4')
      const answer = await send('PUT', `/upload?name=${name}`, own(), 'film')
      const reply = JSON.parse(answer.text) as Reply<{ path: string }>
      if (!reply.ok) throw new Error(reply.error.message)
      expect(relative(join(folder, 'data', 'temporary'), reply.data.path)).toMatch(
        /^uploads-.*Città 東京 🎬\.mp4$/,
      )
    })

    it.each(['../up.txt', '..', '.', '', ' ', 'a/b', 'a\\b', '/etc/cron.d/x', 'a\0b', 'a\nb'])(
      'refuses the name %j',
      async (name) => {
        const before = await uploads()
        const answer = await send('PUT', `/upload?name=${encodeURIComponent(name)}`, own(), 'x')
        expect(answer.status).toBe(400)
        expect(await uploads()).toEqual(before)
      },
    )

    it('refuses one without a name, and decodes a name once only', async () => {
      expect((await send('PUT', '/upload', own(), 'x')).status).toBe(400)
      const twice = await send('PUT', '/upload?name=%252e%252e%252fx', own(), 'x')
      expect((JSON.parse(twice.text) as { data: { path: string } }).data.path).toMatch(
        /%2e%2e%2fx$/,
      )
    })

    it('shortens a name that no disk would take and keeps its extension', async () => {
      const answer = await send(
        'PUT',
        `/upload?name=${encodeURIComponent('映'.repeat(200))}.mp4`,
        own(),
        'x',
      )
      const { path } = (JSON.parse(answer.text) as { data: { path: string } }).data
      expect(path).toMatch(/映\.mp4$/)
    })

    it('refuses a file larger than the disk before reading it', async () => {
      const answer = await new Promise<string>((done, fail) => {
        const socket = connect(host.port, '127.0.0.1', () => {
          const head = [
            'PUT /upload?name=huge.mp4 HTTP/1.1',
            `Host: 127.0.0.1:${host.port}`,
            `Origin: ${session.base}`,
            `Cookie: ${session.cookie}`,
            `Content-Length: ${2 ** 52}`,
          ]
          socket.write(`${head.join('\r\n')}\r\n\r\n`)
        })
        socket.once('data', (part) => {
          done(part.toString())
          socket.destroy()
        })
        socket.on('error', fail)
      })
      expect(answer).toMatch(/^HTTP\/1\.1 507 /)
    })

    it('keeps nothing of an upload that breaks off', async () => {
      const before = await uploads()
      await new Promise<void>((done) => {
        const headers = own({ 'content-length': 1000 })
        const sent = request({
          port: host.port,
          host: '127.0.0.1',
          method: 'PUT',
          path: '/upload?name=half.mp4',
          headers,
        })
        sent.on('error', () => done())
        sent.write('half')
        setTimeout(() => sent.destroy(), 100)
      })
      await expect.poll(uploads).toEqual(before)
    })
  })

  it('sends its security headers with everything, refusals included', async () => {
    for (const answer of [await send('GET', '/', own()), await send('GET', '/')]) {
      const policy = answer.headers['content-security-policy'] as string
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toContain('unsafe')
      expect(answer.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
      })
    }
  })

  it('answers conditional requests', async () => {
    const path = '/media/media/clip.bin'
    const { headers } = await send('GET', path, own())
    const { etag, 'last-modified': modified } = headers
    expect((await send('GET', path, own({ 'if-none-match': etag }))).status).toBe(304)
    expect((await send('GET', path, own({ 'if-modified-since': modified }))).status).toBe(304)
    const range = { range: 'bytes=0-1' }
    expect((await send('GET', path, own({ ...range, 'if-range': etag }))).text).toBe('01')
    expect((await send('GET', path, own({ ...range, 'if-range': '"old"' }))).text).toBe(
      '0123456789',
    )
    const head = await send('HEAD', path, own())
    expect(head).toMatchObject({ status: 200, text: '' })
    expect(head.headers['content-length']).toBe('10')
  })
})

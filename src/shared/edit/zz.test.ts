import { it } from 'vitest'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { encode } from 'fast-png'
import { parsePrompt } from './parse.js'
import { toEditOperation } from './resolve.js'
import { planGrade } from '../grade/plan.js'
import { gradeFrame } from '../grade/frame.js'
const M='/work/shared/media/'
const CLIPS = JSON.parse(process.env['CLIPS'] ?? '[]') as [string, number][]
const PROMPTS = JSON.parse(process.env['PROMPTS'] ?? '[]') as string[]
const W=Number(process.env['W'] ?? 320), H=Math.round(W*9/16)
it('sheet', () => {
  const cols = PROMPTS.length+1
  const sheet = new Uint8Array(W*cols*H*CLIPS.length*3)
  CLIPS.forEach(([clip, at], row) => {
    const raw = execFileSync('/work/wt/words/node_modules/@ffmpeg-installer/linux-x64/ffmpeg', ['-v','error','-i',M+clip,'-vf',`select=eq(n\\,${at}),scale=${W}:${H}`,'-frames:v','1','-f','rawvideo','-pix_fmt','rgb24','-'],{maxBuffer:1e9})
    const data = new Uint8Array(raw)
    ;['', ...PROMPTS].forEach((p, col) => {
      const ops = parsePrompt(p).operations.flatMap((o) => toEditOperation(o,{from:0,to:100,fps:{num:25,den:1}}) ?? [])
      const out = new Uint8Array(W*H*4)
      const grade = planGrade(ops)(99)
      if (grade) gradeFrame({data,channels:3,width:W,height:H,frame:99,seed:1,scale:1,mask:null},grade,out)
      for (let y=0;y<H;y++) for (let x=0;x<W;x++) for (let c=0;c<3;c++) {
        const a = grade ? out[(y*W+x)*4+3]!/255 : 0
        sheet[((row*H+y)*W*cols+col*W+x)*3+c] = Math.round((a? out[(y*W+x)*4+c]! : data[(y*W+x)*3+c]!))
      }
    })
  })
  writeFileSync('/tmp/words-sheet.png', encode({width:W*cols,height:H*CLIPS.length,data:sheet,channels:3}))
})

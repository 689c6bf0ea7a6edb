import { connectParent } from './parent.js'
import { serve } from './serve.js'
import { watchParent } from './watchParent.js'

watchParent()
serve(connectParent())

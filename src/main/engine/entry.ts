import { connectParent } from './parent.js'
import { serve } from './serve.js'

serve(connectParent())

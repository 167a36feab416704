import { main } from './harness.mjs'
import './test_doc.mjs'
import './test_room.mjs'

await main()

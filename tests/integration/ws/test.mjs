import { main } from './harness.mjs'
import './test_doc.mjs'
import './test_join.mjs'
import './test_rights.mjs'
import './test_large.mjs'
import './test_metrics.mjs'
import './test_room.mjs'
import './test_hostile.mjs'
import './test_owners.mjs'
import './test_machines.mjs'
import './kills.mjs'

await main()

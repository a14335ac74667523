import { runAutocannon } from './autocannon.js';
import { type LoadRequest, type LoadResult } from './load.js';
import { hasWrk, runWrk } from './wrk.js';

/** The load generator of this machine. */
export const generator: 'wrk' | 'autocannon' = hasWrk ? 'wrk' : 'autocannon';

/** One burst of load. */
export const load: (request: LoadRequest) => Promise<LoadResult> = hasWrk ? runWrk : runAutocannon;

import { answerParent } from '../measure/child-protocol.js';

// Loaded before a built service, which knows nothing of the bench.
answerParent(process.env['PORT'] ?? '0');

import autocannon from 'autocannon';
import { type LoadRequest, type LoadResult } from './load.js';

const request = await new Promise<LoadRequest>((resolve) =>
  process.once('message', (message) => resolve(message as LoadRequest)),
);
const result = await autocannon({
  url: request.url,
  connections: request.connections,
  duration: request.seconds,
  requests: (request.tokens.length > 0 ? request.tokens : [undefined]).map((token) => ({
    method: request.post ? 'POST' : 'GET',
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(request.post && { 'content-type': request.post.contentType }),
    },
    ...(request.post && { body: request.post.body }),
  })),
});
const answer: LoadResult = {
  requests: result.requests.total,
  seconds: result.duration,
  failures: result.non2xx + result.errors + result.timeouts,
  p50: result.latency.p50,
  p99: result.latency.p99,
};
process.send?.(answer, () => process.exit(0));

import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { answerParent } from '../measure/child-protocol.js';

const body = JSON.stringify({ things: ['one', 'two'] });
const server = createServer((_request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(body);
});
server.listen(0, '127.0.0.1', () => answerParent((server.address() as AddressInfo).port));

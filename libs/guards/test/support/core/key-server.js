import { createServer } from 'node:http';
/**
 * A loopback HTTP server that publishes a key set at `/jwks` and, never going wrong, at `/elsewhere`, and other
 * documents as it is told.
 */
export class KeyServer {
    server;
    keys;
    /** Requests so far, by path. */
    requests = [];
    /** What the key set answers in place of the keys. */
    fault;
    /** More documents, by path. */
    documents = new Map();
    constructor(server, keys) {
        this.server = server;
        this.keys = keys;
    }
    static async start(keys = []) {
        const server = createServer();
        const keyServer = new KeyServer(server, keys);
        server.on('request', (request, response) => keyServer.answer(request, response));
        await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
        return keyServer;
    }
    get origin() {
        return `http://127.0.0.1:${this.server.address().port}`;
    }
    get issuer() {
        return `${this.origin}/`;
    }
    get jwksUri() {
        return `${this.origin}/jwks`;
    }
    /** How often the keys were asked for. */
    get fetches() {
        return this.requests.filter((path) => path === '/jwks').length;
    }
    async stop() {
        this.server.closeAllConnections();
        await new Promise((resolve) => this.server.close(resolve));
    }
    answer(request, response) {
        const path = request.url ?? '';
        this.requests.push(path);
        response.on('error', () => undefined);
        const document = this.documents.get(path);
        if (document)
            return document(request, response);
        if (path !== '/jwks' && path !== '/elsewhere')
            return void response.writeHead(404).end();
        if (this.fault && path === '/jwks')
            return this.fault(request, response);
        json({ keys: this.keys })(request, response);
    }
}
/** Answers with this value as JSON. */
export function json(value) {
    return (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
/** Ways in which a key set goes wrong. */
export const faults = {
    'status 500': (_request, response) => void response.writeHead(500).end('{}'),
    'status 404': (_request, response) => void response.writeHead(404).end('{}'),
    'status 204': (_request, response) => void response.writeHead(204).end(),
    'a hung connection': () => undefined,
    'a body that drips': (_request, response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write(' '), 20).unref();
        response.on('close', () => clearInterval(timer));
    },
    'a truncated body': (_request, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"keys":[');
        setTimeout(() => response.destroy(), 10).unref();
    },
    'a connection that is reset': (request) => void request.socket.destroy(),
    'an empty set': json({ keys: [] }),
    'no keys member': json({ jwks: [] }),
    'keys that are no list': json({ keys: { kid: 'a' } }),
    'a set of strange keys only': json({ keys: [{ kty: 'oct', k: 'AAAA' }, null, 7, 'key', []] }),
    HTML: (_request, response) => void response.writeHead(200).end('<!doctype html><title>Maintenance</title>'),
    'an empty body': (_request, response) => void response.writeHead(200).end(),
    'a list': json([]),
    'bytes that are not UTF-8': (_request, response) => void response.writeHead(200).end(Buffer.from([0x7b, 0xff, 0x7d])),
    'a huge body': (_request, response) => {
        response.writeHead(200);
        const chunk = Buffer.alloc(65_536, ' ');
        const pump = () => {
            while (!response.destroyed && response.write(chunk))
                ;
            if (!response.destroyed)
                response.once('drain', pump);
        };
        pump();
    },
    'a redirect': (_request, response) => void response.writeHead(302, { location: '/elsewhere' }).end(),
    'too many keys': json({
        keys: Array.from({ length: 101 }, (_, index) => ({ kty: 'RSA', kid: `${index}` })),
    }),
};

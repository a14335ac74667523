import { constants, generateKeyPairSync, sign } from 'node:crypto';
/** A key pair that signs tokens, well-formed ones and others. */
export class Signer {
    alg;
    kid;
    privateKey;
    publicJwk;
    privateJwk;
    constructor(alg, kid, privateKey, publicKey) {
        this.alg = alg;
        this.kid = kid;
        this.privateKey = privateKey;
        this.publicJwk = { ...publicKey.export({ format: 'jwk' }), ...(kid === undefined ? {} : { kid }) };
        this.privateJwk = { ...privateKey.export({ format: 'jwk' }), ...(kid === undefined ? {} : { kid }) };
    }
    static create(alg, kid, modulusLength = 2048) {
        const { privateKey, publicKey } = keyPair(alg, modulusLength);
        return new Signer(alg, kid, privateKey, publicKey);
    }
    /** A token with these claims; the header is `alg`, `kid` and `typ` JWT where nothing else is said. */
    token(claims, header = {}) {
        const whole = {
            alg: this.alg,
            typ: 'JWT',
            ...(this.kid === undefined ? {} : { kid: this.kid }),
            ...header,
        };
        return this.tokenOf(JSON.stringify(whole), JSON.stringify(claims));
    }
    /** A token of these two texts, whatever they are. */
    tokenOf(header, claims) {
        const input = `${segment(header)}.${segment(claims)}`;
        return `${input}.${this.signature(input)}`;
    }
    /** The signature over an input, base64url. */
    signature(input) {
        return sign(hashOf(this.alg), Buffer.from(input), this.signInput()).toString('base64url');
    }
    signInput() {
        const key = this.privateKey;
        if (this.alg.startsWith('PS')) {
            return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
        }
        return this.alg.startsWith('ES') ? { key, dsaEncoding: 'ieee-p1363' } : key;
    }
}
export function segment(text) {
    return Buffer.from(text).toString('base64url');
}
function hashOf(alg) {
    return alg === 'EdDSA' ? undefined : `sha${alg.slice(2)}`;
}
function keyPair(alg, modulusLength) {
    switch (alg) {
        case 'ES256':
            return generateKeyPairSync('ec', { namedCurve: 'P-256' });
        case 'ES384':
            return generateKeyPairSync('ec', { namedCurve: 'P-384' });
        case 'ES512':
            return generateKeyPairSync('ec', { namedCurve: 'P-521' });
        case 'EdDSA':
            return generateKeyPairSync('ed25519');
        default:
            return generateKeyPairSync('rsa', { modulusLength });
    }
}

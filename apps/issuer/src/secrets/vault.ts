import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** Why a sealed value cannot be opened. */
export class VaultError extends Error {
  override readonly name = 'VaultError';

  /** @param code `key_unknown` or `value_unreadable` */
  constructor(
    readonly code: 'key_unknown' | 'value_unreadable',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const scheme = 'A256GCM';
const ivLength = 12;
const tagLength = 16;

interface VaultKey {
  readonly id: string;
  readonly secret: Buffer;
}

/**
 * Keeps signing keys and secrets of Actions encrypted in the store (AES-256-GCM). A value is bound to its row, so that it
 * cannot be moved to another one.
 *
 * @example
 * ```ts
 * const vault = new Vault([key, formerKey]);
 * vault.open(vault.seal('{"kty":"RSA"}', kid), kid);
 * ```
 */
export class Vault {
  readonly #keys: readonly VaultKey[];

  /** @param keys 32 bytes each; the first one seals, all of them open. Without any, values are kept as they are. */
  constructor(keys: readonly Buffer[]) {
    this.#keys = keys.map((secret) => ({
      id: createHash('sha256').update('countersign vault\0').update(secret).digest('base64url').slice(0, 12),
      secret,
    }));
  }

  /** @param row what identifies the row that holds the value */
  seal(value: string, row: string): string {
    const [key] = this.#keys;
    if (!key) return value;
    const iv = randomBytes(ivLength);
    const cipher = createCipheriv('aes-256-gcm', key.secret, iv).setAAD(Buffer.from(row));
    const sealed = Buffer.concat([iv, cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${scheme}.${key.id}.${sealed.toString('base64url')}`;
  }

  /**
   * Answers what {@link seal} was given; a value that was never sealed, as it is.
   *
   * @throws {@link VaultError}
   */
  open(value: string, row: string): string {
    const [prefix, id, text] = value.split('.');
    if (prefix !== scheme || text === undefined) return value;
    const key = this.#keys.find((each) => each.id === id);
    if (!key) {
      const message = `a value in the store is sealed with the key ${id}, which is not among ISSUER_KEY_ENCRYPTION_KEY.`;
      throw new VaultError('key_unknown', message);
    }
    const sealed = Buffer.from(text, 'base64url');
    try {
      const iv = sealed.subarray(0, ivLength);
      const decipher = createDecipheriv('aes-256-gcm', key.secret, iv, { authTagLength: tagLength })
        .setAAD(Buffer.from(row))
        .setAuthTag(sealed.subarray(-tagLength));
      return (
        decipher.update(sealed.subarray(ivLength, -tagLength), undefined, 'utf8') + decipher.final('utf8')
      );
    } catch (error) {
      throw new VaultError('value_unreadable', 'a sealed value in the store was changed.', { cause: error });
    }
  }

  /** Whether a value is as {@link seal} would keep it today: sealed with the first key, or plain where there is none. */
  isCurrent(value: string): boolean {
    const [prefix, id] = value.split('.');
    const [key] = this.#keys;
    return key ? prefix === scheme && id === key.id : prefix !== scheme;
  }
}

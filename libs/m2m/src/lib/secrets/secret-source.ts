/**
 * Where a secret comes from: its text, a file that is read again when it changes, or a function that is asked before
 * each token request (a vault's client, say).
 */
export type SecretSource = string | { readonly file: string } | (() => string | Promise<string>);

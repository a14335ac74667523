import { spawnSync } from 'node:child_process';

/**
 * Where the sources of a workspace are: git's remote `origin`, as npm writes it, without a user name or a password. npm
 * compares it with the provenance of what is published.
 *
 * @returns {string | undefined} nothing where there is no such remote, or it is a folder
 */
export function sourceRepository(root) {
  const { status, stdout } = spawnSync('git', ['remote', 'get-url', 'origin'], {
    cwd: root,
    encoding: 'utf8',
  });
  return status === 0 ? publicUrl(stdout.trim()) : undefined;
}

function publicUrl(remote) {
  const [, host, path] =
    /^(?:https?|ssh|git):\/\/(?:[^/]*@)?([^@/:]+)(?::\d+)?\/(.+?)(?:\.git)?\/?$/.exec(remote) ??
    /^[^/]+@([^@/:]+):(.+?)(?:\.git)?\/?$/.exec(remote) ??
    [];
  return host && path ? `git+https://${host}/${path}.git` : undefined;
}

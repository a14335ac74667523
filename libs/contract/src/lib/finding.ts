/** What is wrong, as a name that does not change between versions. */
export type FindingCode =
  | 'file_unreadable'
  | 'file_too_large'
  | 'json_malformed'
  | 'member_duplicate'
  | 'schema_invalid'
  | 'service_reserved'
  | 'service_duplicate'
  | 'audience_duplicate'
  | 'audience_missing'
  | 'port_duplicate'
  | 'service_unknown'
  | 'service_not_callable'
  | 'self_call'
  | 'call_not_allowed'
  | 'scope_unknown'
  | 'scope_prefix_repeated'
  | 'permission_unused';

/** Something that a check has to say about one place in one contract file. */
export interface Finding {
  code: FindingCode;
  /** An `error` stops the boot and fails the check; a `warning` is only shown. */
  severity: 'error' | 'warning';
  file: string;
  /** Where in the file, as an RFC 6901 JSON pointer; empty for the whole document. */
  pointer: string;
  /** What is wrong and what to do about it. */
  message: string;
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Orders findings by file, place and code, whatever the locale. */
export const compareFindings = (a: Finding, b: Finding): number =>
  compareText(a.file, b.file) ||
  compareText(a.pointer, b.pointer) ||
  compareText(a.code, b.code) ||
  compareText(a.message, b.message);

/** One line per finding: `file#pointer code message`. */
export const formatFinding = ({ file, pointer, code, message }: Finding): string =>
  `${file}#${pointer} ${code} ${message}`;

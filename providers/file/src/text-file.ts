import { defineProvider, parameter, ProviderFailure, type HostBoundary } from '@latchkey/core';
import { createPlaces } from './places';
import { pythonStrip } from './python-strip';
import { readFile } from './read-file';

/** What the operator and the host say about the files that may be read. */
export interface TextFileOptions {
  /** The only folders that may be read from; without them every place that is not protected. */
  readonly roots?: readonly string[] | undefined;
  readonly boundary?: Pick<HostBoundary, 'paths'>;
  readonly maxBytes?: number;
}

const decode = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ProviderFailure('malformed', 'The file "{path}" is not UTF-8 text; "raw" gives its bytes.');
  }
};

/** Makes the provider that reads files; a file outside of what is allowed answers as an absent one does. */
export function textFile({ roots, boundary, maxBytes = 65_536 }: TextFileOptions = {}) {
  const mayRead = createPlaces({ roots, protectedPaths: boundary?.paths ?? [] });
  return defineProvider({
    slug: 'text-file',
    name: 'Text File',
    className: 'TextFileSecretsProvider',
    parameters: {
      path: parameter.text('Absolute filesystem path to the file', { slot: 'path', example: '/run/secrets/snmp.txt' }),
      raw: parameter.flag('Give the bytes as they are; otherwise text, without surrounding whitespace'),
    },
    notFound: 'File "{path}" not found!',
    async fetch({ parameters: { path, raw }, signal, confirm }) {
      const bytes = await readFile(path, { mayRead, maxBytes, signal, confirm: (real) => confirm({ path: real }) });
      return bytes === undefined || raw ? bytes : pythonStrip(decode(bytes));
    },
  });
}

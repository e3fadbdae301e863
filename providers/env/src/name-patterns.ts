import { ProviderFailure, type Logger } from '@latchkey/core';

/** Whether a name equals one of the patterns; `PREFIX*` stands for every name that starts so. */
export function matchesName(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
}

/** Reads the setting `names`: names and `PREFIX*` patterns, separated by commas or spaces. A misspelt one is refused. */
export function namePatterns(setting: string, logger: Logger): readonly string[] {
  const patterns = setting.split(/[\s,]+/).filter((pattern) => pattern !== '');
  const wrong = patterns.find((pattern) => !/^(?:\*|[A-Za-z_][A-Za-z0-9_]*\*?)$/.test(pattern));
  if (wrong === undefined) return patterns;
  const message = `names: "${wrong}" is neither a variable name nor a PREFIX* pattern.`;
  logger.error(message);
  throw new ProviderFailure('misconfigured', message);
}

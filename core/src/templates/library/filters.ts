import type { Value } from '../python/values';
import { listFilters } from './list-filters';
import { numberFilters } from './number-filters';
import type { Routine } from './signature';
import { textFilters } from './text-filters';

/** Every filter but `default`, which looks at whether its operand is there: pure, and bounded before it makes anything. */
export const filters: ReadonlyMap<string, Routine<Value, Value | undefined>> = new Map<
  string,
  Routine<Value, Value | undefined>
>([...textFilters, ...numberFilters, ...listFilters]);

/**
 * The door for plugins that add to the host itself: types with tables, collections, routes, jobs, what is told of
 * changes. A plugin contributes a {@link HostExtension} to {@link hostExtensions}; docs/reference/extend.md shows one.
 */
export {
  hostExtensions,
  type Authenticator,
  type HostAccess,
  type HostExtension,
  type KeptRows,
  type OpenExtension,
} from './extension/contract';
export type { PluginCall, PluginCommand, PluginFailure, PluginReport } from './extension/command';
export type { Job } from './extension/jobs';
export { suffixes as filterSuffixes } from './collections/filter-suffixes';
export { defineCollection, type Collection, type OpenCollection, type Surroundings } from './collections/collection';
export type { FilterParameter } from './collections/filter-suffixes';
export { listAs, listParameters, type ListParameters } from './collections/listing';
export type { ListContext } from './collections/read-filters';
export { systemPrincipal, type Action, type Principal } from './domain/access';
export type { ToldRead } from './domain/audit';
export type { Change, ChangeListener, Origin } from './domain/changes';
export { byPlace } from './domain/by-place';
export { customFieldsOf, type CustomField, type CustomFieldKind } from './domain/custom-fields';
export {
  describeType,
  standardFields,
  type AnyRow,
  type Field,
  type FieldKind,
  type NewRowOf,
  type Relation,
  type RowOf,
  type Sealing,
  type TypeDescriptor,
} from './domain/descriptor';
export { Conflict, Forbidden, InvalidInput, InvalidRows, NotFound, type FieldFaults } from './domain/failures';
export { objectType, type InventoryObject } from './domain/inventory';
export type { PluginMigration } from './domain/plugin-migration';
export type { Filter, ListQuery, Page, Rows, Scope, Transaction } from './domain/ports';
export type { Types } from './domain/types';
export type { ApiDialect } from './http/dialects';
export type { Answer, ApiRequest, Content, Handler, Method, Route } from './http/route';
export { csvText, unguarded as unguardedCell } from './http/rest/csv-cells';
export { readCsvTable, tellingLines, type CsvTable } from './http/rest/csv-table';
export { CsvText } from './http/wire/read-body';
export { Refusal, type RefusalKind } from './http/wire/refusal';
export type { Decision, DecisionRequest } from './permissions/policy';
export { judge, type ExplainingPolicy } from './permissions/related';
export type { OwnFields } from './writes/candidate';
export type { BatchWrites, Writes } from './writes/create-writes';
export type { Changes, Together } from './writes/together';
export type { Guard, GuardedChange } from './writes/guard';

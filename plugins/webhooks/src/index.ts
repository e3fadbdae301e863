import { definePlugin } from '@latchkey/core';
import { hostExtensions } from '@latchkey/host/extend';
import { createExtension } from './extension';
import { readSettings } from './settings';

/** Tells other systems of changes: signed, at least once, from an outbox that is filled in the transaction of the change. */
export default definePlugin({
  register(context) {
    context.contribute(hostExtensions, createExtension(readSettings(context.config)));
  },
});

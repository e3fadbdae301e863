import type { Logger } from '@latchkey/core';
import { createKernel, type Kernel } from '@latchkey/core/kernel';
import { collections } from './collections/collections';
import type { HostConfig } from './config';
import { hostExtensions } from './extension/contract';
import { joinExtensions, type Extensions } from './extension/extensions';
import { boundaryOf } from './plugin-boundary';

/** The kernel with the plugins that the configuration names; nothing is loaded yet. */
export function openKernel(config: HostConfig, logger: Logger): Kernel {
  return createKernel({
    root: config.root,
    plugins: [...config.plugins.enabled, ...config.plugins.folders.map((folder) => ({ folder }))],
    discover: true,
    config: config.plugins.config,
    allowFailure: config.plugins.allowFailure,
    boundary: boundaryOf(config),
    logger,
  });
}

/** What the plugins of a started kernel add to the host. */
export function extensionsOf(kernel: Pick<Kernel, 'contributions'>): Extensions {
  const contributed = kernel.contributions(hostExtensions).map(({ value }) => value);
  return joinExtensions(contributed, Object.values(collections));
}

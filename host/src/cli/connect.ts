import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import type { HostConfig } from '../config';
import { answers, socketPath } from '../http/local-socket';
import { socketClient, type Client } from './client';
import { CommandError } from './exit-codes';
import { late } from './late';

/** A way to a host, which must be closed. */
export interface Connection {
  readonly client: Client;
  close(): Promise<void>;
}

/** Tells a person something beside the answer. */
export interface Notes {
  note(text: string): void;
  /** Shows on a terminal that something is going on; the function that it gives takes that away again. */
  progress(text: string): () => void;
}

/** Reaches the host that runs on the data folder, or opens one in this process for the time of the command. */
export async function connect(config: HostConfig, notes: Notes): Promise<Connection> {
  const socket = socketPath(config.dataDir);
  refuseForeign(socket);
  if (await answers(socket)) return { client: socketClient(socket), close: async () => {} };
  return openOwn(config, notes);
}

// A path that is too long for a socket is replaced by one among the temporary files, where others may write.
function refuseForeign(socket: string): void {
  const owner = statSync(socket, { throwIfNoEntry: false })?.uid;
  const self = process.getuid?.();
  if (owner === undefined || self === undefined || self === 0 || owner === self) return;
  throw new CommandError('refused', `The socket ${socket} belongs to another user.`, 'Run the command as that user.');
}

async function openOwn(config: HostConfig, { note, progress }: Notes): Promise<Connection> {
  const done = progress(`No host runs on ${config.dataDir}; opening one for this command ...`);
  const folder = mkdtempSync(path.join(tmpdir(), 'latchkey-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const end = tidyAtEnd(remove);
  try {
    const host = await late.compose().createHost(config).finally(done);
    const close = async () => {
      await host.close();
      end.forget();
      remove();
    };
    const { firstSuperuser } = host;
    if (firstSuperuser?.generatedToken !== undefined) {
      note(`First use of ${config.dataDir}: the superuser "${firstSuperuser.name}" was made.`);
      note(`Its token is shown now and never again:\n\n    ${firstSuperuser.generatedToken.reveal()}\n`);
    }
    const file = path.join(folder, 'host.sock');
    await host.listenLocally(file).catch(async (error: unknown) => {
      await close();
      throw error;
    });
    return { client: socketClient(file), close };
  } catch (error) {
    end.forget();
    remove();
    throw error;
  }
}

/** Lets a signal end the process in such a way that `tidy` is done, as it is at any other end. */
function tidyAtEnd(tidy: () => void): { forget(): void } {
  process.once('exit', tidy);
  const handlers = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => {
    const end = () => process.exit(128 + constants.signals[signal]);
    process.once(signal, end);
    return () => void process.off(signal, end);
  });
  return {
    forget() {
      process.off('exit', tidy);
      for (const off of handlers) off();
    },
  };
}

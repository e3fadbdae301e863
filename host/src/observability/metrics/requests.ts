import { Counter, Histogram, type Registry } from 'prom-client';
import type { Answered } from '../request-log';

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']);
const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counts the requests, by the pattern of their address and never by the address. */
export function countRequests(registry: Registry): (answered: Answered) => void {
  const registers = [registry];
  const total = new Counter({
    name: 'latchkey_http_requests_total',
    help: 'Requests that were answered.',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const duration = new Histogram({
    name: 'latchkey_http_request_duration_seconds',
    help: 'How long requests took.',
    labelNames: ['method', 'route'],
    buckets: seconds,
    registers,
  });
  return ({ method: given, route = 'none', status, milliseconds }) => {
    const method = methods.has(given) ? given : 'other';
    total.inc({ method, route, status });
    duration.observe({ method, route }, milliseconds / 1000);
  };
}

/** Counters of this process in Prometheus' text format, read by GET /api/metrics. Labels are route patterns, never addresses. */

const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10]; // seconds

interface Histogram {
  buckets: number[];
  sum: number;
  count: number;
}

const requests = new Map<string, number>();
const latencies = new Map<string, Histogram>();
const gauges = new Map<string, { help: string; read: () => number }>();

const escaped = (value: string): string => value.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`));

export function countRequest(method: string, route: string, status: number, ms: number): void {
  const labels = `method="${escaped(method)}",route="${escaped(route)}"`;
  const id = `${labels},status="${status}"`;
  requests.set(id, (requests.get(id) ?? 0) + 1);
  let histogram = latencies.get(labels);
  if (!histogram) {
    histogram = { buckets: bounds.map(() => 0), sum: 0, count: 0 };
    latencies.set(labels, histogram);
  }
  const seconds = ms / 1000;
  histogram.sum += seconds;
  histogram.count += 1;
  bounds.forEach((bound, i) => {
    if (seconds <= bound) histogram.buckets[i] = (histogram.buckets[i] ?? 0) + 1;
  });
}

/** A number read when somebody looks, such as how many browsers listen: `gauge('atrium_live_listeners', '…', () => n)`. */
export const gauge = (name: string, help: string, read: () => number): void => {
  gauges.set(name, { help, read });
};

export function metricsText(): string {
  const lines = ['# HELP atrium_requests_total Answers given.', '# TYPE atrium_requests_total counter'];
  for (const [labels, count] of requests) lines.push(`atrium_requests_total{${labels}} ${count}`);
  lines.push('# HELP atrium_request_seconds Time to the answer.', '# TYPE atrium_request_seconds histogram');
  for (const [labels, { buckets, sum, count }] of latencies) {
    bounds.forEach((bound, i) =>
      lines.push(`atrium_request_seconds_bucket{${labels},le="${bound}"} ${buckets[i]}`),
    );
    lines.push(`atrium_request_seconds_bucket{${labels},le="+Inf"} ${count}`);
    lines.push(
      `atrium_request_seconds_sum{${labels}} ${sum}`,
      `atrium_request_seconds_count{${labels}} ${count}`,
    );
  }
  for (const [name, { help, read }] of gauges) {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${read()}`);
  }
  return `${lines.join('\n')}\n`;
}

gauge('process_resident_memory_bytes', 'Memory in use.', () => process.memoryUsage().rss);
gauge('nodejs_heap_used_bytes', 'Heap in use.', () => process.memoryUsage().heapUsed);
gauge('process_uptime_seconds', 'Since the start.', () => process.uptime());

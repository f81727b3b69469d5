import { expect, test } from 'vitest';
import { countRequest, gauge, metricsText } from '#platform/metrics.ts';

test('answers are counted by route and status, with how long they took', () => {
  countRequest('GET', '/schedule', 200, 12);
  countRequest('GET', '/schedule', 200, 300);
  countRequest('POST', '/api/"odd"', 500, 12_000);
  const text = metricsText();
  expect(text).toContain('atrium_requests_total{method="GET",route="/schedule",status="200"} 2');
  expect(text).toContain('atrium_request_seconds_bucket{method="GET",route="/schedule",le="0.025"} 1');
  expect(text).toContain('atrium_request_seconds_bucket{method="GET",route="/schedule",le="+Inf"} 2');
  expect(text).toContain('atrium_request_seconds_sum{method="GET",route="/schedule"} 0.312');
  expect(text).toContain('route="/api/\\"odd\\"",status="500"} 1');
});

test('what somebody else counts is read when it is asked for', () => {
  let listeners = 0;
  gauge('atrium_test_listeners', 'Browsers that listen.', () => listeners);
  listeners = 7;
  expect(metricsText()).toContain('# TYPE atrium_test_listeners gauge\natrium_test_listeners 7');
  expect(metricsText()).toMatch(/process_resident_memory_bytes \d+/);
});

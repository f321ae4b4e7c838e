// @godaddy/terminus: its own health check, which turns at the signal; with "delay" also the wait that its README has for Kubernetes.
import { createTerminus } from '@godaddy/terminus';
import { createShop, delay, port } from './shop.js';

const server = createShop();
const options = { signal: 'SIGTERM', healthChecks: { '/health/ready': async () => 'Healthy' } };
if (process.argv[2] === 'delay') {
  options.beforeShutdown = () => new Promise(resolve => setTimeout(resolve, delay));
  // Time for what is in flight.
  options.timeout = 10_000;
}
createTerminus(server, options);
server.listen(port, '127.0.0.1');
